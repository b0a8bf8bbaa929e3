"""The front page."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone

from blog.queries.front_page import front_page
from blog.views.base import ReadOnlyView

A_DAY = timedelta(days=1)  # the page then says how old its news is


class HomeView(ReadOnlyView):
    template_name = "blog/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = request.GET.get("page", "")
        if number == "1":
            return HttpResponsePermanentRedirect(request.path)
        if "page" in request.GET:
            raise Http404(f"no page {number!r}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        front, now = front_page(), timezone.now()
        newest = max((post.published_at for post in [*front.top, *front.river] if post.published_at), default=now)
        return super().get_context_data(
            today=timezone.localdate(now),
            changed_at=newest if now - newest >= A_DAY else None,
            lead=front.top[:1],
            seconds=front.top[1:],
            river=front.river,
            sections=[(section, posts[0], posts[1:]) for section, posts in front.sections],
            **kwargs,
        )

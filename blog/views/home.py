"""The front page."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone

from blog.delivery.freshness import shows
from blog.models import FrontPick, Post
from blog.queries.front.front_page import front_page
from blog.times import next_midnight
from blog.views.base import ReadOnlyView

A_DAY = timedelta(days=1)  # the page then says how old its news is


class HomeView(ReadOnlyView):
    template_name = "blog/home.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = request.GET.get("page", "")
        if number == "1":
            redirect = HttpResponsePermanentRedirect(request.path)
            shows(redirect)
            return redirect
        if "page" in request.GET:
            raise Http404(f"no page {number!r}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        front, now = front_page(), timezone.now()
        newest = max((post.published_at for post in [*front.top, *front.river] if post.published_at), default=now)
        return super().get_context_data(
            today=timezone.localdate(now),
            changed_at=newest if now - newest >= A_DAY else None,
            aged_at=newest + A_DAY,
            lead=front.top[:1],
            seconds=front.top[1:],
            river=front.river,
            sections=[(section, posts[0], posts[1:]) for section, posts in front.sections],
            **kwargs,
        )

    def tell(self, response: HttpResponse, context: dict[str, Any]) -> None:
        stories = [*context["lead"], *context["seconds"], *context["river"]]
        stories += [post for _, lead, others in context["sections"] for post in (lead, *others)]
        keys = [f"post:{post.pk}" for post in stories]
        keys += [f"thread:{post.thread_id}" for post in stories if post.thread_id]  # the page folds each thread
        shows(response, "menus", "names", "lists", "front", *keys, until=next_midnight())
        aged_at = None if context["changed_at"] else context["aged_at"]
        for ends in filter(None, (Post.objects.next_due(), FrontPick.objects.next_end(), aged_at)):
            shows(response, until=ends)

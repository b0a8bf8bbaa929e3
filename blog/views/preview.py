"""Previews of unpublished articles and pending versions, for people with a link."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from blog.editing import permissions
from blog.editing.preview import page_of_version
from blog.models import PreviewLink
from blog.views.base import ReadOnlyView


class PreviewView(ReadOnlyView):
    """Shows the article of a preview link.

    Answers 404 to an unknown, expired or revoked link, if its maker has lost the right to see the article, and if the
    text can no longer be rendered.
    """

    template_name = "blog/preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        link = PreviewLink.objects.find(kwargs["token"])
        if link is None or not permissions.may_open(link):
            raise Http404("no such preview")
        try:
            page = page_of_version(link.post)
        except ValidationError as error:  # the desk tells editors why
            raise Http404("no page can be made of this text") from error
        return super().get_context_data(link=link, **page)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["Referrer-Policy"] = "no-referrer"  # the address itself is the key
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

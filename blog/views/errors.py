"""What readers see when something is wrong."""

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseServerError,
)
from django.shortcuts import render
from django.template.loader import render_to_string

from blog.queries.post_list import all_posts

LATEST = 5


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that helps on: search, sections, the latest articles."""
    return render(request, "404.html", {"latest": all_posts().newest(LATEST)}, status=404)


# These three are rendered without request, so without context processors: none of them may need the database,
# and a request whose host is refused cannot be asked anything.


def _page(template: str) -> str:
    return render_to_string(template, {"site_name": settings.SITE_NAME})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(_page("400.html"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseForbidden(_page("403.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError(_page("500.html"))

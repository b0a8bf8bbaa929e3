"""The pages that readers see after an error."""

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
    """Offers search, the sections and the latest articles."""
    return render(request, "404.html", {"latest": all_posts().newest(LATEST)}, status=404)


# These three are rendered without the request, so without context processors: they must not need the database, and
# a request whose host is refused raises an error at almost every question.


def _page(template: str) -> str:
    return render_to_string(template, {"site_name": settings.SITE_NAME})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(_page("400.html"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseForbidden(_page("403.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError(_page("500.html"))

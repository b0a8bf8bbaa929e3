"""What readers see when something is wrong."""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseServerError,
)
from django.shortcuts import render
from django.template.loader import render_to_string

from blog.models import Post

LATEST = 5


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that helps on: search, sections, the latest articles."""
    return render(request, "404.html", {"latest": Post.objects.published().for_list()[:LATEST]}, status=404)


# These three are rendered without request, so without context processors: none of them may need the database,
# and a request whose host is refused cannot be asked anything.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(render_to_string("400.html"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseForbidden(render_to_string("403.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError(render_to_string("500.html"))

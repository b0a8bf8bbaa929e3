"""The pages that readers see after an error."""

import sys

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
from django.urls import reverse

from blog.database import has_no_room, is_unavailable
from blog.delivery.bodies import is_disk_full, no_room
from blog.delivery.outages import StoreAway, unavailable
from blog.queries.post_list import all_posts

LATEST = 5


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Offers search, the sections and the latest articles, and an editor the way back to the desk."""
    latest = all_posts().newest(LATEST)
    context = {"latest": latest, "is_of_desk": request.path_info.startswith(reverse("admin:index"))}
    return render(request, "404.html", context, status=404)


# These are rendered without the request, so without context processors: they must not need the database, and a request
# whose host is refused raises an error at almost every question.


def _page(template: str) -> str:
    return render_to_string(template, {"site_name": settings.SITE_NAME})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(_page("400.html"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseForbidden(_page("403.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answers 503 where the error says that the database or the object store is away, 507 where the disk is full.

    Django calls this while it handles the error.
    """
    error = sys.exception()
    if is_disk_full(error) or (has_no_room(error) and request.method == "POST"):
        return no_room(request)
    if is_unavailable(error) or isinstance(error, StoreAway):
        return unavailable(request)
    return HttpResponseServerError(_page("500.html"))

"""Redirects other spellings of an address, and all addresses that a page once had, to the page in one step.

Only requests that would be answered with 404 cost a query.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve

from blog.delivery.outages import is_database_away, unavailable
from blog.redirects.finding import find_redirect


class RedirectMiddleware:
    """Answers what has no page with the redirect that `find_redirect` finds, before the page of a 404 is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            resolve(request.path_info)
        except Resolver404:  # Django asks no `process_exception` about a path without a route
            return _redirect(request) or self.get_response(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Http404):
            return None
        # Pictures are sent while the database is away; where there is none, the ledger cannot be asked.
        return unavailable(request) if is_database_away() else _redirect(request)


def _redirect(request: HttpRequest) -> HttpResponse | None:
    if request.method not in ("GET", "HEAD"):
        return None
    url = find_redirect(request.path_info, request.META.get("QUERY_STRING", ""))
    return HttpResponsePermanentRedirect(url) if url else None

"""Redirects other spellings of an address, and all addresses that a page once had, to the page in one step.

It looks only once a request has found nothing.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from blog.delivery.freshness import shows
from blog.models import Post
from blog.redirects.finding import find_redirect


class RedirectMiddleware:
    """Answers a 404 with the redirect that `find_redirect` finds. Only a middleware sees paths without a route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or request.resolver_match is not None:
            return response
        return _redirect(request) or response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Comes before the page for what is not there, which a redirect would throw away."""
        return _redirect(request) if isinstance(exception, Http404) else None


def _redirect(request: HttpRequest) -> HttpResponse | None:
    if request.method not in ("GET", "HEAD"):
        return None
    url = find_redirect(request.path_info, request.META.get("QUERY_STRING", ""))
    if not url:
        return None
    redirect = HttpResponsePermanentRedirect(url)
    if not url.startswith(reverse("admin:index")):
        shows(redirect, "lists", "paths", until=Post.objects.next_due())
    return redirect

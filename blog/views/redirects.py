"""Redirects other spellings of an address, and all addresses that a page once had, to the page in one step.

It looks only after a request found nothing, and never redirects to an address that would not answer 200.
"""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, QueryDict
from django.urls import resolve, reverse

from blog.addresses import OLD_PATHS, spellings
from blog.delivery.freshness import shows
from blog.models import Category, Permalink, Post

MAX_LENGTH = 1024  # characters; twice as many as the ledger holds
MAX_HOPS = 5
OLD_LIST = re.compile(r"/page([1-9][0-9]{0,5})/")
OLD_SECTION = re.compile(r"/category/([^/]+)/")


class RedirectMiddleware:
    """Turns a 404 into the redirect that `find_redirect` finds. Only a middleware sees paths without a route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or request.method not in ("GET", "HEAD"):
            return response
        url = find_redirect(request)
        if not url:
            return response
        redirect = HttpResponsePermanentRedirect(url)
        if not url.startswith(reverse("admin:index")):
            shows(redirect, "lists", "paths", until=Post.objects.next_due())
        return redirect


def find_redirect(request: HttpRequest) -> str | None:
    """Returns the URL that answers for the request's path, with its query, or None.

    `reverse()` makes the URL, so it is encoded and on this site whatever the path contained.
    """
    asked = request.path_info
    # No page has a control character in its address, and PostgreSQL takes no NUL.
    if len(asked) > MAX_LENGTH or not asked.isprintable():
        return None
    for path in _destinations(list(spellings(asked))):
        if path != asked and (url := _answer(request, path)):
            return url
    return None


def _destinations(paths: list[str]) -> list[str]:
    """Returns where the ledger or an old form leads, or else the other spellings themselves."""
    if (path := _follow_ledger(paths)) is not None:
        return [path]
    if (path := _old_form(*paths[-2:])) is not None:
        return [path]
    return paths


def _follow_ledger(paths: list[str]) -> str | None:
    """Returns where the first of these paths in the ledger leads in the end; None if there is none or it is hidden."""
    end = None
    for _ in range(MAX_HOPS):
        rows = Permalink.objects.in_bulk(paths, field_name="path")
        row = next((rows[path] for path in paths if path in rows), None)
        if row is None:
            return end
        if row.post_id:
            post = Post.objects.published().filter(pk=row.post_id).only("slug", "url_date").first()
            return post.path if post else None
        end = row.target
        paths = [end]
    return None


def _old_form(folder: str, file: str) -> str | None:
    """Returns where an address of the old site leads; `folder` is the path with a final slash, `file` without."""
    if match := OLD_LIST.fullmatch(folder):
        return f"/?page={match[1]}"
    for path in (folder, file):
        if path in OLD_PATHS:
            return OLD_PATHS[path]
    if match := OLD_SECTION.fullmatch(folder):
        section = Category.objects.filter(name__iexact=match[1]).only("slug").first()
        return f"/category/{section.slug}/" if section else None
    return None


def _answer(request: HttpRequest, path: str) -> str | None:
    """Returns the URL of the path, or that of its own redirect, if it answers. The view is called but not rendered."""
    path, _, own_query = path.partition("?")
    query = "&".join(part for part in (own_query, request.META.get("QUERY_STRING", "")) if part)
    try:
        match = resolve(path)
        captured = match.captured_kwargs  # type: ignore[attr-defined]  # documented, and unknown to the stubs
        if match.app_name != "blog":  # the desk itself checks permissions
            return reverse(match.view_name, kwargs=captured) if match.url_name else None
        # A new request, so that the answer depends on nothing but the address.
        probe = HttpRequest()
        probe.method, probe.path, probe.path_info, probe.GET = "HEAD", path, path, QueryDict(query)
        probe.META = {
            name: request.META[name] for name in ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT") if name in request.META
        }
        response = match.func(probe, *match.args, **match.kwargs)
    except Http404:  # of the resolver or of the view
        return None
    if response.status_code == HTTPStatus.MOVED_PERMANENTLY:  # from `?page=1`, say; for the reader it stays one step
        return str(response["Location"])
    url = reverse(match.view_name, kwargs=captured)
    return (f"{url}?{query}" if query else url) if response.status_code == HTTPStatus.OK else None

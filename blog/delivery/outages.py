"""Answers 503 while the database or the object store is away."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from blog.delivery import generation

BUSY = "429.html"  # the file that a proxy shows to a client that asks too often
PAGE = "503.html"  # also the file that a proxy shows where this process is away
RETRY_AFTER = "60"  # seconds
NEEDS_NO_DATABASE = ("blog:favicon", "blog:manifest", "blog:media", "blog:opensearch")
TOO_MANY = "短い時間に同じ操作が続いたため、少しのあいだお受けできません。1分ほど待ってから、もう一度お試しください。"
SENT = "サーバーの一部が止まっているため、保存できていないおそれがあります。しばらくしてから、もう一度お試しください。"


class StoreAway(ConnectionError):
    """The object store does not answer, or refuses. It is not raised for other connections."""


def is_database_away() -> bool:
    """Whether the thread that looks for changes finds no database. A query would wait for seconds in vain."""
    return generation.present.is_database_away


def page(*, was_sent: bool = False) -> str:
    """Renders the page without a query. With `was_sent` it warns that a form may not have been saved."""
    return render_to_string(PAGE, {"site_name": settings.SITE_NAME, "was_sent": was_sent})


def busy_page() -> str:
    return render_to_string("too_many_requests.html", {"site_name": settings.SITE_NAME, "reason": TOO_MANY})


def unavailable(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"}
    if not request.accepts("text/html"):
        return JsonResponse({"error": SENT}, status=503, headers=headers)
    return HttpResponse(page(was_sent=request.method not in ("GET", "HEAD")), status=503, headers=headers)


class OutageMiddleware:
    """Answers 503 at once while the database is known to be away, also to unknown addresses, which may be redirects.

    Otherwise each request would wait ten seconds for a connection, and together they would hold all threads, so that
    stored pages could not be sent either.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_database_away() and _view_name(request.path_info) not in NEEDS_NO_DATABASE:
            return unavailable(request)
        return self.get_response(request)


def _view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""

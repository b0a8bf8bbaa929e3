"""Limits requests: their text is UTF-8, and their bodies state their length and are no longer than the desk needs, or
than a form without files if nobody is logged in.
"""

import errno
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PARAMETER = re.compile(r";(?!\s*boundary\s*=)[^;]*", re.IGNORECASE)  # of Content-Type, but what parts a form
PAGE = "413.html"  # the file that a proxy shows when it refuses a body itself
# Django splits a percent-encoded body at every `%`, which takes eighty times its size in memory. So long bodies must
# be multipart/form-data, as the desk sends them.
LONGEST_ENCODED = 2**18
# What a proxy takes whole before the site hears of it; the rest it passes on as it arrives (deploy/nginx.conf).
BUFFERED = 2**20
DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TOO_LONG = (
    "送信されたデータが大きすぎるため、受け取りませんでした。"
    "一度に送信できるのは{limit}まで、画像は1枚{picture}までです。"
)
NO_LENGTH = "送信されたデータの長さが示されていないため、受け取りませんでした。"
NO_ROOM = "サーバーのディスクがいっぱいのため、保存できませんでした。管理者に知らせてください。"
# In another tab and before the way back, which would lead to the login and lose the form.
NO_LOGIN = "ログインしていないため、送信されたデータを受け取りませんでした。別のタブでログインし直してください。"
SEND_LESS = "何も保存していません。前の画面に戻り、内容を減らしてから、もう一度送信してください。"
SEND_LATER = "前の画面に戻ると、入力した内容が残っています。ディスクに空きができてから、もう一度送信してください。"
SEND_AGAIN = "ログインしてから前の画面に戻ると、入力した内容が残っています。もう一度送信してください。"


def in_utf8(application: Application) -> Application:
    """Wraps a WSGI application that gets Content-Type without its parameters, save the boundary of a form.

    Django decodes the query and the body by the charset that a request names, any codec of Python, also where the name
    is spelt as RFC 2231 has it (`charset*=utf-8''hex`). For one that is no encoding of text, such as `hex`, it raises
    LookupError before the first middleware, and no page says so.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if content_type := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = PARAMETER.sub("", content_type)
        return application(environ, start_response)

    return answer


class BodyLimitMiddleware:
    """Refuses a body that is too long before anything reads it.

    It must stand before all middleware that reads bodies, such as the CSRF check: Django writes uploads to disk until
    a view looks at their size. The server closes the connection if a body stays unread.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return refusal(request, HTTPStatus.LENGTH_REQUIRED, NO_LENGTH)
        limit = _longest() if request.content_type == "multipart/form-data" else LONGEST_ENCODED
        if _length(request) > limit:
            return refusal(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_long(limit))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """Takes no long body from a stranger: each takes several times its size in memory while a form is read."""
        if _length(request) <= LONGEST_ENCODED or request.user.is_authenticated:
            return None
        if _length(request) <= BUFFERED:
            with suppress(UnreadablePostError):  # the client is gone
                request.read()  # a proxy may hear no answer before it has sent all
        return refusal(request, HTTPStatus.FORBIDDEN, NO_LOGIN, SEND_AGAIN)


def too_long_page() -> str:
    """The page that a proxy shows when it refuses a body that is too long."""
    return _page(_too_long(_longest()), SEND_LESS)


def _longest() -> int:
    longest: int = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    return longest


def _too_long(limit: int) -> str:
    return TOO_LONG.format(limit=_size(limit), picture=_size(settings.PICTURE_MAX_BYTES))


def _length(request: HttpRequest) -> int:
    """Returns the stated length. Raises BadRequest if it is not a number, which Django would take for 0."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit() and len(length) <= 20):
        raise BadRequest(f"Content-Length is {length[:40]!r}")
    return int(length)


def _size(limit: int) -> str:
    return f"{limit // 2**20}MB" if limit >= 2**20 else f"{limit // 2**10}KB"


def is_disk_full(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in DISK_IS_FULL


def no_room(request: HttpRequest) -> HttpResponse:
    """The answer to a request that failed because the disk is full."""
    return refusal(request, HTTPStatus.INSUFFICIENT_STORAGE, NO_ROOM, SEND_LATER)


def refusal(request: HttpRequest, status: HTTPStatus, reason: str, advice: str = SEND_LESS) -> HttpResponse:
    """Answers a browser with a page, and the scripts of the desk with JSON, whose `error` they show to the editor."""
    if not request.accepts("text/html"):
        return JsonResponse({"error": reason}, status=status)
    return HttpResponse(_page(reason, advice), status=status)


def _page(reason: str, advice: str) -> str:
    context = {"site_name": settings.SITE_NAME, "reason": reason, "advice": advice}
    return render_to_string("body_refused.html", context)

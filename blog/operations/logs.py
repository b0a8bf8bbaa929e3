"""The log: formatters and filters, which remove secrets, and the id of each request in it."""

import json
import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="")

# Whoever reads such an address can use it: links to previews, and links that set a new password. With more slashes, or
# dots between them, an address does not work, but is easily corrected.
_SLASHES = r"/(?:\.{0,2}/){0,9}"
_SECRET_PATHS = re.compile(rf"(/preview{_SLASHES}|reset{_SLASHES}[^/\s]+{_SLASHES})[^/\s'\"]+")
# Up to the last @ of the word, since a password that nobody encoded may have one, or a slash; in a bounded number of
# steps, for a line of the log may hold what a stranger sent.
_CREDENTIALS = re.compile(r"(\b[a-z][a-z0-9+]{0,30}://[^:/\s]{0,300}:)\S{1,500}@")

_GIVEN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


def without_secrets(text: str) -> str:
    """Returns the text without the keys of private addresses, and without passwords in URLs."""
    return _CREDENTIALS.sub(r"\1***@", _SECRET_PATHS.sub(r"\1***", text))


class LineFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class JsonFormatter(LineFormatter):
    """One line of JSON for each record. What a caller adds as `extra` stays out: a request among it has cookies."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if identifier := getattr(record, "request_id", ""):
            line["request_id"] = identifier
        if record.exc_info:
            line["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class RequestIdFilter(logging.Filter):
    """Gives each record the id of the request that it was made in, if there is one."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class ClientErrorFilter(logging.Filter):
    """Logs mistakes of clients (4xx) as warnings of one line.

    Django logs some of them as errors, with a traceback: a stranger could fill the log with them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        code = getattr(record, "status_code", None)
        if isinstance(code, int) and 400 <= code < 500:
            record.exc_info = record.exc_text = None
            if record.levelno > logging.WARNING:
                record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class RequestIdMiddleware:
    """Takes the X-Request-ID of a trusted proxy, or makes one, and sends it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
        # It stays until the thread's next request: Django logs an answer of 4xx after the last middleware.
        request_id.set(given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id.get()
        return response

"""Formatters and filters of the log, which remove secrets."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

# Whoever reads such an address can use it: links to previews, and links that set a new password. With more slashes, or
# dots between them, an address does not work, but is easily corrected.
_SLASHES = r"/(?:\.{0,2}/){0,9}"
_SECRET_PATHS = re.compile(rf"(/preview{_SLASHES}|reset{_SLASHES}[^/\s]+{_SLASHES})[^/\s'\"]+")
# Up to the last @ of the word, since a password that nobody encoded may have one, or a slash; in a bounded number of
# steps, for a line of the log may hold what a stranger sent.
_CREDENTIALS = re.compile(r"(\b[a-z][a-z0-9+]{0,30}://[^:/\s]{0,300}:)\S{1,500}@")


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

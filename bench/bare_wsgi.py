"""The smallest application for gunicorn."""

from collections.abc import Callable, Iterable
from typing import Any

BODY = b"ok"


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]

"""Readers who ask a WSGI application, and applications for them to ask."""

import gzip
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

import brotli

UNPACKED: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@dataclass(frozen=True)
class Received:
    status: int
    headers: dict[str, str]
    sent: bytes

    @property
    def outcome(self) -> str:
        return self.headers["X-Page-Store"]

    @property
    def body(self) -> bytes:
        return UNPACKED[self.headers.get("Content-Encoding", "")](self.sent)

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(application: Callable[..., Iterable[bytes]], url: str = "/", method: str = "GET", **headers: str) -> Received:
    """Asks as gunicorn does; a header is named as in `if_none_match`."""
    path, _, query = url.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    told: list[Any] = []
    body = application(environ, lambda *answer: told.extend(answer))
    sent = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    names = [name for name, _ in told[1]]
    assert len(names) == len(set(names)), "a header came twice"
    return Received(int(told[0][:3]), dict(told[1]), sent)


@dataclass
class Application:
    """Answers every path alike, and counts how often it is asked."""

    status: str = "200 OK"
    body: bytes = b"<p>text</p>" * 100
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.asked.append(environ)
        start_response(self.status, [("Content-Type", "text/html; charset=utf-8"), *self.headers.items()])
        return [self.body]

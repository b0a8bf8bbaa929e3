"""A running nginx and the site of files behind it, for tests to ask."""

import contextlib
import functools
import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.servers import gunicorn
from scripts import nginx
from scripts.debian import Unavailable
from scripts.postgres import environment_without_postgres, free_port
from tests.delivery.upstream import page_file
from tests.patience import PATIENCE

# The headers that protect an answer in a browser, by Django's settings or `blog.delivery.headers`.
SECURITY_HEADERS = (
    *("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy"),
    *("Referrer-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options"),
)


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: http.client.HTTPMessage

    @property
    def cache(self) -> str:
        return self.headers["X-Proxy-Cache"]

    @property
    def saw(self) -> dict[str, str]:
        return json.loads(self.headers["X-Saw"])  # what the site was asked when it made the page


class Client:
    """Asks nginx as a browser would."""

    def __init__(self, front: nginx.Front) -> None:
        self.front = front
        self.trust = ssl.create_default_context(cafile=str(front.certificate))

    def connect(self) -> ssl.SSLSocket:
        raw = socket.create_connection(("127.0.0.1", self.front.readers), timeout=PATIENCE)
        return self.trust.wrap_socket(raw, server_hostname=nginx.SERVER_NAME)

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Keyword arguments are headers, with _ for -; the path goes out as it is."""
        with self.connection() as ask:
            return ask(path, method=method, body=body, **headers)

    @contextlib.contextmanager
    def connection(self) -> Iterator[Callable[..., Answer]]:
        """`ask` for many requests, one after the other on one connection: to encrypt one takes longer than to ask."""
        connection = http.client.HTTPConnection(nginx.SERVER_NAME)
        with contextlib.closing(connection), self.connect() as connection.sock:
            yield functools.partial(_ask, connection)

    def kept(self, path: str) -> list[str]:
        """The keys under which nginx holds pages of the decoded path."""
        while True:
            with contextlib.suppress(FileNotFoundError):  # it took a page or dropped one just now: look again
                files = [file.read_bytes() for file in self.front.cache.rglob("*") if file.is_file()]
                keys = [line.decode() for file in files for line in file.split(b"\n") if line[:5] == b"KEY: "]
                return [key for key in keys if path in key]

    def ask_plainly(self, path: str, *, port: int, method: str = "GET", host: str = nginx.SERVER_NAME) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request(method, path, headers={"Host": host})
        response = connection.getresponse()
        answer = Answer(response.status, response.read().decode(), response.headers)
        connection.close()
        return answer


def _ask(
    connection: http.client.HTTPConnection, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
) -> Answer:
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    return Answer(response.status, response.read().decode(errors="replace"), response.headers)


@dataclass(frozen=True)
class Site:
    """The site of files behind nginx; `start` starts its gunicorn for as long as a block runs."""

    pages: Path
    start: Callable[[], contextlib.AbstractContextManager]

    def write(self, path: str, text: str) -> None:
        page_file(self.pages, path).write_text(text)

    def remove(self, path: str) -> None:
        page_file(self.pages, path).unlink()

    def answered(self) -> list[str]:
        """The status and path of each answer of the site itself."""
        return (self.pages / "answered").read_text().splitlines()

    def fail(self, fails: bool = True) -> None:
        (self.pages / "broken").touch() if fails else (self.pages / "broken").unlink()


@contextlib.contextmanager
def front_of(port: int) -> Iterator[nginx.Front]:
    """nginx before what listens, or will listen, on the port. The test is skipped where there is no nginx."""
    try:
        nginx.find()
    except Unavailable as error:
        pytest.skip(str(error))
    with nginx.front(port) as front:
        yield front


@contextlib.contextmanager
def proxied(folder: Path) -> Iterator[tuple[Client, Site]]:
    behind = free_port()
    pages = folder / "pages"
    pages.mkdir()
    environment = environment_without_postgres() | {
        "PORT": str(behind),
        "WEB_CONCURRENCY": "1",
        "PAGES": str(pages),
    }
    with front_of(behind) as front:
        application = "tests.delivery.upstream"
        yield Client(front), Site(pages, lambda: gunicorn("files", application, environment, folder / "log"))


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)

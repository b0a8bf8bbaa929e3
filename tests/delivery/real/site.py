"""A site that gunicorn serves with its page store, an editor in another process, and readers."""

import contextlib
import http.client
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import RemoteDisconnected

from bench.servers import Server, gunicorn
from tests.delivery.reader import Received
from tests.drill.sites import Site
from tests.patience import PATIENCE

ARTICLES = 12
STORE_BYTES = 16 * 2**20


@dataclass
class Reader:
    """A browser with one connection, which one worker holds."""

    connection: http.client.HTTPConnection

    def ask(self, path: str, method: str = "GET", **headers: str) -> Received:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self.connection.request(method, path, headers=told)
            response = self.connection.getresponse()
        except RemoteDisconnected:  # the server closes connections that are idle; browsers ask again
            self.connection.close()
            self.connection.request(method, path, headers=told)
            response = self.connection.getresponse()
        return Received(response.status, dict(response.getheaders()), response.read())


@contextlib.contextmanager
def reader_of(server: Server) -> Iterator[Reader]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        yield Reader(connection)


@dataclass
class RealSite:
    kept_in: Site
    server: Server
    process: subprocess.Popen[str]

    def edit(self, verb: str, *arguments: object) -> str:
        """Returns after the commit."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([verb, *arguments]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer, "the editor died"
        return answer

    def path(self, number: int) -> str:
        return self.edit("path", f"article-{number}")

    @contextlib.contextmanager
    def readers(self, number: int) -> Iterator[list[Reader]]:
        """So many at once that all workers have some."""
        with contextlib.ExitStack() as stack:
            yield [stack.enter_context(self.reader()) for _ in range(number)]

    def reader(self) -> contextlib.AbstractContextManager[Reader]:
        return reader_of(self.server)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Received:
        with self.reader() as reader:
            return reader.ask(path, method, **headers)


@contextlib.contextmanager
def served(site: Site, *, workers: int = 4) -> Iterator[RealSite]:
    """Serves the site, whose tables are there and empty, with some articles."""
    settings = site.environment | {"WEB_CONCURRENCY": str(workers), "PAGE_STORE_BYTES": str(STORE_BYTES)}
    log = site.folder / "gunicorn.log"
    with site.start("-m", "tests.delivery.real.editor") as editor:
        try:
            with gunicorn("site", "allforces.wsgi", settings, log) as server:
                real = RealSite(site, server, editor)
                real.edit("fill", ARTICLES)
                yield real
        finally:
            editor.kill()

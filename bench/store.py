"""Measures what a kept page costs, beside the least that the same servers need.

    python -m bench.store [--size 2500] [--rounds 7]

gunicorn serves the site as it is deployed, a bare WSGI application, and two more that answer the same bytes as the
store: a page and a 304. nginx serves the page from its cache, and as a plain file. All take short turns in many rounds;
each share is to the turn right before, of the servers' CPU alone. What is asked many times is asked by wrk, on a few
connections at once. All servers start anew every few rounds: how a process lies in memory makes it some hundredths
faster or slower for as long as it lives.
"""

import argparse
import contextlib
import http.client
import json
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import brotli

from bench.load import requests_answered
from bench.pages import LONG_POST
from bench.processes import Meter, with_descendants
from bench.report import WSGI
from bench.servers import HOST, BenchError, Server, bare, gunicorn, in_site, scratch_site
from scripts import debian, nginx
from scripts.debian import Unavailable
from scripts.postgres import signals_unwind

SECONDS = 1.0  # for one turn
ROUNDS_OF_A_START = 3
DEPLOYED = {"SITE_URL": f"https://{nginx.SERVER_NAME}", "ALLOWED_HOSTS": "", "TRUSTED_PROXIES": "1"}
ASKED = {"Host": nginx.SERVER_NAME, "X-Forwarded-Proto": "https", "Accept-Encoding": "br"}
OF_THE_SERVER = ("server", "date", "connection")
ANSWERED: set[str | None] = {"hit"}
STORE, PROXY = "X-Page-Store", "X-Proxy-Cache"
HELD = {"HIT", "STALE", "UPDATING", "REVALIDATED"}  # a second after nginx took it, it asks the site again


class Way(NamedTuple):
    """A way to ask: for each of `paths` in turn, with `before` each time through. `told` is what `header` must say.

    With an `origin`, wrk asks for the one path.
    """

    name: str
    connect: Callable[[], http.client.HTTPConnection]
    pids: Callable[[], set[int]]
    paths: list[str]
    origin: str = ""
    headers: dict[str, str] = ASKED
    status: int = 200
    header: str = STORE
    told: set[str | None] = {None}
    before: Callable[[], None] = lambda: None


class Measured(NamedTuple):
    name: str
    least: str  # the way that it is compared with
    microseconds: list[float]
    shares: list[float]


def ask(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, bytes]:
    """Reads the answer to its end, so that the connection serves the next request."""
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response, response.read()


def cost(way: Way, seconds: float) -> float:
    """CPU of a request in microseconds. Raises BenchError for another answer than the way tells."""
    with contextlib.closing(way.connect()) as connection:
        if way.origin:
            ask_as_told(way, connection)  # wrk looks at the status alone
            load = partial(requests_answered, f"{way.origin}{way.paths[0]}", way.headers, seconds)
        else:
            load = partial(ask_for, seconds, way, connection)
        meter = Meter(way.pids)
        number = load()
        return meter.used() / number * 1e6


def ask_for(seconds: float, way: Way, connection: http.client.HTTPConnection) -> int:
    number, ends = 0, time.monotonic() + seconds
    while not number or time.monotonic() < ends:
        number += ask_as_told(way, connection)
    return number


def ask_as_told(way: Way, connection: http.client.HTTPConnection) -> int:
    """Asks once through and returns the number of requests. Raises BenchError for another answer than the way tells."""
    way.before()
    for path in way.paths:
        response, _ = ask(connection, path, way.headers)
        if response.status != way.status or response.headers.get(way.header) not in way.told:
            found = f"{response.status}, {way.header}: {response.headers.get(way.header)}"
            raise BenchError(f"{way.name}: {path} answers {found}.")
    return len(way.paths)


def rounds(pairs: list[tuple[Way, Way]], number: int, seconds: float) -> list[Measured]:
    """Compares each way with the other of its pair, which is the least that servers need."""
    for pair in pairs:
        for way in pair:
            cost(way, 0)
    turns = [[(cost(least, seconds), cost(way, seconds)) for way, least in pairs] for _ in range(number)]
    return [
        Measured(way.name, least.name, [ours for _, ours in found], [unit / ours for unit, ours in found])
        for (way, least), found in zip(pairs, zip(*turns, strict=True), strict=True)
    ]


def with_starts(start: Callable[[int], list[Measured]], number: int) -> list[Measured]:
    """Asks `start` for a few rounds each time, until all are done. Returns what it measured, as of one start."""
    found = [start(min(ROUNDS_OF_A_START, number - done)) for done in range(0, number, ROUNDS_OF_A_START)]
    return [
        ways[0]._replace(
            microseconds=[turn for way in ways for turn in way.microseconds],
            shares=[share for way in ways for share in way.shares],
        )
        for ways in zip(*found, strict=True)
    ]


def measure(environment: dict[str, str], size: int, number: int, seconds: float = SECONDS) -> list[Measured]:
    """`environment` is that of `bench.servers.scratch_site`. Raises BenchError, and Unavailable without nginx."""
    settings = environment | DEPLOYED | {"PAGE_STORE_BYTES": str(64 * 2**20)}
    names = json.loads(in_site(environment, "paths", str(size)))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allforces-bench-")))
        site = stack.enter_context(gunicorn("site", "allforces.wsgi", settings, folder / "site.log"))
        front = stack.enter_context(nginx.front(site.port))
        wsgi = stack.enter_context(bare(WSGI, "bench.bare_wsgi", folder))
        path = names[LONG_POST]
        page, body = kept(site, path)
        poll = ASKED | {"If-None-Match": page.headers["ETag"]}
        with contextlib.closing(site.connect()) as connection:
            unchanged, _ = ask(connection, path, poll)
        same_page = stack.enter_context(same("the same page", page, body, folder))
        same_304 = stack.enter_context(same("the same 304", unchanged, b"", folder))

        nothing = Way(WSGI, wsgi.connect, wsgi.pids, ["/"], wsgi.origin)
        hit = Way("hit", site.connect, site.pids, [path], site.origin, told=ANSWERED)
        least = of(same_page, hit)
        asked_again = hit._replace(name="304", headers=poll, status=304)
        least_304 = of(same_304, asked_again)
        pairs = [(hit, least), (hit, nothing), (asked_again, least_304), (asked_again, nothing)]
        return rounds([*pairs, through_nginx(front, site, path, body)], number, seconds)


def of(server: Server, way: Way) -> Way:
    """The same way to ask another server."""
    return way._replace(name=server.name, connect=server.connect, pids=server.pids, origin=server.origin)


def kept(site: Server, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer once the store holds the page."""
    with contextlib.closing(site.connect()) as connection:
        ask(connection, path, ASKED)
        return ask(connection, path, ASKED)


def same(name: str, answer: http.client.HTTPResponse, body: bytes, folder: Path) -> contextlib.AbstractContextManager:
    """A bare application that gives this answer to everyone."""
    headers = [header for header in answer.headers.items() if header[0].lower() not in OF_THE_SERVER]
    status = f"{answer.status} {answer.reason}"
    file = folder / f"{answer.status}.json"
    file.write_text(json.dumps({"status": status, "headers": headers, "body": body.decode("latin-1")}))
    return bare(name, "bench.bare_answer", folder, ANSWER=str(file))


def through_nginx(front: nginx.Front, site: Server, path: str, body: bytes) -> tuple[Way, Way]:
    """nginx that holds the page, and nginx with the same bytes in a file; the CPU of the site behind it counts."""
    trust = ssl.create_default_context(cafile=str(front.certificate))
    trust.check_hostname = False  # the certificate is the site's name, and we ask this machine

    def connect() -> http.client.HTTPConnection:
        return http.client.HTTPSConnection(HOST, front.readers, context=trust)

    def pids() -> set[int]:
        return with_descendants({front.pid}) | site.pids()

    (front.files / "static" / "page.html").write_bytes(brotli.decompress(body))
    (front.files / "static" / "page.html.br").write_bytes(body)
    asked = {"Host": nginx.SERVER_NAME, "Accept-Encoding": "br"}
    with contextlib.closing(connect()) as connection:
        ask(connection, path, asked)
    origin = f"https://{HOST}:{front.readers}"
    proxied = Way("hit through nginx", connect, pids, [path], origin, asked, header=PROXY, told=HELD)
    return proxied, proxied._replace(name="nginx with a plain file", paths=["/static/page.html"], told={None})


def table(measured: list[Measured]) -> str:
    lines = [f"\n{'a kept page':20}{'µs of CPU':>10}  share of what the least needs, median (minimum–maximum)"]
    for way in measured:
        shares = f"{statistics.median(way.shares):.2f} ({min(way.shares):.2f}–{max(way.shares):.2f})"
        lines.append(f"{way.name:20}{statistics.median(way.microseconds):>10.0f}  {shares} of {way.least}")
    return "\n".join(lines)


def run(environment: dict[str, str], size: int, number: int, seconds: float = SECONDS) -> None:
    try:
        debian.require("wrk", "wrk")
        start = partial(measure, environment, size, seconds=seconds)
        print(table(with_starts(start, number)), flush=True)
    except Unavailable as error:
        print(f"\nKept pages are not measured. {error}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser("bench.store", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=2_500)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    try:
        with signals_unwind(), scratch_site("sqlite", None) as environment:
            run(environment, options.size, options.rounds)
    except BenchError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

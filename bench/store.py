"""Measures what a stored page and its 304 cost, as a share of a bare WSGI application under the same gunicorn.

All take short turns in many rounds; each share is to the turn right before, of the servers' CPU alone, asked by wrk on
a few connections at once. The servers start anew every few rounds: how a process lies in memory makes it some
hundredths faster or slower for as long as it lives.
"""

import contextlib
import json
import statistics
import tempfile
from pathlib import Path

from bench.load import requests_answered
from bench.pages import LONG_POST
from bench.processes import Meter
from bench.report import WSGI, spread
from bench.servers import BenchError, Server, bare, gunicorn, in_site
from scripts import debian
from scripts.debian import Unavailable

SECONDS = 1.0  # for one turn
ROUNDS_OF_A_START = 3


def microseconds(server: Server, path: str, headers: dict[str, str]) -> float:
    """CPU of a request."""
    meter = Meter(server.pids)
    number = requests_answered(f"{server.origin}{path}", headers, SECONDS)
    return meter.used() / number * 1e6


def etag_of(site: Server, path: str) -> str:
    """The ETag of the stored page. Raises BenchError if it is not answered from the store."""
    with contextlib.closing(site.connect()) as connection:
        for _ in range(2):
            connection.request("GET", path, headers={"Accept-Encoding": "br"})
            answer = connection.getresponse()
            answer.read()
    if answer.headers["X-Page-Store"] != "hit":
        raise BenchError(f"{path} is not answered from the store: {answer.headers['X-Page-Store']}.")
    return answer.headers["ETag"]


def measure(environment: dict[str, str], path: str, number: int) -> list[tuple[float, float, float]]:
    """For each round the bare application, a hit and a 304."""
    found = []
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allforces-bench-")))
        site = stack.enter_context(gunicorn("site", "allforces.wsgi", environment, folder / "site.log"))
        wsgi = stack.enter_context(bare(WSGI, "bench.bare_wsgi", folder))
        asked = {"Accept-Encoding": "br"}
        again = asked | {"If-None-Match": etag_of(site, path)}
        for _ in range(number):
            least = microseconds(wsgi, "/", asked)
            found.append((least, microseconds(site, path, asked), microseconds(site, path, again)))
    return found


def run(environment: dict[str, str], size: int, number: int) -> None:
    """`environment` is that of `bench.servers.scratch_site`."""
    try:
        debian.require("wrk", "wrk")
    except Unavailable as error:
        print(f"\nStored pages are not measured. {error}", flush=True)
        return
    path = json.loads(in_site(environment, "describe", str(size)))["pages"][LONG_POST]["path"]
    kept = environment | {"PAGE_STORE_BYTES": str(64 * 2**20)}
    turns = []
    for done in range(0, number, ROUNDS_OF_A_START):
        turns += measure(kept, path, min(ROUNDS_OF_A_START, number - done))
    for name, place in (("a stored page", 1), ("its 304", 2)):
        shares = spread(turn[0] / turn[place] for turn in turns)
        print(f"{name}: {statistics.median(turn[place] for turn in turns):.0f} µs of CPU, {shares} of a {WSGI}")

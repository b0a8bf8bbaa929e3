"""One page of one server, measured in short turns, so that all of them meet the same moods of the machine."""

import contextlib
import http.client
import time
from collections.abc import Iterator
from typing import NamedTuple

from bench.processes import Meter
from bench.servers import BenchError, Server

FEWEST_REQUESTS = 3
DESK = "desk: "  # begins the name of a page that only an editor may see
STORE_HEADER = "X-Page-Store"  # says whether a page came out of a store: what is measured is what a page costs to make


class Sample(NamedTuple):
    """What one request cost on average, in milliseconds."""

    cpu: float  # of the server and its database
    database: float  # of the database server alone; SQLite works inside the site's own processes
    wall: float


class Turn(NamedTuple):
    """A subject, and the unit right before it: what slows one down at that moment slows down the other."""

    unit: Sample
    cost: Sample

    @property
    def ratio(self) -> float:
        return self.cost.cpu / self.unit.cpu


class Subject(NamedTuple):
    page: str
    path: str
    server: Server
    cookie: str = ""


def status_of(subject: Subject) -> int:
    with contextlib.closing(subject.server.connect()) as connection:
        return _get(connection, subject)


def sample(subject: Subject, seconds: float) -> Sample:
    """Asks for the page again and again, for `seconds` and at least three times."""
    requests, started = 0, time.monotonic()
    site, database = Meter(subject.server.pids), Meter(subject.server.database_pids)
    with contextlib.closing(subject.server.connect()) as connection:
        while requests < FEWEST_REQUESTS or time.monotonic() - started < seconds:
            if (status := _get(connection, subject)) != 200:
                raise BenchError(f"{subject.server.name} answered {status} to {subject.path}.")
            requests += 1
    wall, of_site, of_database = time.monotonic() - started, site.used(), database.used()
    return Sample(*(value / requests * 1000 for value in (of_site + of_database, of_database, wall)))


def rounds(subjects: list[Subject], unit: Subject, number: int, seconds: float) -> Iterator[dict[Subject, Turn]]:
    """One turn of each subject in each round; the first requests, which warm the servers, do not count."""
    for subject in (unit, *subjects):
        sample(subject, 0)
    for _ in range(number):
        yield {subject: Turn(sample(unit, seconds / 2), sample(subject, seconds)) for subject in subjects}


def _get(connection: http.client.HTTPConnection, subject: Subject) -> int:
    connection.request("GET", subject.path, headers={"Cookie": subject.cookie} if subject.cookie else {})
    response = connection.getresponse()
    response.read()
    if response.headers.get(STORE_HEADER) in ("hit", "stale"):
        raise BenchError(f"{subject.server.name} answered {subject.path} from its page store, which must be off.")
    return response.status

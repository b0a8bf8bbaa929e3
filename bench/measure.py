"""Measures pages in short turns, so that changes in the speed of the machine meet all of them alike."""

import contextlib
import http.client
import time
from collections.abc import Iterator
from typing import NamedTuple

from bench.processes import Meter
from bench.servers import BenchError, Server

FEWEST_REQUESTS = 3
DESK = "desk: "  # begins the names of pages that only editors see
STORE_HEADER = "X-Page-Store"  # tells that a page came from a store, which would hide the cost of making it


class Sample(NamedTuple):
    """The average cost of a request in milliseconds."""

    cpu: float  # of the server and its database
    database: float  # CPU of the database server alone; SQLite works inside the site's own processes
    wall: float


class Turn(NamedTuple):
    """The cost of a subject, and that of the unit measured right before: a slow moment slows down both."""

    unit: Sample
    cost: Sample

    @property
    def ratio(self) -> float:
        return self.cost.cpu / self.unit.cpu


class Subject(NamedTuple):
    """One page of one server."""

    page: str
    path: str
    server: Server
    cookie: str = ""


def sample(subject: Subject, seconds: float) -> Sample:
    """Requests the page for `seconds`, and at least three times. Raises BenchError for an answer other than 200."""
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
    """Yields a turn of each subject for each round. The first requests warm up the servers and do not count."""
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

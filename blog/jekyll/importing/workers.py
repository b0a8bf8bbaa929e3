"""Runs functions on the bytes of pictures in other processes, while this process writes rows.

The results do not depend on the process or the time of the work: the caller asks for them in its own order, and work
that was not done ahead is done at once.
"""

import hashlib
import logging.config
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple, Self, TypeVar

from django.conf import settings

from blog.processes import fresh_processes

AHEAD = 32  # items whose work is sent before their turn
MAX_BYTES_AHEAD = 32 * 2**20  # sent and not yet asked for
MAX_PROCESSES = 4  # each holds a decoded picture
FEW = 16  # so few pictures are encoded before a process has started

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = tuple[Callable[[bytes], object], bytes]
Key = tuple[Callable[[bytes], object], str]


class WorkerDied(Exception):
    """The process that did the work was killed, for instance by the system because it took all memory."""


class Job(NamedTuple):
    future: Future
    size: int


class Workers:
    """Runs functions of bytes in other processes, except the first few jobs. The processes end with the block."""

    def __init__(self, few: int = FEW) -> None:
        self._few = few
        self._seen = 0
        self._jobs: dict[Key, Job] = {}
        self._executor: ProcessPoolExecutor | None = None
        self._lone: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        for executor in (self._executor, self._lone):
            if executor:
                executor.shutdown(cancel_futures=True)

    def ahead(self, items: Iterable[Item], work_for: Callable[[Item], Iterable[Work]]) -> Iterator[Item]:
        """Yields the items in their order. While the caller handles one, processes do the work for the next ones.

        `work_for` returns the work that the caller will probably `run` for an item. Results that it does not ask for
        are dropped.
        """
        waiting: deque[tuple[Item, list[Key]]] = deque()
        for item in items:
            waiting.append((item, [self._send(*work) for work in work_for(item)]))
            if len(waiting) > AHEAD:
                yield from self._turn(*waiting.popleft())
        while waiting:
            yield from self._turn(*waiting.popleft())

    def run(self, function: Callable[[bytes], Result], data: bytes) -> Result:
        """The result of `function` for the data. Raises the errors of `function`, and WorkerDied."""
        job = self._jobs.pop(_key(function, data), None)
        if job is None and self._executor is None:
            return function(data)
        try:
            return (job.future if job else self._submit(function, data)).result()
        except BrokenProcessPool:
            # A process that dies ends the work of all others. Each job then runs alone, so that only the bad one fails.
            return self._run_alone(function, data)

    def _turn(self, item: Item, keys: Iterable[Key]) -> Iterator[Item]:
        yield item
        for key in keys:
            if job := self._jobs.pop(key, None):
                job.future.cancel()

    def _send(self, function: Callable[[bytes], object], data: bytes) -> Key:
        key = _key(function, data)
        self._seen += 1
        size = sum(job.size for job in self._jobs.values()) + len(data)
        has_room = len(self._jobs) < AHEAD and size <= MAX_BYTES_AHEAD
        if self._seen > self._few and has_room and key not in self._jobs:
            self._jobs[key] = Job(self._submit(function, data), len(data))
        return key

    def _submit(self, function: Callable[[bytes], object], data: bytes) -> Future:
        if self._executor is None:
            self._executor = _processes(min(multiprocessing.cpu_count(), MAX_PROCESSES))
        try:
            return self._executor.submit(function, data)
        except BrokenProcessPool:
            self._executor.shutdown()
            self._executor = None
            return self._submit(function, data)

    def _run_alone(self, function: Callable[[bytes], Result], data: bytes) -> Result:
        self._lone = self._lone or _processes(1)
        try:
            return self._lone.submit(function, data).result()
        except BrokenProcessPool as error:
            self._lone.shutdown()
            self._lone = None
            raise WorkerDied from error


def _key(function: Callable[[bytes], object], data: bytes) -> Key:
    return function, hashlib.sha256(data).hexdigest()


def _processes(number: int) -> ProcessPoolExecutor:
    return fresh_processes(number, _prepare)


def _prepare() -> None:
    """Sets up the log. The functions import no model, so the process does not load all of Django, which takes long."""
    logging.config.dictConfig(settings.LOGGING)

"""Work on the bytes of pictures, done by other processes while this one writes rows.

What comes out does not depend on who did the work or when: whoever needs a result asks for it in its own order, and
what nobody did ahead is done there and then.
"""

import hashlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import NamedTuple, Self, TypeVar

import django

AHEAD = 32  # items that are looked at before their turn
MAX_BYTES_AHEAD = 32 * 2**20  # of what was sent and not yet asked for
MAX_PROCESSES = 4  # each holds Django and a decoded picture
FEW = 16  # pictures that are encoded before a process could have started

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = tuple[Callable[[bytes], object], bytes]
Key = tuple[Callable[[bytes], object], str]


class WorkerDied(Exception):
    """The process that did the work was killed, as the system does to one that takes all memory."""


class Job(NamedTuple):
    future: Future
    size: int


class Workers:
    """Functions of bytes in processes of their own. A few jobs are not worth one; all have ended with the block."""

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
        """Yields the items in their order. The work for the next ones is being done while the caller has one.

        `work_for` says what the caller will probably `run` for an item; what it then does not is forgotten.
        """
        waiting: deque[tuple[Item, list[Key]]] = deque()
        for item in items:
            waiting.append((item, [self._send(*work) for work in work_for(item)]))
            if len(waiting) > AHEAD:
                yield from self._turn(*waiting.popleft())
        while waiting:
            yield from self._turn(*waiting.popleft())

    def run(self, function: Callable[[bytes], Result], data: bytes) -> Result:
        """What `function` makes of the data. Raises what it raises, and WorkerDied."""
        job = self._jobs.pop(_key(function, data), None)
        if job is None and self._executor is None:
            return function(data)
        try:
            return (job.future if job else self._submit(function, data)).result()
        except BrokenProcessPool:
            # A process that dies takes the work of all others with it: which was to blame shows when each is alone.
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
    """New processes, not copies of this one: they share no connection to the database with it."""
    return ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches them too, and the import ends them itself
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()  # what is imported with the functions has models beside them


def _end_with_parent() -> None:
    """An import that is killed cannot end its processes, and they would wait for work for ever."""
    multiprocessing.parent_process().join()
    os._exit(1)

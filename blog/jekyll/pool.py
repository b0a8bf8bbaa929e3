"""Encodes pictures in other processes, while this one stores them. No model is imported here: they begin at once."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from typing import Any, NamedTuple

from blog.pictures.encoding import ImageRejected

MAX_PROCESSES = 4  # each holds a decoded picture
AHEAD = 16  # pictures in memory that are being encoded or wait for their turn
FEW = 16  # so few pictures are encoded before a process has started

LOST = (BrokenProcessPool, MemoryError)


class Job(NamedTuple):
    """The encoding of one picture. `keep` stores what `encode` made of the bytes."""

    encode: Callable[[bytes], Any]
    data: bytes
    keep: Callable[[Any], object]


def encoded(jobs: Iterable[Job]) -> Iterator[tuple[Job, Any]]:
    """Yields each job with what its function made or the error it raised. Processes work ahead of the caller."""
    waiting: deque[tuple[Job, Future[Any]]] = deque()
    pool: ProcessPoolExecutor | None = None
    with ExitStack() as stack:
        for number, job in enumerate(jobs):
            if number < FEW:
                yield _here(job)
                continue
            try:
                pool = pool or stack.enter_context(_processes())
                future = pool.submit(job.encode, job.data)
            except BrokenProcessPool:  # by an earlier picture
                pool = stack.enter_context(_processes())
                future = pool.submit(job.encode, job.data)
            waiting.append((job, future))
            if len(waiting) > AHEAD:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())


def _processes(number: int = MAX_PROCESSES) -> ProcessPoolExecutor:
    """A pool of fresh processes: forks would share a connection to the database with this process."""
    number = min(number, multiprocessing.cpu_count())
    return ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches these processes too, but their parent ends them
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when its parent ends. A killed parent cannot end its processes, which would wait for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def _here(job: Job) -> tuple[Job, Any]:
    try:
        return job, job.encode(job.data)
    except (ImageRejected, MemoryError) as error:
        return job, error


def _result(job: Job, future: "Future[Any]") -> tuple[Job, Any]:
    try:
        return job, future.result()
    except BrokenProcessPool:
        # A process that dies ends the work of all others. Each picture is then encoded alone: only the bad one fails.
        with _processes(1) as alone:
            try:
                return job, alone.submit(job.encode, job.data).result()
            except (ImageRejected, *LOST) as error:
                return job, error
    except (ImageRejected, MemoryError) as error:
        return job, error

"""Starts processes for long work that needs no database, and makes this one end cleanly on a signal."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

FEW = 60  # so few texts are read before a process has started
MAX_READERS = 4

Item = TypeVar("Item")


def fresh_processes(number: int, prepare: Callable[[], object] | None = None) -> ProcessPoolExecutor:
    """Returns a pool of fresh processes. Forks would share a connection to the database with this process.

    Each calls `prepare` before its work, and ends with this process, even if that is killed.
    """
    return ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(prepare,))


@contextmanager
def readers(texts: int) -> Iterator[Executor]:
    """What reads so many texts: processes, or this one if they are few. The functions must need no Django."""
    count = min(multiprocessing.cpu_count(), MAX_READERS)
    if texts <= FEW or count == 1:
        yield _AtOnce()
        return
    with fresh_processes(count) as executor:
        yield executor


def ahead(items: Iterable[Item], number: int) -> Iterator[Item]:
    """Yields the items, and takes so many of them before their turn, so that their work begins."""
    waiting: deque[Item] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > number:
            yield waiting.popleft()
    yield from waiting


class _AtOnce(Executor):
    """Does the work in this process."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - raised where the result is asked for, as by other executors
            future.set_exception(error)
        return future


def _begin(prepare: Callable[[], object] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches these processes too, but their parent ends them
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare:
        prepare()


def _end_with_parent() -> None:
    """Ends this process when its parent ends. A killed parent cannot end its processes, which would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
    os._exit(1)


@contextmanager
def signals_unwind() -> Iterator[None]:
    """Makes SIGTERM and a closed terminal remove half-written files, as Ctrl-C does; `nohup` still works."""

    def unwind(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    heard = {number: handler for number, handler in before.items() if handler != signal.SIG_IGN}
    for number in heard:
        signal.signal(number, unwind)
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)

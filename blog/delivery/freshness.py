"""Tells whether a stored page still shows what the database holds.

A page bears the keys of all that it shows (`shows`): `post:12`, `tag:9`, `lists` … A transaction that changes what
readers can see writes a row with the keys that it touched (`touch`). A page is fresh while no later row touches one of
its keys.

The generation is a number of this process: it counts how often the process found new rows. A page bears the one that
was current before it was made, so whatever is found later, in whatever order transactions end, is later than the page.
Processes on the same host tell each other by a mark in shared memory. A thread also looks each second, for what other
hosts write, and in case a process dies between its commit and the mark.
"""

import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase

from blog.delivery.announcing import News, announce
from blog.delivery.known_changes import FreshnessUnknown, KnownChanges
from blog.delivery.purging import purge
from blog.delivery.shared_mark import SharedMark
from blog.models import Change

EVERYTHING = "site"  # a key of every page
NUMBERED = "numbered"  # a key that nothing touches: the page is another one for each `?page=`
KEYS_HEADER = "Surrogate-Key"
UNTIL_HEADER = "X-Page-Until"
SECONDS_BETWEEN_LOOKS = 1.0
MOST_KEYS = 1000  # of one change; more become one that ends everything
BATCH = 500  # keys that `together` collects before it writes them

logger = logging.getLogger(__name__)


class _Touched(NamedTuple):
    """What `touched_once` collects, without repeats and in order."""

    keys: dict[str, None]
    gone: dict[str, None]
    news: dict[News, None]


class _Batch(NamedTuple):
    """What `together` collects, without repeats and in order."""

    keys: dict[str, None]
    news: dict[News, None]
    written: set[str | News]  # by the present transaction, unless it is rolled back
    debts: list[int]  # rows that say that something is not written yet, some of them rolled back


def shows(response: HttpResponseBase, *keys: str, until: datetime | None = None) -> None:
    """Allows the page to be stored, and names the keys of what it shows. At `until` time alone makes it outdated.

    Further calls add keys, and keep the earliest time.
    """
    told = response.headers.get(KEYS_HEADER, EVERYTHING).split()
    response.headers[KEYS_HEADER] = " ".join(dict.fromkeys([*told, *keys]))
    if until is not None:
        ends = [int(until.timestamp())]
        if UNTIL_HEADER in response.headers:
            ends.append(int(response.headers[UNTIL_HEADER]))
        response.headers[UNTIL_HEADER] = str(min(ends))


def touch(*keys: str, gone: Iterable[str] = (), news: Iterable[News] = ()) -> None:
    """Ends all pages that bear one of the keys, once the present transaction has committed.

    `gone` are decoded paths that no longer answer; they are purged from the proxies in front. `news` is announced to
    the services of the settings. The caller is in the transaction that makes the change.
    """
    if touched := _touched.get():
        touched.keys.update(dict.fromkeys(keys))
        touched.gone.update(dict.fromkeys(gone))
        touched.news.update(dict.fromkeys(news))
        return
    batch = _batch.get()
    if batch is None:
        _write(keys, gone, news)
        return
    if not _debts_of(batch).exists():
        batch.debts.append(Change.objects.create(keys=Change.OWED).pk)
    batch.keys.update(dict.fromkeys(keys))
    batch.news.update(told := dict.fromkeys(news))
    batch.written.difference_update(keys, told)
    if gone or len(batch.keys) - len(batch.written) >= BATCH:  # withdrawn pages must end at once
        _write_batch(batch, gone)


def _write(keys: Iterable[str], gone: Iterable[str], news: Iterable[News]) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("touch() belongs into the transaction that makes the change")
    different, withdrawn = dict.fromkeys(keys), dict.fromkeys(gone)
    told = " ".join(different) if len(different) <= MOST_KEYS else EVERYTHING
    Change.objects.create(keys=told)
    renew = partial(mark.renew, told if withdrawn else "")
    transaction.on_commit(renew, robust=True)  # before the purge, after which a proxy asks anew
    purge([*withdrawn])
    announce(news)


def _write_batch(batch: _Batch, gone: Iterable[str] = ()) -> None:
    keys = [key for key in batch.keys if key not in batch.written]
    news = [item for item in batch.news if item not in batch.written]
    _write(keys, gone, news)
    batch.written.update(keys, news)

    def forget() -> None:  # only now: a transaction that is rolled back has told nothing
        for key in keys:
            batch.keys.pop(key, None)
        for item in news:
            batch.news.pop(item, None)
        batch.written.difference_update(keys, news)

    transaction.on_commit(forget)


@contextmanager
def touched_once() -> Iterator[None]:
    """Touches at the end of the block what it touches; nothing if an error leaves it. It stands in one transaction."""
    touched = _Touched({}, {}, {})
    token = _touched.set(touched)
    try:
        yield
    finally:
        _touched.reset(token)
    if any(touched):
        touch(*touched.keys, gone=touched.gone, news=touched.news)


@contextmanager
def together() -> Iterator[None]:
    """Writes what the block touches as few changes: at BATCH keys, when something is gone, and at the end, after an
    error too.

    Until then readers get pages as they were. A process that is killed in the block owes the last of them, which
    `pay_debts` pays: before the next `import_jekyll`, or in `tidy`.
    """
    batch = _Batch({}, {}, set(), [])
    token = _batch.set(batch)
    try:
        yield
    finally:
        _batch.reset(token)
        if batch.debts:  # as where anything was touched
            with transaction.atomic():
                if batch.keys:
                    _write(batch.keys, (), batch.news)
                _debts_of(batch).delete()


def _debts_of(batch: _Batch) -> QuerySet[Change]:
    return Change.objects.filter(pk__in=batch.debts, keys=Change.OWED)


def pay_debts() -> None:
    """Ends every page if a process was killed in `together`.

    If one is still at work there, every page ends once for nothing, and what it touches next is owed anew.
    """
    debts = Change.objects.filter(keys=Change.OWED)
    if debts.exists():
        with transaction.atomic():
            debts.delete()
            touch(EVERYTHING)


def current() -> int:
    """The generation of a page that is about to be made."""
    if known.is_behind():
        with suppress(FreshnessUnknown):  # changes that are found later then count as later than the page
            known.catch_up()
    return known.generation


def is_newest(generation: int) -> bool:
    """Whether there was no change at all since the generation, as far as can be said without asking the database."""
    return not known.is_behind() and generation == known.generation  # in this order: see `KnownChanges._look`


def is_fresh(generation: int, keys: Iterable[str]) -> bool:
    """Whether no change since the generation touches one of the keys; one of them is always `site`.

    A caller that has called `current()` before may give that number to a fresh page, so that the next call is quick.
    Raises FreshnessUnknown if the database cannot be asked; a page that is known to be touched is never fresh.
    """
    if known.is_touched(generation, keys):
        return False
    if known.is_behind():
        try:
            known.catch_up()
        except FreshnessUnknown:
            if known.is_withdrawn(keys):
                return False
            raise
        return not known.is_touched(generation, keys)
    return True


def start() -> None:
    """Starts the thread of this process that looks each second, unless it runs: a fork inherits none."""
    _poller.start()


class _Poller:
    def __init__(self) -> None:
        self._process = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process != os.getpid():
                threading.Thread(target=self._run, name="freshness", daemon=True).start()
                self._process = os.getpid()

    def _run(self) -> None:
        while True:
            try:
                known.look()
            except FreshnessUnknown:
                pass  # `is_fresh` raises it again for each page
            except Exception:  # nobody would start this thread again
                logger.exception("the changes could not be read")
            known.is_polled = True
            time.sleep(SECONDS_BETWEEN_LOOKS)


_batch: ContextVar[_Batch | None] = ContextVar("batch", default=None)
_touched: ContextVar[_Touched | None] = ContextVar("touched", default=None)
mark = SharedMark(settings.DATA_DIR / "freshness")
known = KnownChanges(mark)
_poller = _Poller()

"""Tells whether stored pages are still true, by one number for the whole site: its generation.

A transaction that changes what readers can see inserts a row (`touch`). When it commits, a mark in memory that the
processes of this host share moves; each of them reads the rows before it trusts its pages again. A thread reads them
each second, for what other hosts write, and in case a process dies between its commit and the mark. The generation is
a number of each process. It moves when the rows are others, and when time alone makes pages untrue.

Rows are only inserted: one that all update would make saves wait for each other, and deadlock.
"""

import logging
import mmap
import os
import secrets
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections, transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from blog.delivery.purging import purge
from blog.models import Change, FrontPick, Post
from blog.times import next_midnight

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_SOON = 60
PATIENCE = 3.0  # seconds without an answer after which the database counts as gone
KEPT = timedelta(hours=1)  # rows; each that goes moves the generation
# After which an article is no news any more: of the front page, which then says how old it is, and of the sitemap.
NEWS_SPANS = (timedelta(hours=24), timedelta(hours=48))

logger = logging.getLogger(__name__)


class GenerationUnknown(Exception):
    """The database could not be asked whether anything changed."""


def touch(*, soon: bool = False, withdraws: bool = False) -> None:
    """Ends all stored pages once the present transaction has committed, which makes a change that readers can see.

    With `soon`, for what machines do, they may stay for a minute. With `withdraws`, something must not be seen any
    more, even if the database goes now; the proxies in front are purged.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("touch() belongs into the transaction that makes the change")
    Change.objects.create(is_soon=soon and not withdraws, withdraws=withdraws)
    if withdraws:
        transaction.on_commit(present.mark.withdraw, robust=True)  # before the purge, after which a proxy asks anew
        purge()
    elif not soon:
        transaction.on_commit(present.mark.move, robust=True)


def forget_changes() -> None:
    """Deletes the rows that every process has found by now."""
    Change.objects.filter(at__lt=timezone.now() - KEPT).delete()


class Mark:
    """Two random numbers in a memory-mapped file: one moves with each change, the other with withdrawals alone.

    They are no counters: of two processes that count at the same time, one would take back what the other wrote. A fork
    shares the memory; a file that somebody removed is shared by none who open it later.
    """

    _length = 8  # bytes of each

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _memory(self) -> mmap.mmap:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(file).st_size < 2 * self._length:
                os.ftruncate(file, 2 * self._length)
            return mmap.mmap(file, 2 * self._length)
        finally:
            os.close(file)

    def read(self) -> bytes:
        return self._memory[: self._length]

    def read_withdrawals(self) -> bytes:
        return self._memory[self._length :]

    def move(self) -> None:
        self._memory[: self._length] = secrets.token_bytes(self._length)

    def withdraw(self) -> None:
        self._memory[self._length :] = secrets.token_bytes(self._length)
        self.move()


class Generation:
    """The generation of this process. Its methods may be called by several threads."""

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.number = 0
        self.looked_at = float("-inf")
        self.is_polled = False
        self.has_failed = False
        self._seen = b""  # the mark before the last look that succeeded
        self._until = 0.0  # when time alone ends the generation
        self._rows: dict[str, Any] = {}
        self._soon_from = 0.0  # when rows that are marked `soon` count again
        self.lock = threading.Lock()
        self._process = 0

    def is_present(self, number: int) -> bool:
        """Whether pages of this generation are true, as far as can be said without asking the database."""
        return not self._is_behind() and number == self.number  # in this order: see `_look`

    def catch_up(self) -> int:
        """Returns the number of the present generation. Raises GenerationUnknown, at once if the thread finds no
        database either.
        """
        if self._is_behind():
            if self.is_database_away or not self.lock.acquire(timeout=PATIENCE):  # another thread waits for an answer
                raise GenerationUnknown
            try:
                if self._is_behind():
                    self._look()
            finally:
                self.lock.release()
        return self.number

    def begin(self) -> tuple[int, Any]:
        """The number of a page that is about to be made, and what was withdrawn by now.

        What changes from here on is later than the page, in whatever order transactions end.
        """
        with suppress(GenerationUnknown):  # changes that are found later then count as later than the page
            self.catch_up()
        return self.number, self.withdrawn

    @property
    def withdrawn(self) -> Any:
        """Changes when something was withdrawn, as far as this process knows without asking the database."""
        return self.mark.read_withdrawals(), self._rows.get("withdrawn")

    @property
    def is_database_away(self) -> bool:
        """Whether the thread finds no database. A query would wait for seconds in vain."""
        return self.is_polled and self.has_failed

    def look(self) -> None:
        """Finds what is new. Raises GenerationUnknown."""
        with self.lock:
            self._look()

    def start(self) -> None:
        """Starts the thread of this process that looks each second, unless it runs: a fork inherits none."""
        if self._process == os.getpid():
            return
        with self.lock:
            if self._process != os.getpid():
                threading.Thread(target=self._poll, name="generation", daemon=True).start()
                self._process = os.getpid()

    def _is_behind(self) -> bool:
        if self.mark.read() != self._seen or time.time() >= self._until:
            return True
        return self.is_polled and time.monotonic() - self.looked_at > PATIENCE

    def _look(self) -> None:
        # What changes during the queries is found next time.
        mark, looked_at, now = self.mark.read(), time.monotonic(), time.time()
        close_old_connections()  # no request of Django's does it here
        try:
            rows = _rows()
            if rows["soon"] != self._rows.get("soon") and now < self._soon_from:
                rows["soon"] = self._rows.get("soon")
            if rows != self._rows or now >= self._until:
                until = _next_end().timestamp()
                self._soon_from = now + SECONDS_BETWEEN_SOON
                self.number, self._rows, self._until = self.number + 1, rows, until
        except Error as error:
            self.has_failed = True
            raise GenerationUnknown from error
        finally:
            close_old_connections()
        # The mark comes last: other threads compare without the lock, and may read the rest once it is the same.
        self.looked_at, self.has_failed = looked_at, False
        self._seen = mark

    def _poll(self) -> None:
        while True:
            try:
                self.look()
            except GenerationUnknown:
                pass  # `catch_up` raises it again for each page
            except Exception:  # nobody would start this thread again
                logger.exception("the changes could not be read")
            self.is_polled = True
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _rows() -> dict[str, Any]:
    """What is compared. Numbers are not given in the order of commits, so the newest alone would not tell."""
    soon, withdrawal = Q(is_soon=True), Q(withdraws=True)
    found = Change.objects.aggregate(
        newest=Max("pk", filter=~soon),
        count=Count("pk", filter=~soon),
        soon_newest=Max("pk", filter=soon),
        soon_count=Count("pk", filter=soon),
        withdrawn=Max("pk", filter=withdrawal),
    )
    found["soon"] = found.pop("soon_newest"), found.pop("soon_count")
    return found


def _next_end() -> datetime:
    """When time alone changes some page."""
    now = timezone.now()
    published = Post.objects.published().order_by("published_at").values_list("published_at", flat=True)
    ages = [(published.filter(published_at__gt=now - span).first(), span) for span in NEWS_SPANS]
    ends = [Post.objects.next_due(), FrontPick.objects.next_end(), *(at + span for at, span in ages if at)]
    return min([next_midnight(), *filter(None, ends)])


present = Generation(Mark(settings.DATA_DIR / "generation"))

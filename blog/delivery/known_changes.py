"""The changes of public content that this process has read: see `blog.delivery.freshness`."""

import threading
import time
from collections.abc import Iterable
from typing import NamedTuple

from django.db import Error, close_old_connections
from django.db.models import Q

from blog.delivery.shared_mark import LENGTH, SharedMark
from blog.models import Change

Row = tuple[int, str]  # the number of a change, and the keys that it touches

KEPT = 1000  # rows; more of them at once end every page
MOST_TOUCHED = 50_000  # keys, 5 MB; with more of them every page ends
NONE = (0, "")  # in the place of a row
PATIENCE = 3.0  # seconds without an answer after which the database counts as gone


class FreshnessUnknown(Exception):
    """The database could not be asked. None of the changes that are known touches the page."""


def forget_changes() -> None:
    """Deletes the rows that no process needs: one that has not read them by now drops all its pages anyway.

    Rows that a killed process owes stay.
    """
    newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Change.objects.filter(pk__lte=newest - 2 * KEPT).exclude(keys=Change.OWED).delete()


class _Found(NamedTuple):
    generation: int
    keys: set[str]


class KnownChanges:
    """The changes that this process has found, by the generation in which it found them."""

    def __init__(self, mark: SharedMark) -> None:
        self.generation = 0
        self.has_failed = False
        self.is_polled = False
        self._shared = mark
        self._mark = b""
        self._end = LENGTH  # of what the processes on this host had told before the last look that succeeded
        self.looked_at = float("-inf")
        self.lock = threading.Lock()
        self._touched: dict[str, int] = {}
        self._latest = _Found(0, set())
        self._ended = 0  # pages from before this generation count as touched
        self._newest = NONE
        # Numbers below the newest whose rows were not there: their transactions were rolled back, or have not ended.
        self.missing: set[int] = set()

    def is_touched(self, generation: int, keys: Iterable[str]) -> bool:
        if generation == self.generation:
            return False
        touched = self._touched  # first: where it was emptied since, `_ended` says so
        if generation < self._ended:
            return True
        latest = self._latest
        if generation == latest.generation - 1:  # most pages at most times
            return not latest.keys.isdisjoint(keys)
        return any(touched.get(key, 0) > generation for key in keys)

    def is_withdrawn(self, keys: Iterable[str]) -> bool:
        """Whether a process on this host has withdrawn one of the keys since this one last asked the database."""
        return not self._shared.withdrawn_since(self._end).isdisjoint(keys)

    def is_behind(self) -> bool:
        """Whether there may be changes that this process has not found, or no look has succeeded for PATIENCE."""
        if self._shared.read() != self._mark:
            return True
        return self.is_polled and time.monotonic() - self.looked_at > PATIENCE

    def catch_up(self) -> None:
        """Finds what is new, or raises FreshnessUnknown: at once if the thread finds no database either."""
        if self.has_failed and self.is_polled:
            raise FreshnessUnknown
        if not self.lock.acquire(timeout=PATIENCE):  # another thread waits for an answer
            self.has_failed = True
            raise FreshnessUnknown
        try:
            if self.is_behind():
                self._look()
        finally:
            self.lock.release()

    def look(self) -> None:
        """Finds what is new. Raises FreshnessUnknown."""
        with self.lock:
            self._look()

    def _look(self) -> None:
        # What changes during the query is found next time.
        mark, end, looked_at = self._shared.read(), self._shared.end(), time.monotonic()
        try:
            rows = self._new_rows()
            if self._newest != NONE and self._newest not in rows and len(rows) <= KEPT:
                # A restore or a failover set the table back, and its numbers are given again. Every page ends.
                self._ended, self._newest, self.missing = self.generation + 1, NONE, set()
                rows = self._new_rows()
        except Error as error:
            self.has_failed = True
            raise FreshnessUnknown from error
        new = [row for row in rows if row != self._newest]
        if new or self._ended > self.generation:
            self._take(new)
        # The mark comes last: other threads compare without the lock, and may read the rest once it is the same.
        self.looked_at, self.has_failed, self._end = looked_at, False, end
        self._mark = mark

    def _new_rows(self) -> list[Row]:
        """The newest first, and more than are kept if there are so many. The newest one that is known comes again."""
        new = Change.objects.exclude(keys=Change.OWED).filter(Q(pk__gte=self._newest[0]) | Q(pk__in=self.missing))
        close_old_connections()  # no request of Django's does it here
        try:
            return list(new.order_by("-pk").values_list("pk", "keys")[: KEPT + 2])
        finally:
            close_old_connections()

    def _take(self, rows: list[Row]) -> None:
        generation = self.generation + 1
        keys = {key for _, found in rows for key in found.split()}
        if len(rows) > KEPT or len(self._touched) + len(keys) > MOST_TOUCHED:
            self._ended, self._touched = generation, {}
        else:
            self._touched |= dict.fromkeys(keys, generation)
            self._latest = _Found(generation, keys)
        newest = max([self._newest, *rows])
        number, oldest = newest[0], max(self._newest[0], newest[0] - KEPT)
        missing = self.missing.union(range(oldest + 1, number)) - {found for found, _ in rows}
        self.missing = {found for found in missing if found > number - KEPT}
        self._newest = newest
        self.generation = generation

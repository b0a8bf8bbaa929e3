"""Eight bytes that all processes on this host share, and that differ after each change."""

import mmap
import os
import secrets
from functools import cached_property
from pathlib import Path

LENGTH = 8


class SharedMark:
    """A memory-mapped file. A process that reads another mark than before knows that something changed in between.

    The mark is random and no counter: of two processes that count at the same time, one would take back what the other
    wrote. A fork shares the memory; a file that somebody removed is shared by none who open it later.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _memory(self) -> mmap.mmap:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(file, LENGTH)  # a file that is long enough already stays as it is
            return mmap.mmap(file, LENGTH)
        finally:
            os.close(file)

    def read(self) -> bytes:
        return self._memory[:LENGTH]

    def renew(self) -> None:
        self._memory[:LENGTH] = secrets.token_bytes(LENGTH)

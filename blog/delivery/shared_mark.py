"""What the processes on this host tell each other at once about changes: a mark, and the keys of what was withdrawn."""

import mmap
import os
import secrets
from functools import cached_property
from pathlib import Path

LENGTH = 8  # bytes of the mark; behind it a line of keys for each withdrawal
LARGEST = 2**20  # bytes; then the lines begin anew, and everybody has read the old ones long since


class SharedMark:
    """A memory-mapped file. A process that reads another mark than before knows that something changed in between.

    The mark is random and no counter: of two processes that count at the same time, one would take back what the other
    wrote. A fork shares the memory; a file that somebody removed is shared by none who open it later.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _file(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        if os.fstat(file).st_size < LENGTH:
            os.ftruncate(file, LENGTH)
        return file

    @cached_property
    def _memory(self) -> mmap.mmap:
        return mmap.mmap(self._file, LENGTH)

    def read(self) -> bytes:
        return self._memory[:LENGTH]

    def renew(self, withdrawn: str = "") -> None:
        """Changes the mark. `withdrawn` are keys, parted by spaces, of what must go even if the database goes now."""
        try:
            if withdrawn:
                if os.fstat(self._file).st_size > LARGEST:
                    os.ftruncate(self._file, LENGTH)
                os.write(self._file, f"\n{withdrawn}\n".encode())  # a full disk may have cut the line before
        finally:
            self._memory[:LENGTH] = secrets.token_bytes(LENGTH)

    def end(self) -> int:
        """The place behind the last line of keys."""
        return os.fstat(self._file).st_size

    def withdrawn_since(self, end: int) -> set[str]:
        """The keys that were written since `end()` said this."""
        size = self.end()
        begin = end if end <= size else LENGTH
        return set(os.pread(self._file, size - begin, begin).decode().split())

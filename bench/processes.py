"""Finds the processes that serve a port, and reads their CPU time from /proc, so on Linux only."""

import contextlib
import os
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

PROC = Path("/proc")
LISTENING = "0A"
PROCESS_CPU_CLOCK = 2  # the kernel's clock id for user and system time of all threads, in nanoseconds


def cpu_seconds(pid: int) -> float | None:
    """Returns the user and system time of all threads of a process; None if it has ended.

    This reads the clock of clock_getcpuclockid(3): /proc/PID/stat holds the same time, but in steps of 10 ms.
    """
    try:
        return time.clock_gettime((~pid << 3) | PROCESS_CPU_CLOCK)
    except OSError:
        return None


def listening_inodes(table: str, port: int) -> set[str]:
    """Finds the sockets that listen on `port` in the text of /proc/net/tcp or tcp6."""
    rows = (line.split() for line in table.splitlines()[1:])
    return {row[9] for row in rows if row[3] == LISTENING and int(row[1].rpartition(":")[2], 16) == port}


def listeners(port: int) -> set[int]:
    """Finds the processes with a listening socket on `port`, as far as our permissions show them."""
    tables = ((PROC / "net" / name).read_text() for name in ("tcp", "tcp6") if (PROC / "net" / name).exists())
    sockets = {f"socket:[{inode}]" for table in tables for inode in listening_inodes(table, port)}
    return {pid for pid in _pids() if not sockets.isdisjoint(_open_files(pid))}


def with_descendants(pids: Iterable[int]) -> set[int]:
    """Returns the processes and all that they started, as far as these still run."""
    children = defaultdict(set)
    for pid in _pids():
        children[_parent(pid)].add(pid)
    found, new = set(), set(pids)
    while new:
        found |= new
        new = {child for pid in new for child in children[pid]} - found
    return found


class Meter:
    """Measures the CPU seconds that processes use, including those that start meanwhile."""

    def __init__(self, pids: Callable[[], set[int]]) -> None:
        self._pids = pids
        self._before = self._read()

    def used(self) -> float:
        """Returns the CPU seconds used since the meter was made."""
        return sum(now - self._before.get(pid, 0.0) for pid, now in self._read().items())

    def _read(self) -> dict[int, float]:
        clocks = {pid: cpu_seconds(pid) for pid in self._pids()}
        return {pid: clock for pid, clock in clocks.items() if clock is not None}


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _open_files(pid: int) -> set[str]:
    """Names the open files of a process; none if it has ended or we have no permission."""
    folder, names = PROC / str(pid) / "fd", set()
    with contextlib.suppress(OSError):
        for number in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                names.add(os.readlink(folder / number))
    return names


def _parent(pid: int) -> int | None:
    try:
        status = (PROC / str(pid) / "status").read_text()
    except OSError:
        return None
    return int(re.search(r"^PPid:\s*(\d+)", status, re.MULTILINE)[1])

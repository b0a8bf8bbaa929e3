"""What processes on one host tell each other in shared memory."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from blog.delivery import shared_mark
from blog.delivery.shared_mark import LENGTH, SharedMark


@pytest.fixture
def fork(tmp_path) -> Iterator[list[str]]:
    """A program that maps the mark, forks, renews it in the child, and says whether the parent sees that."""
    program = (
        "import os, sys; from pathlib import Path; from blog.delivery.shared_mark import SharedMark\n"
        "mark = SharedMark(Path(sys.argv[1])); before = mark.read(); child = os.fork()\n"
        "if not child: mark.renew(); os._exit(0)\n"
        "os.waitpid(child, 0); print(mark.read() != before)"
    )
    return [sys.executable, "-c", program, str(tmp_path / "mark")]


def test_mark_is_shared_by_forks_and_by_processes_that_open_it(fork, tmp_path):
    mark = SharedMark(tmp_path / "mark")
    before = mark.read()
    assert subprocess.run(fork, check=True, capture_output=True, text=True).stdout == "True\n"
    assert mark.read() != before


def test_keys_of_what_was_withdrawn_are_told_from_a_place_on(tmp_path):
    mark, other = (SharedMark(tmp_path / "mark") for _ in range(2))
    assert other.withdrawn_since(LENGTH) == set()
    mark.renew("post:1 lists")
    end = other.end()
    mark.renew()
    mark.renew("post:2")
    assert other.withdrawn_since(LENGTH) == {"post:1", "lists", "post:2"}
    assert other.withdrawn_since(end) == {"post:2"}
    assert other.withdrawn_since(other.end()) == set()


def test_keys_begin_anew_where_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(shared_mark, "LARGEST", 20)
    mark = SharedMark(tmp_path / "mark")
    mark.renew("post:1 post:2 lists")
    end, before = mark.end(), mark.read()
    mark.renew("post:3")
    assert mark.withdrawn_since(end) == {"post:3"}
    assert mark.read() != before


def test_mark_changes_even_if_the_disk_is_full(tmp_path, monkeypatch):
    mark = SharedMark(tmp_path / "mark")
    before = mark.read()

    def full(*_: object) -> int:
        raise OSError("no space left on device")

    monkeypatch.setattr(shared_mark.os, "write", full)
    with pytest.raises(OSError, match="no space"):
        mark.renew("post:1")
    assert mark.read() != before


def test_line_that_a_full_disk_cut_spoils_none_that_comes_later(tmp_path, monkeypatch):
    mark, write = SharedMark(tmp_path / "mark"), os.write
    monkeypatch.setattr(shared_mark.os, "write", lambda file, line: write(file, line[:10]))
    mark.renew("post:1 lists")
    monkeypatch.undo()
    mark.renew("post:3 front")
    assert {"post:1", "post:3", "front"} <= mark.withdrawn_since(LENGTH)


def test_file_that_another_process_has_begun_keeps_its_keys(tmp_path):
    SharedMark(tmp_path / "mark").renew("post:1")
    assert SharedMark(tmp_path / "mark").withdrawn_since(LENGTH) == {"post:1"}

"""Work that other processes do while this one writes rows."""

import multiprocessing
import os
import signal
import subprocess
import sys

import pytest

from blog.jekyll.importing.workers import AHEAD, MAX_BYTES_AHEAD, WorkerDied, Workers
from tests.patience import PATIENCE


def reversed_bytes(data: bytes) -> bytes:
    return data[::-1]


def process_id(data: bytes) -> int:
    return os.getpid()


def fragile(data: bytes) -> bytes:
    """Kills its process for one kind of data, as the system does when memory ends. Refuses another kind."""
    if data.startswith(b"deadly"):
        os.kill(os.getpid(), signal.SIGKILL)
    if data.startswith(b"bad"):
        raise ValueError(data.decode())
    return data.upper()


def outcome(workers: Workers, data: bytes) -> bytes | str:
    try:
        return workers.run(fragile, data)
    except (ValueError, WorkerDied) as error:
        return type(error).__name__


def test_items_and_results_come_in_their_order_whoever_did_the_work():
    items = [b"%d" % number for number in range(100, 200)]
    with Workers(few=3) as workers:
        ahead = workers.ahead(items, lambda item: [(reversed_bytes, item)])
        done = [(item, workers.run(reversed_bytes, item)) for item in ahead]

    assert done == [(item, item[::-1]) for item in items]


def test_a_few_jobs_are_done_here_and_many_elsewhere_announced_or_not():
    items = [b"%d" % number for number in range(AHEAD)]
    with Workers(few=AHEAD) as workers:
        here = {workers.run(process_id, item) for item in workers.ahead(items, lambda item: [(process_id, item)])}
        list(workers.ahead([b"more"], lambda item: [(process_id, item)]))
        elsewhere = workers.run(process_id, b"not announced")

    assert here == {os.getpid()}
    assert elsewhere != os.getpid()


def test_what_kills_its_process_fails_alone():
    items = [b"a", b"deadly 1", b"b", b"bad", b"deadly 2", *(b"c%d" % number for number in range(10))]
    with Workers(few=0) as workers:
        found = [outcome(workers, item) for item in workers.ahead(items, lambda item: [(fragile, item)])]

    assert found[:5] == [b"A", "WorkerDied", b"B", "ValueError", "WorkerDied"]
    assert found[5:] == [b"C%d" % number for number in range(10)]


def test_no_more_than_so_many_items_are_looked_at_before_their_turn():
    looked_at = 0

    def work_for(item):
        nonlocal looked_at
        looked_at += 1
        return [(reversed_bytes, item)] * 3

    with Workers(few=0) as workers:
        for number, item in enumerate(workers.ahead((b"%d" % number for number in range(200)), work_for), start=1):
            assert looked_at <= number + AHEAD
            if number % 2:
                assert workers.run(reversed_bytes, item) == item[::-1]  # the other results are dropped
    assert looked_at == 200


def test_much_data_is_not_sent_ahead_and_still_worked_on():
    items = [bytes([number]) * (MAX_BYTES_AHEAD // 2) for number in range(4)]
    with Workers(few=0) as workers:
        ids = [workers.run(process_id, item) for item in workers.ahead(items, lambda item: [(process_id, item)])]

    assert os.getpid() not in ids


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_processes_end_with_the_block_however_it_ends(error):
    items = [b"%d" % number for number in range(50)]

    def interrupted():
        with Workers(few=0) as workers:
            for item in workers.ahead(items, lambda item: [(process_id, item)]):
                workers.run(process_id, item)
                assert multiprocessing.active_children()
                raise error

    with pytest.raises(error):
        interrupted()
    assert not multiprocessing.active_children()


SCRIPT = """
import multiprocessing, os, signal, sys
from blog.jekyll.importing.workers import Workers
from tests.jekyll.importing.test_workers import process_id

# A test run in the background is started without it.
signal.signal(signal.SIGINT, signal.default_int_handler)
if __name__ == "__main__":
    with Workers(few=0) as workers:
        for item in workers.ahead([b"1", b"2", b"3"], lambda item: [(process_id, item)]):
            assert workers.run(process_id, item) != os.getpid()
            begun = set()  # a process that is only being started would tell of the signal
            while len(begun) < len(multiprocessing.active_children()):
                begun.add(workers.run(process_id, os.urandom(8)))
            print("at work", flush=True)
            sys.stdin.read()  # until a signal comes
"""


@pytest.mark.parametrize(
    ("number", "whole_group"), [(signal.SIGKILL, False), (signal.SIGTERM, True), (signal.SIGINT, True)]
)
def test_processes_end_when_the_import_is_killed(tmp_path, number, whole_group):
    """The processes hold the pipe of the output, which closes when the last of them ends."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    pipe = subprocess.PIPE
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    process = subprocess.Popen(
        [sys.executable, str(script)], stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
    )
    with process:
        assert process.stdout.readline() == b"at work\n", process.stderr.read().decode()
        (os.killpg if whole_group else os.kill)(process.pid, number)
        _, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == -number
    assert errors.count(b"Traceback") == (number == signal.SIGINT)

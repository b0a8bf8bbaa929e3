import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bench.processes import Meter, cpu_seconds, listeners, listening_inodes, with_descendants

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
   2: 00000000:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0
"""


@pytest.fixture
def child() -> Iterator[subprocess.Popen]:
    """A process that is alive until its standard input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", "print(sum(range(10**6)), flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        process.stdout.readline()
        yield process
        process.stdin.close()


def test_only_the_socket_that_listens_on_the_port_is_found() -> None:
    assert listening_inodes(TABLE, 0x1F90) == {"4711"}
    assert listening_inodes(TABLE, 80) == set()


def test_process_that_listens_is_found_by_its_port_until_it_closes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert os.getpid() in listeners(port)
    assert os.getpid() not in listeners(port)


def test_children_belong_to_their_parent(child: subprocess.Popen) -> None:
    assert {os.getpid(), child.pid} <= with_descendants({os.getpid()})
    assert with_descendants({child.pid}) == {child.pid}


def test_clock_is_that_of_the_other_process(child: subprocess.Popen) -> None:
    used = cpu_seconds(child.pid)
    assert 0 < used == cpu_seconds(child.pid)  # it waits for its input


def test_process_that_is_gone_has_no_clock(child: subprocess.Popen) -> None:
    child.kill()
    child.wait()
    assert cpu_seconds(child.pid) is None


def test_meter_counts_what_was_used_since_and_newcomers_whole(child: subprocess.Popen) -> None:
    known = set()
    meter = Meter(lambda: known)
    known.add(child.pid)
    assert meter.used() == pytest.approx(cpu_seconds(child.pid))
    assert Meter(lambda: known).used() == 0

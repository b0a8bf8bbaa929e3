import shutil
from pathlib import Path

import pytest

from bench.load import ANSWERS, RATE, has_wrk, read, requests_answered, requests_per_second
from bench.measure import Subject
from bench.servers import BenchError, bare

OUTPUT = """\
Running 1s test @ http://127.0.0.1:8000/
  1 threads and 4 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.13ms    1.01ms  12.30ms   90.00%
  1880 requests in 1.00s, 300.00KB read
{trouble}Requests/sec:   1880.25
Transfer/sec:    300.00KB
"""


def test_numbers_are_read() -> None:
    assert read(OUTPUT.format(trouble=""), RATE) == 1880.25
    assert read(OUTPUT.format(trouble=""), ANSWERS) == 1880


@pytest.mark.parametrize(
    "trouble",
    ["  Non-2xx or 3xx responses: 7\n", "  Socket errors: connect 0, read 3, write 0, timeout 0\n"],
)
def test_rate_of_other_answers_is_none(trouble: str) -> None:
    with pytest.raises(BenchError, match=trouble.strip()):
        read(OUTPUT.format(trouble=trouble), ANSWERS)


def test_no_rate_is_no_rate() -> None:
    with pytest.raises(BenchError):
        read("", RATE)


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_server_is_measured(tmp_path: Path) -> None:
    assert has_wrk()
    with bare("bare", "bench.bare_wsgi", tmp_path) as server:
        assert requests_per_second(Subject("", "/", server, cookie="a=b"), 0) > 1
        assert requests_answered(f"{server.origin}/", {"Accept-Encoding": "br"}, 0) > 1
    with pytest.raises(BenchError, match="wrk cannot measure"):
        requests_per_second(Subject("", "/", server), 0)

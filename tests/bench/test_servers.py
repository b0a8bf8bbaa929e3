"""What the measurements rest on: the CPU of the right processes, and answers that were not stored before."""

import contextlib
import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bench.load import read, requests_answered
from bench.measure import Subject, rounds, sample
from bench.report import table
from bench.servers import ROOT, BenchError, Server, bare, site_environment


@pytest.mark.parametrize("application", ["bench.bare_wsgi", "bench.bare_django"])
def test_bare_application_is_served_by_gunicorn_and_its_cpu_is_read(application: str, tmp_path: Path) -> None:
    with bare("bare", application, tmp_path) as server:
        assert server.pids()
        found = sample(Subject("", "/", server), 0)
        assert (found.cpu > 0, found.database) == (True, 0)
        with pytest.raises(BenchError, match="answered 404 to /nowhere/") if "django" in application else NOTHING:
            sample(Subject("", "/nowhere/", server), 0)


NOTHING = contextlib.nullcontext()


@pytest.mark.parametrize("state", ["hit", "stale"])
def test_page_out_of_a_store_is_not_measured(state: str) -> None:
    class Stored(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("X-Page-Store", state)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Stored) as stored:
        Thread(target=stored.serve_forever, daemon=True).start()
        with pytest.raises(BenchError, match="must be off"):
            sample(Subject("", "/", Server("site", stored.server_port)), 0)
        stored.shutdown()


def test_table_has_a_line_for_each_page(tmp_path: Path) -> None:
    with bare("bare", "bench.bare_wsgi", tmp_path) as server:
        unit, page = Subject("", "/", server), Subject("home", "/", server)
        found = list(rounds([unit, page], unit, 2, 0))
    described = {"pages": {"home": {"queries": 3, "bytes": 1_000}}, "weights": {}}
    assert "home" in table("sqlite", found, described).splitlines()[-1]


def test_shell_has_no_say_in_what_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DEBUG", "DATABASE_URL", "DATA_DIR", "PGHOST", "WEB_CONCURRENCY", "SITE_URL"):
        monkeypatch.setenv(name, "from the shell")
    assert "from the shell" not in site_environment(tmp_path, "sqlite:////tmp/x", 9).values()


@pytest.mark.parametrize("trouble", ["  Non-2xx or 3xx responses: 7\n", "  Socket errors: connect 0, read 3\n", ""])
def test_answers_of_wrk_count_only_if_all_are_right(trouble: str) -> None:
    with pytest.raises(BenchError):
        read(f"  1880 requests in 1.00s, 300.00KB read\n{trouble}" if trouble else "", r"^\s*([0-9]+) requests in")


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_wrk_counts_the_answers(tmp_path: Path) -> None:
    with bare("bare", "bench.bare_wsgi", tmp_path) as server:
        assert requests_answered(f"{server.origin}/", {"Accept-Encoding": "br"}, 0) > 1


@pytest.mark.release
def test_whole_measurement_runs_on_a_small_site() -> None:
    command = [sys.executable, "-m", "bench", "--size", "60", "--rounds", "1"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "home" in said.stdout
    assert "p95" in said.stdout

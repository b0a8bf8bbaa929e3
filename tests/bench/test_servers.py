import contextlib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bench.__main__ import parse, searched_sizes
from bench.measure import Subject, rounds, sample, status_of
from bench.servers import BenchError, Server, bare, scratch_site, site_environment, target


@pytest.mark.parametrize("application", ["bench.bare_wsgi", "bench.bare_django"])
def test_bare_application_is_served_by_gunicorn_and_its_cpu_is_read(application: str, tmp_path: Path) -> None:
    with bare("bare", application, tmp_path) as server:
        assert len(server.pids()) == 2  # the master and one worker
        found = sample(Subject("", "/", server), 0)
        assert found.cpu > 0
        assert found.database == 0
        again = target(f"other=http://127.0.0.1:{server.port}")
        assert again.pids() == server.pids()
        subject = Subject("", "/", again)
        turns = [found[subject] for found in rounds([subject], subject, 2, 0)]
        assert len(turns) == 2
        assert all(turn.ratio > 0 for turn in turns)
    with pytest.raises(ConnectionRefusedError):
        status_of(Subject("", "/", server))


def test_page_that_does_not_answer_200_is_not_measured(tmp_path: Path) -> None:
    with bare("bare", "bench.bare_django", tmp_path) as server:
        assert status_of(Subject("", "/nowhere/", server)) == 404
        with pytest.raises(BenchError, match="answered 404 to /nowhere/"):
            sample(Subject("", "/nowhere/", server), 0)


@pytest.mark.parametrize(("state", "is_refused"), [("hit", True), ("stale", True), ("miss", False), ("bypass", False)])
def test_page_out_of_a_store_is_not_measured(state: str, is_refused: bool) -> None:
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
        subject = Subject("", "/", Server("site", stored.server_port))
        expected = pytest.raises(BenchError, match="must be off") if is_refused else contextlib.nullcontext()
        with expected:
            sample(subject, 0)
        stored.shutdown()


def test_application_that_does_not_start_is_told_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"bench\.absent"), bare("absent", "bench.absent", tmp_path):
        pass


@pytest.mark.parametrize(
    "argument",
    ["", "=", "other", "other=", "=http://127.0.0.1:1", "o=ftp://a", "o=http://", "o=http://h:99999", "o=http://h/a/"],
)
def test_target_that_is_no_site_is_refused_in_words(argument: str) -> None:
    with pytest.raises(BenchError, match="must be name=http://host:port"):
        target(argument)


def test_target_that_does_not_run_here_is_refused() -> None:
    with pytest.raises(BenchError, match="Nothing on this machine listens"):
        target("other=http://127.0.0.1:1")


def test_shell_has_no_say_in_what_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DEBUG", "DATABASE_URL", "DATA_DIR", "PGHOST", "WEB_CONCURRENCY", "SITE_URL"):
        monkeypatch.setenv(name, "from the shell")
    environment = site_environment(tmp_path, "sqlite:////tmp/x", 9)
    assert "from the shell" not in environment.values()
    assert environment["DEBUG"] == "0"


def test_database_server_is_known_by_its_port() -> None:
    assert Server("site", 1).database_pids() == set()


def test_site_that_is_kept_is_where_it_was_asked_for(tmp_path: Path) -> None:
    with scratch_site("sqlite", tmp_path / "kept") as environment:
        assert environment["DATABASE_URL"] == f"sqlite:///{tmp_path}/kept/site.sqlite3"
    assert (tmp_path / "kept").is_dir()
    with scratch_site("sqlite", None) as environment:
        assert Path(environment["DATA_DIR"]).is_dir()
    assert not Path(environment["DATA_DIR"]).exists()


def test_quick_run_is_small() -> None:
    assert parse(["--quick", "--size", "100000"]).size == [100]


def test_search_is_measured_in_the_real_articles_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORPUS_DIR", raising=False)
    assert searched_sizes(parse(["--size", "1000000", "2500"])) == [2500]
    monkeypatch.setenv("CORPUS_DIR", "/somewhere")
    assert searched_sizes(parse([])) == [0, 2_500]
    assert searched_sizes(parse(["--quick"])) == [100]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rounds", "0"],
        ["--target", "site=http://127.0.0.1:1"],
        ["--size", "0"],
        ["--size", "many"],
        ["--database", "x"],
    ],
)
def test_nonsense_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        parse(arguments)

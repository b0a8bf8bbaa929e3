"""`make run` as a person meets it, in processes of their own; the installation before it has its own tests."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bench.processes import with_descendants
from scripts import lock, start
from scripts.postgres import free_port
from tests.patience import PATIENCE


def environment_for(data_dir: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DEBUG": "0",
        "SECRET_KEY": "k3y-Of-this-test" * 4,
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "SITE_URL": "",
    }


def serve_and_stop(data_dir: Path, port: int) -> tuple[str, str]:
    """The home page of a site started in `data_dir`, and all that its terminal showed until Ctrl-C."""
    environment = environment_for(data_dir, port)
    command = [sys.executable, "-m", "scripts.start", "run"]
    with (
        open(data_dir / "terminal", "w+") as terminal,
        subprocess.Popen(command, cwd=lock.ROOT, env=environment, stdout=terminal, stderr=terminal) as site,
    ):
        try:
            page = fetch(f"http://{start.HOST}:{port}/", site)
            workers = wait_for_worker(site)
        finally:
            site.send_signal(signal.SIGINT)
            code = site.wait(PATIENCE)
        terminal.seek(0)
        output = terminal.read()
    assert code == 0, output
    wait_for_end(workers)
    return page, output


def fetch(url: str, site: subprocess.Popen) -> str:
    deadline = time.monotonic() + PATIENCE
    while site.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url) as response:
                return response.read().decode()
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.05)
    return ""


def wait_for_worker(site: subprocess.Popen) -> set[int]:
    """The processes of the worker that the start began."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        pids = with_descendants({site.pid})
        if found := {pid for pid in pids if b"run_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()}:
            return found
        time.sleep(0.05)
    raise AssertionError("no worker was started")


def wait_for_end(pids: set[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def shows_an_article(page: str) -> bool:
    files = (lock.ROOT / "blog" / "sample_content" / "_posts").glob("*.md")
    return any(f"/{path.stem[11:]}/" in page for path in files)


@pytest.mark.sqlite
def test_first_start_shows_the_sample_articles_and_the_second_repeats_no_work(interruptible, tmp_path):
    port = free_port()
    page, output = serve_and_stop(tmp_path, port)
    assert f"http://127.0.0.1:{port}/admin/" in output
    assert "make superuser" in output
    assert f'<link rel="canonical" href="http://127.0.0.1:{port}/">' in page
    assert shows_an_article(page)
    assert "Collecting the static files" in output

    # `make manage` reaches the same site without a word about it.
    command = [sys.executable, "-m", "scripts.start", "manage", "import_jekyll", "blog/sample_content", "--dry-run"]
    environment = environment_for(tmp_path, port)
    result = subprocess.run(command, cwd=lock.ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "19 unchanged" in result.stdout

    # Its database becomes that of an older version, whose search had other documents: that alone is left to do.
    with closing(sqlite3.connect(tmp_path / "site.sqlite3")) as database, database:
        database.execute("UPDATE blog_searchdocument SET form = form - 1")
    page, output = serve_and_stop(tmp_path, port)
    assert shows_an_article(page)
    assert "Collecting the static files" not in output
    assert "Applying" not in output
    assert "19 articles were indexed" in output

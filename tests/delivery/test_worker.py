"""A real worker, killed in the middle of its work."""

import contextlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time

import pytest

from bench.servers import ROOT
from tests.patience import PATIENCE
from tests.sites import server

pytestmark = pytest.mark.sqlite  # on a site of its own, whatever the database of the run

POST_A_MAIL = "from blog.editing import mail; mail.send.enqueue(['a@example.jp'], 'kept', 'text')"


@pytest.fixture
def site(sites_folder, tmp_path):
    """The settings of a site that is nobody else's, and has no other task."""
    shutil.copytree(sites_folder / "empty", tmp_path / "empty")
    return server.environment(tmp_path, "empty", port=8000)


@contextlib.contextmanager
def worker(site, **settings):
    command = [sys.executable, "manage.py", "run_worker", "--interval=0.05"]
    with subprocess.Popen(command, cwd=ROOT, env=site | settings) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.release
def test_task_of_a_killed_worker_is_done_by_the_next_and_without_one_it_waits(site, tmp_path):
    # Queued by a process that has ended since.
    subprocess.run([sys.executable, "manage.py", "shell", "-c", POST_A_MAIL], cwd=ROOT, env=site, check=True)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        with worker(site, EMAIL_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}") as killed:
            connection = silent.accept()[0]  # it is sending, and waits for a server that says nothing
            killed.kill()
            killed.wait()
            connection.close()

    with contextlib.closing(sqlite3.connect(tmp_path / "empty" / "site.sqlite3")) as database, database:
        rows = database.execute(
            "SELECT status FROM django_tasks_database_dbtaskresult WHERE status <> 'SUCCESSFUL'"
        ).fetchall()
        assert rows == [("RUNNING",)]
        database.execute(
            "UPDATE django_tasks_database_dbtaskresult SET started_at = datetime(started_at, '-11 minutes')"
        )

    mails = tmp_path / "mails"
    with worker(site, EMAIL_URL=f"filemail:///{mails}") as second:
        deadline = time.monotonic() + PATIENCE
        while not [text for file in mails.glob("*.log") if "Subject: kept" in (text := file.read_text())]:
            assert second.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        second.send_signal(signal.SIGTERM)
        assert second.wait(PATIENCE) == 0

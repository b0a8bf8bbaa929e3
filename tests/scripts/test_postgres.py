import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from scripts import lock, postgres
from scripts.debian import Unavailable
from tests.patience import PATIENCE


@pytest.fixture(scope="module", autouse=True)
def installed():
    if postgres.find_binaries() is None:
        pytest.skip("PostgreSQL is not installed")


def ask(url: str, query: str) -> str:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0]


def assert_gone(url: str, directory: str) -> None:
    assert not Path(directory).exists()
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(url, connect_timeout=PATIENCE)


def start_script(*command: str) -> subprocess.Popen:
    arguments = [sys.executable, "-m", "scripts.postgres", *command]
    return subprocess.Popen(arguments, cwd=lock.ROOT, stdout=subprocess.PIPE, text=True)


def test_cluster_answers_in_utf8_to_its_password_only_and_is_gone_afterwards(monkeypatch):
    monkeypatch.setenv("PGOPTIONS", "--no-such-option")
    monkeypatch.setenv("PGPORT", "1")
    with postgres.cluster() as url:
        monkeypatch.delenv("PGOPTIONS")
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SHOW lc_collate") == "C"
        directory = ask(url, "SHOW data_directory")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url, password="guess")
    assert_gone(url, directory)


def test_cluster_is_gone_after_its_block_fails():
    cluster = postgres.cluster()
    url = cluster.__enter__()
    directory = ask(url, "SHOW data_directory")
    failure = ZeroDivisionError()
    assert not cluster.__exit__(type(failure), failure, None)
    assert_gone(url, directory)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_killed_script_ends_its_command_and_its_cluster(interruptible, number, code):
    script = start_script("sh", "-c", "echo $DATABASE_URL $$; exec sleep 60")
    with script:
        url, child = script.stdout.readline().split()
        directory = ask(url, "SHOW data_directory")
        script.send_signal(number)
    assert script.returncode == code
    assert_gone(url, directory)
    with pytest.raises(ProcessLookupError):
        os.kill(int(child), 0)


def test_script_ends_as_its_command_did():
    with start_script("sh", "-c", "exit 7") as script:
        pass
    assert script.returncode == 7


def test_server_that_cannot_start_says_why(tmp_path):
    cluster = postgres.Cluster(tmp_path, bin_dir=tmp_path, user=None)
    (tmp_path / "initdb").write_text("#!/bin/sh\necho the disk is full >&2\nexit 1\n")
    (tmp_path / "initdb").chmod(0o755)
    with pytest.raises(Unavailable, match="initdb failed:\nthe disk is full"):
        cluster.start()


def test_absent_server_is_told_to_who_may_not_install_it(monkeypatch):
    monkeypatch.setattr(postgres, "find_binaries", lambda: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Unavailable, match="sudo apt install postgresql"):
        postgres.binaries()

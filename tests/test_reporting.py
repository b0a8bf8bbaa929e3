"""The suite's own rules, each tried on a small suite in a process of its own."""

import subprocess
import sys

import pytest

from scripts import lock

SUITE = """
import pytest
from tests.reporting import *

@pytest.mark.sqlite
def test_on_sqlite(): pass

@pytest.mark.postgresql
def test_on_postgresql(): raise AssertionError

def test_skipped(): pytest.skip({reason!r})
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    def run_suite(reason: str, **environment: str) -> subprocess.CompletedProcess:
        for name in ("CI", "CORPUS_DIR"):
            monkeypatch.delenv(name, raising=False)
        for name, value in (environment | {"DATABASE_URL": "sqlite://:memory:", "TMPDIR": str(tmp_path)}).items():
            monkeypatch.setenv(name, value)
        hooks, tests = SUITE.split("\n\n", 1)
        (tmp_path / "conftest.py").write_text(hooks)
        (tmp_path / "test_suite.py").write_text("import pytest\n" + tests.format(reason=reason))
        options = ["-c", lock.ROOT / "pyproject.toml", "--rootdir", tmp_path, "-p", "no:cacheprovider", "-n", "1"]
        command = [sys.executable, "-m", "pytest", *options, tmp_path]
        return subprocess.run(command, cwd=lock.ROOT, capture_output=True, text=True, check=False, timeout=120)

    return run_suite


def test_test_for_another_database_is_left_out_and_not_skipped(run):
    result = run("no reason")
    assert result.returncode == 0, result.stdout
    assert "1 passed, 1 skipped" in result.stdout


def test_skip_fails_the_run_in_ci_and_is_named(run):
    result = run("not today", CI="true")
    assert result.returncode == 1
    assert "test_suite.py::test_skipped: not today" in result.stdout


def test_missing_corpus_may_be_skipped_in_ci(run):
    assert run("CORPUS_DIR is not set", CI="true").returncode == 0


def test_corpus_that_is_there_may_not_be_skipped_in_ci(run):
    assert run("CORPUS_DIR is not set", CI="true", CORPUS_DIR="/srv/corpus").returncode == 1

"""The suite's own rules, each tried on a small suite within this process."""

import pytest
from django.db import connections

pytest_plugins = ["pytester"]

CONFTEST = """
import pytest
from tests.reporting import *

@pytest.fixture
def db(): pass

@pytest.fixture
def rows(db): pass
"""
SUITE = """
import pytest
from django.test import SimpleTestCase, TestCase, TransactionTestCase

@pytest.mark.sqlite
def test_marked_sqlite(): pass

@pytest.mark.postgresql
def test_marked_postgresql(rows): pass

@pytest.mark.sqlite
class TestMarkedAsAWhole:
    def test_left_out(self): pass

    @pytest.mark.postgresql
    def test_repeated(self, rows): pass

def test_without_database(): pass

def test_with_fixture(rows): pass

@pytest.mark.django_db
def test_with_mark(): pass

class Simple(SimpleTestCase):
    def test_without_database_in_a_case(self): pass

class Whole(TestCase):
    def test_in_a_case(self): pass

class Committed(TransactionTestCase):
    def test_in_a_committed_case(self): pass
"""
MARKERS = "[pytest]\nmarkers =\n  sqlite: one\n  postgresql: another\n  django_db: either\n"


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    for name in ("CI", "CORPUS_DIR"):
        monkeypatch.delenv(name, raising=False)
    # Django is set up in this process already, and its plugin would do so again.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini(MARKERS)
    pytester.makeconftest(CONFTEST)
    return pytester


def run(suite: pytest.Pytester, *options: str) -> pytest.RunResult:
    return suite.runpytest_inprocess(*options)


def run_skipping(suite: pytest.Pytester, reason: str, *options: str) -> pytest.RunResult:
    suite.makepyfile(f"import pytest\n\ndef test_skipped(): pytest.skip({reason!r})\n\ndef test_passed(): pass\n")
    return run(suite, *options)


WITH_DATABASE = {"test_with_fixture", "test_with_mark", "test_in_a_case", "test_in_a_committed_case"}
WITHOUT_DATABASE = {"test_without_database", "test_without_database_in_a_case"}


@pytest.mark.parametrize(
    ("vendor", "wanted"),
    [
        ("sqlite", {"test_marked_sqlite", "test_left_out", "test_repeated"} | WITH_DATABASE | WITHOUT_DATABASE),
        ("postgresql", {"test_marked_postgresql", "test_repeated"} | WITH_DATABASE),
    ],
)
def test_database_gets_its_own_tests_and_only_one_gets_those_without_any(suite, monkeypatch, vendor, wanted):
    monkeypatch.setattr(connections["default"], "vendor", vendor)
    suite.makepyfile(SUITE)
    result = run(suite, "--collect-only", "-q")
    assert {line.rpartition("::")[2] for line in result.outlines if "::" in line} == wanted


def test_test_for_another_database_is_left_out_and_not_skipped(suite, monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    suite.makepyfile("import pytest\n\n@pytest.mark.postgresql\ndef test_elsewhere(): pass\n\ndef test_here(): pass\n")
    run(suite).assert_outcomes(passed=1, skipped=0, deselected=1)


@pytest.mark.parametrize("options", [(), ("-p", "xdist", "-n", "1")], ids=["here", "in a worker"])
def test_skip_fails_the_run_in_ci_and_is_named(suite, monkeypatch, options):
    monkeypatch.setenv("CI", "true")
    result = run_skipping(suite, "not today", *options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*test_skip_fails_the_run_in_ci_and_is_named.py::test_skipped: not today"])


def test_skip_is_no_failure_elsewhere(suite):
    result = run_skipping(suite, "not today")
    assert result.ret == pytest.ExitCode.OK


def test_missing_corpus_may_be_skipped_in_ci(suite, monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert run_skipping(suite, "CORPUS_DIR is not set").ret == pytest.ExitCode.OK


def test_corpus_that_is_there_may_not_be_skipped_in_ci(suite, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("CORPUS_DIR", "/srv/corpus")
    assert run_skipping(suite, "CORPUS_DIR is not set").ret == pytest.ExitCode.TESTS_FAILED

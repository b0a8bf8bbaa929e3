"""What a run must account for: tests that belong to one database, and tests that were skipped.

PostgreSQL repeats every test that reaches the database, unless it is marked `sqlite`. A test may bear that mark for one
of three reasons: it asks a site or a server of its own; it proves that no database is asked; or it is one of many that
differ in who asks, in what is drawn or in what becomes of a file, while each statement that it sends is sent by two
others that repeat. What is about search, locks, constraints, order or odd characters in a database always repeats.

Where most tests of a module or class are of the third kind, it bears the mark as a whole, and those of its tests that
PostgreSQL repeats bear `postgresql` too: of one that draws rows, those few that send its statements. Who adds a test
there that asks a database something new marks it so.

conftest.py takes these hooks in.
"""

import os

import pytest
from django.db import connection
from django.test import TransactionTestCase

DATABASES = {"sqlite", "postgresql"}
EVERYTHING_RUNS_ON = "sqlite"
ASKING = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    """A test that has nothing to say on this database is left out; skipped would be a gap."""
    left_out = [item for item in items if not belongs_on(connection.vendor, item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def belongs_on(vendor: str, item: pytest.Function) -> bool:
    named = {name for name in DATABASES if item.get_closest_marker(name)}
    if named:
        return vendor in named
    return vendor == EVERYTHING_RUNS_ON or reaches_database(item)


def reaches_database(item: pytest.Function) -> bool:
    """Whether the test may: pytest-django refuses a connection to one that does not ask for it in one of these ways."""
    is_django_case = item.cls is not None and issubclass(item.cls, TransactionTestCase)
    asks_by_fixture = not ASKING.isdisjoint(item.fixturenames)
    return is_django_case or asks_by_fixture or item.get_closest_marker("django_db") is not None


def forbidden_skips(config: pytest.Config) -> list[str]:
    """In CI everything runs; only the tests on real posts may miss their posts."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or terminal is None:
        return []
    reports = terminal.stats.get("skipped", [])
    reasons = ((report.nodeid, report.longrepr[2].removeprefix("Skipped: ")) for report in reports)
    allowed = () if os.environ.get("CORPUS_DIR") else ("CORPUS_DIR",)
    return [f"{test}: {reason}" for test, reason in reasons if not reason.startswith(allowed)]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and forbidden_skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    if skips := forbidden_skips(config):
        terminalreporter.section("skipped, which CI does not allow", red=True)
        for line in skips:
            terminalreporter.line(line)

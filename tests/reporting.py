"""What a run must account for: tests that belong to one database, and tests that were skipped.

conftest.py takes these hooks in.
"""

import os

import pytest

DATABASES = {"sqlite", "postgresql"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test for one database is left out on the other, where it has nothing to say; skipped would be a gap."""
    from django.db import connection

    others = DATABASES - {connection.vendor}
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in others)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


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

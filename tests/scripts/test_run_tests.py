"""What the two runs of `make test` share."""

import contextlib
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

from scripts import run_tests
from tests.sites import server


def test_both_runs_take_their_sites_from_one_folder_which_goes_with_them(monkeypatch):
    told = []

    @contextlib.contextmanager
    def pytest(settings, workers, output=None):
        assert Path(settings["MADE_SITES"]).is_dir()
        told.append(settings)
        yield SimpleNamespace(wait=lambda: run_tests.PASSED)

    monkeypatch.setattr(run_tests, "pytest", pytest)
    monkeypatch.setattr("sys.argv", ["run_tests", "tests/views"])
    assert run_tests.run("postgres://db.example.jp/site") == [run_tests.PASSED] * 2
    assert [settings.get("DATABASE_URL") for settings in told] == ["postgres://db.example.jp/site", None]
    [folder] = {settings["MADE_SITES"] for settings in told}
    assert not Path(folder).exists()


def test_tests_of_a_fresh_clone_are_compiled_once_before_the_runs(monkeypatch, tmp_path):
    made = []
    monkeypatch.setattr(server, "make_once", lambda folder, name: made.append(name))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "test_one.py").write_text("def test_one():\n    assert True\n")
    for _ in range(2):
        run_tests.warm_up(tmp_path, tmp_path)
        [compiled] = (tmp_path / "__pycache__").glob("test_one*.pyc")
        assert made == [server.NOTHING, server.STATIC]
    assert "-pytest-" in compiled.name


@pytest.mark.sqlite
@pytest.mark.parametrize("named", ["sqlite_schema", "auth_permission", "auth_group_permissions", "django_content_type"])
def test_tables_that_workers_copy_are_those_that_they_would_make(db, sites_folder, named):
    """Where the run has no folder of made sites, as outside `make test`, this worker has made its own."""
    ask = f"SELECT * FROM {named} ORDER BY name" if named == "sqlite_schema" else f"SELECT * FROM {named} ORDER BY id"
    with contextlib.closing(sqlite3.connect(server.database(sites_folder, server.NOTHING))) as made:
        copied = made.execute(ask).fetchall()
    with connection.cursor() as cursor:
        assert cursor.execute(ask).fetchall() == copied != []

"""A restore into a database file of SQLite, where the driver would wait for ever; the tests' own is in memory."""

import sqlite3
from contextlib import closing

import pytest
from django.db import ConnectionHandler

from blog.operations.backups import sqlite as backups
from blog.operations.backups.store import BackupError

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db]


def test_file_of_a_site_that_was_not_stopped_is_waited_for_no_longer_than_told(tmp_path, monkeypatch):
    copy, file = tmp_path / "copy.sqlite3", tmp_path / "site.sqlite3"
    site = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": {"timeout": 0}}}
    )["default"]
    monkeypatch.setattr(backups, "connection", site)
    monkeypatch.setattr(backups, "LOCK_TIMEOUT", 0)
    for path in (copy, file):
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE named (name)")
    with closing(sqlite3.connect(file, isolation_level=None)) as other, closing(site):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BackupError, match="is in use"):
            backups.load(copy)

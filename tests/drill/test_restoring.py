"""The drill of backups in small, on the database of the run, and that it would see a difference."""

import shutil
import sqlite3
from contextlib import closing

import pytest
from django.db import connection

from scripts import debian
from tests.drill import restoring
from tests.drill.restoring import compare, drill
from tests.drill.sites import Site, sites_on
from tests.drill.tallies import Tally
from tests.sites import server


@pytest.mark.django_db
def test_backup_of_a_busy_site_is_restored_whole_in_an_empty_place(tables):
    debian.require("restic", "restic")
    with sites_on(connection.vendor, tables) as sites:
        tally = drill(sites, posts=0)
    assert tally.is_clean, str(tally)
    assert "23 files, 0 different" in tally.figures


@pytest.mark.sqlite
def test_row_that_changed_after_the_backup_is_seen(monkeypatch, sites_with):
    made = sites_with("single") / "single"

    def copy_and_change(site, folder, script):
        shutil.copytree(made, site.folder, dirs_exist_ok=True)
        with closing(sqlite3.connect(server.database(site.folder.parent, site.folder.name))) as database, database:
            database.execute("UPDATE blog_post SET title = '別の題'")

    monkeypatch.setattr(restoring, "restic", copy_and_change)  # the test above restores
    tally, site = Tally(), Site(made, server.environment(made.parent, "single", port=8000))
    with sites_on("sqlite") as sites:
        compare(tally, site, sites.make("copy"), sites.folder / "backups")
    assert any(failure.startswith("tables: blog_post") for failure in tally.failures)
    assert any(failure.startswith("pages: /20") for failure in tally.failures)

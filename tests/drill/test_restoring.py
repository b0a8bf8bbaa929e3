"""The drill of backups in small, on the database of the run."""

import pytest
from django.db import connection

from scripts import debian
from tests.drill.restoring import drill
from tests.drill.sites import sites_on


@pytest.mark.release
@pytest.mark.django_db
def test_backup_of_a_busy_site_is_restored_whole_in_an_empty_place(tables):
    debian.require("restic", "restic")
    with sites_on(connection.vendor, tables) as sites:
        tally = drill(sites, posts=0)
    assert tally.is_clean, str(tally)
    assert "18 files, 0 different" in tally.figures

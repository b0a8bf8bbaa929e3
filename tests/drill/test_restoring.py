"""The drill of backups in small, on the database of the run, and that it would see a difference."""

import pytest
from django.db import connection

from tests.drill.restoring import drill, quiet
from tests.drill.sites import Site, sites_on
from tests.drill.tallies import Tally


@pytest.mark.django_db
def test_backup_of_a_busy_site_is_restored_whole_in_an_empty_place():
    with sites_on(connection.vendor) as sites:
        tally = drill(sites, posts=0)
    assert tally.is_clean, str(tally)
    assert "23 files, 0 different" in tally.figures


@pytest.mark.sqlite
def test_row_that_changed_after_the_backup_is_seen(monkeypatch):
    restored = Site.manage

    def restore_and_lose(site, *arguments, **options):
        result = restored(site, *arguments, **options)
        if arguments[0] == "restore" and site.folder.name == "copy":
            site.run("manage.py", "shell", "-v0", "-c", "from blog.models import Post; Post.objects.first().delete()")
        return result

    monkeypatch.setattr(Site, "manage", restore_and_lose)
    tally = Tally()
    with sites_on("sqlite") as sites:
        quiet(tally, sites, posts=0)
    assert any(failure.startswith("tables: blog_post") for failure in tally.failures)
    assert any(failure.startswith("pages: /20") for failure in tally.failures)

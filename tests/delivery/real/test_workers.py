"""Four real workers, each with a store of its own, on a database in a file."""

import shutil
from collections.abc import Iterator

import pytest

from scripts.postgres import free_port
from tests.delivery.real.site import ARTICLES, RealSite, served
from tests.drill.sites import Site
from tests.drill.tallies import Tally
from tests.drill.workers import follow_edits, kill_workers
from tests.sites import server

pytestmark = pytest.mark.sqlite  # on a site of its own, whatever the database of the run

READERS = 16


@pytest.fixture(scope="module")
def site(sites_folder, tmp_path_factory) -> Iterator[RealSite]:
    folder = tmp_path_factory.mktemp("store")
    shutil.copytree(sites_folder / "empty", folder / "empty")
    environment = server.environment(folder, "empty", free_port()) | {"STATIC_ROOT": str(sites_folder / "static")}
    with served(Site(folder, environment)) as real:
        yield real


def test_edit_is_seen_by_the_very_next_request_at_every_worker_and_soon_elsewhere(site):
    tally = Tally()
    follow_edits(tally, site, edits=5)
    assert tally.but_late == [], str(tally)


def test_withdrawn_article_is_sent_by_no_worker(site):
    path = site.path(ARTICLES - 1)
    with site.readers(READERS) as readers:
        assert {reader.ask(path).status for reader in readers} == {200}
        site.edit("withdraw", f"article-{ARTICLES - 1}")
        assert {reader.ask(path).status for reader in readers} == {404}


@pytest.mark.release
def test_killed_workers_send_nothing_wrong(site):
    tally = Tally()
    kill_workers(tally, site, seconds=1, pause=0.15)
    assert tally.but_late == [], str(tally)

"""A real PostgreSQL that stops while readers read, and comes back."""

import time
from collections.abc import Iterator

import pytest

from bench.servers import site_environment
from scripts.postgres import Cluster, Unavailable, free_port, new_cluster
from tests.delivery.real.site import RealSite, served
from tests.drill.sites import Site
from tests.patience import PATIENCE

pytestmark = pytest.mark.postgresql  # on a server of its own, which nobody else needs

READERS = 8


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    try:
        with new_cluster() as cluster:
            yield cluster
    except Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def site(cluster, tmp_path) -> Iterator[RealSite]:
    site = Site(tmp_path, site_environment(tmp_path, cluster.start(), free_port()))
    site.manage("migrate", "-v0")
    site.manage("collectstatic", "--no-input", "-v0")
    with served(site, workers=2) as real:
        yield real


def test_stored_pages_outlive_the_database_but_not_what_was_withdrawn(site, cluster):
    withdrawn = site.path(1)
    paths = ["/", "/feed.xml", *(site.path(number) for number in range(2, 6))]
    with site.readers(READERS) as readers:
        for reader in readers:
            assert {reader.ask(path).status for path in [*paths, withdrawn]} == {200}
        site.edit("withdraw", "article-1")
        for reader in readers:
            assert reader.ask(withdrawn).status == 404
            assert {reader.ask(path).status for path in paths} == {200}
        cluster.stop()
        outcomes, deadline = set(), time.monotonic() + PATIENCE
        while "stale" not in outcomes:  # the workers find out; until then they know that nothing has changed
            assert time.monotonic() < deadline
            for reader in readers:
                answers = [reader.ask(path) for path in paths]
                assert {answer.status for answer in answers} == {200}
                outcomes |= {answer.outcome for answer in answers}
        assert readers[0].ask(withdrawn).status != 200
        assert outcomes <= {"hit", "revalidated", "stale"}
        cluster.serve()
    title, deadline = "戻ってからの題", time.monotonic() + PATIENCE
    site.edit("retitle", "article-2", title)
    with site.readers(READERS) as readers:
        for reader in readers:
            while title not in reader.ask("/").text:
                assert time.monotonic() < deadline

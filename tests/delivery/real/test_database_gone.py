"""A real PostgreSQL that stops while readers read, and comes back."""

import os
import signal
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from bench.servers import site_environment
from scripts.postgres import Cluster, Unavailable, free_port, new_cluster
from tests.delivery.proxy import until
from tests.delivery.real.site import RealSite, served
from tests.drill.outage import lose_database
from tests.drill.sites import Site
from tests.sites import server

pytestmark = pytest.mark.postgresql  # on a server of its own, which nobody else needs


@pytest.fixture(scope="module")
def migrated(tables) -> Iterator[tuple[Cluster, str]]:
    """A server that is stopped, and the URL of a database with the tables of a site, which each test copies."""
    try:
        with new_cluster() as cluster:
            url = cluster.start()
            server.copy_tables(os.environ["DATABASE_URL"], tables, url)
            cluster.stop(signal.SIGINT)
            yield cluster, url
    except Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def cluster(migrated) -> Iterator[Cluster]:
    cluster, _ = migrated
    cluster.serve()
    yield cluster
    cluster.stop()


@pytest.fixture
def site(cluster, migrated, tmp_path, sites_folder) -> Iterator[RealSite]:
    """A site on this server, whose tables are there and empty."""
    _, empty = migrated
    with psycopg.connect(empty, dbname="postgres", autocommit=True) as connection:
        names = {"new": sql.Identifier(tmp_path.name), "old": sql.Identifier(urlsplit(empty).path[1:])}
        connection.execute(sql.SQL("CREATE DATABASE {new} TEMPLATE {old}").format(**names))
    url = urlsplit(empty)._replace(path=f"/{tmp_path.name}").geturl()
    static = {"STATIC_ROOT": str(sites_folder / "static")}  # to collect it anew takes longer than all else
    with served(Site(tmp_path, site_environment(tmp_path, url, free_port()) | static), workers=2) as real:
        yield real


def test_stored_pages_outlive_the_database_but_not_what_was_withdrawn(site, cluster):
    tally = lose_database(site, cluster, seconds=0)
    assert tally.but_late == [], str(tally)


@pytest.mark.release
def test_withdrawn_article_stays_withdrawn_if_the_database_goes_at_once(site, cluster):
    path = site.path(1)
    with site.readers(4) as readers:
        assert {reader.ask(path).status for reader in readers} == {200}
        site.edit("withdraw", "article-1")
        cluster.stop(signal.SIGINT)  # after the commit is on the disk
        until(lambda: {reader.ask("/never/").status for reader in readers} == {503})
        assert {reader.ask(path).status for reader in readers} == {503}

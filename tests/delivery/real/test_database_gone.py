"""A real PostgreSQL that stops while readers read, and comes back."""

import os
import signal
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from bench.servers import site_environment
from scripts import nginx
from scripts.postgres import Cluster, Unavailable, free_port, new_cluster
from tests.delivery.proxy import Client, front_of, until
from tests.delivery.real.site import RealSite, served
from tests.drill.outage import lose_database
from tests.drill.sites import Site
from tests.sites import server

POOL_WAITED = "couldn't get a connection after"  # what the pool says when a request has waited for it in vain

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
def make_site(cluster, migrated, tmp_path, sites_folder) -> Callable[..., Site]:
    """A site on this server, whose tables are there and empty."""

    def make(port: int, **settings: str) -> Site:
        _, empty = migrated
        with psycopg.connect(empty, dbname="postgres", autocommit=True) as connection:
            names = {"new": sql.Identifier(tmp_path.name), "old": sql.Identifier(urlsplit(empty).path[1:])}
            connection.execute(sql.SQL("CREATE DATABASE {new} TEMPLATE {old}").format(**names))
        url = urlsplit(empty)._replace(path=f"/{tmp_path.name}").geturl()
        static = {"STATIC_ROOT": str(sites_folder / "static")}  # to collect it anew takes longer than all else
        return Site(tmp_path, site_environment(tmp_path, url, port) | static | settings)

    return make


@pytest.fixture
def site(make_site) -> Iterator[RealSite]:
    with served(make_site(free_port()), workers=2) as real:
        yield real


def test_stored_pages_outlive_the_database_but_not_what_was_withdrawn(site, cluster):
    tally = lose_database(site, cluster, seconds=0)
    assert tally.but_late == [], str(tally)


@pytest.mark.release
def test_strangers_hold_no_thread_of_a_site_without_its_database(make_site, cluster):
    """One worker: a reader whose connection it closes would go on at another, which may never have held the page."""
    with served(make_site(free_port()), workers=1) as site, site.readers(4) as readers:
        log = site.kept_in.folder / "gunicorn.log"
        assert {reader.ask("/").status for reader in readers} == {200}
        cluster.stop()
        for reader in readers:  # its worker has found out, perhaps after a wait
            until(lambda reader=reader: reader.ask("/search/?q=a").status == 503 and reader.ask("/").outcome == "stale")
        waits = log.read_text().count(POOL_WAITED)
        for path in ("/wp-login.php", "/readyz", "/metrics", "/tags"):
            assert {reader.ask(path).status for reader in readers} == {503}
            assert log.read_text().count(POOL_WAITED) == waits, path


@pytest.mark.release
def test_nginx_holds_neither_the_text_nor_the_lists_of_what_was_withdrawn_as_the_database_went(make_site, cluster):
    """No worker runs: the queue, which has the same purges, is in the database."""
    port = free_port()
    with front_of(port) as front:
        https = {"SITE_URL": f"https://{nginx.SERVER_NAME}", "ALLOWED_HOSTS": "", "TRUSTED_PROXIES": "1"}
        purges = {"PURGE_URLS": f"http://127.0.0.1:{front.purges}"}
        with served(make_site(port, **https, **purges), workers=1) as real:
            client, withdrawn, other = Client(front), real.path(1), real.path(2)
            naming = ["/", "/articles/", "/feed.xml", withdrawn[: len("/2026/11/")], "/authors/editors/"]
            for path in (withdrawn, other, *naming):
                assert withdrawn in client.ask(path).body or path == other
                until(lambda path=path: client.kept(f"{nginx.SERVER_NAME}{path}?"))
            real.edit("withdraw", "article-1")
            until(lambda: not any(client.kept(f"{nginx.SERVER_NAME}{path}?") for path in (withdrawn, *naming)))
            until(lambda: client.ask(withdrawn).status == 404)  # by then the site knows, too
            assert client.ask(other).status == 200
            cluster.stop()
            until(lambda: client.ask("/tags/").status == 503)
            assert client.ask(withdrawn).status in (404, 503)  # which may be known for ten seconds
            assert {client.ask(path).status for path in naming} == {503}
            assert client.ask(other).status == 200


@pytest.mark.release
def test_withdrawn_article_stays_withdrawn_if_the_database_goes_at_once(site, cluster):
    path = site.path(1)
    with site.readers(4) as readers:
        assert {reader.ask(path).status for reader in readers} == {200}
        site.edit("withdraw", "article-1")
        cluster.stop(signal.SIGINT)  # after the commit is on the disk
        until(lambda: {reader.ask("/never/").status for reader in readers} == {503})
        assert {reader.ask(path).status for reader in readers} == {503}

"""Four real workers, each with a store of its own, on a database in a file."""

import shutil
import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from scripts.postgres import free_port
from tests.delivery.real.site import ARTICLES, RealSite, served
from tests.drill.crawling import crawl
from tests.drill.sites import Site
from tests.drill.tallies import Tally
from tests.drill.workers import follow_edits, kill_workers, mix
from tests.patience import PATIENCE
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


def test_page_is_made_once_by_a_worker_and_sent_in_each_encoding(site):
    path = site.path(1)
    with site.reader() as reader:
        first = reader.ask(path, accept_encoding="br")
        assert first.status == 200
        for encoding in ("br", "gzip", ""):
            again = reader.ask(path, accept_encoding=encoding)
            assert again.outcome == "hit"
            assert again.headers.get("Content-Encoding", "") == encoding
            assert again.body == first.body
            assert reader.ask(path, accept_encoding=encoding, if_none_match=again.headers["ETag"]).status == 304
            head = reader.ask(path, "HEAD", accept_encoding=encoding)
            assert (head.sent, head.headers["Content-Length"]) == (b"", str(len(again.sent)))
        assert len(reader.ask(path, accept_encoding="br").sent) < len(first.body) / 4


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


def test_scheduled_article_appears_at_its_moment_and_not_before(site):
    """Nothing tells the workers then: each stored page knows when it ends."""
    due = datetime.now().astimezone() + timedelta(seconds=4)
    site.edit("schedule", "scheduled", due.isoformat())
    pages, deadline = ("/", "/feed.xml", "/category/markets/"), time.monotonic() + PATIENCE
    with site.readers(4) as readers:
        missing = {(reader_number, page) for reader_number in range(4) for page in pages}
        while missing:
            assert time.monotonic() < deadline
            time.sleep(0.1)  # between two rounds; without it they take both cores
            for number, page in sorted(missing):
                text = readers[number].ask(page).text
                if datetime.now().astimezone() < due:
                    assert "予約の題" not in text
                elif "予約の題" in text:
                    missing.remove((number, page))


@pytest.mark.release
def test_staff_and_readers_at_once_never_get_each_others_answers(site):
    tally = Tally()
    mix(tally, site, requests=320)
    assert tally.but_late == [], str(tally)


RAW = {
    "two hosts": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    "an address in full": b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "an address in full, of another host": b"GET http://127.0.0.1/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "odd case": b"GET / HTTP/1.1\r\nhOsT: 127.0.0.1\r\nX-FORWARDED-host: evil.example\r\n\r\n",
    "an underscore": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHTTP_HOST: evil.example\r\nScript_Name: /evil\r\n\r\n",
    "more slashes": b"GET //evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "no host": b"GET / HTTP/1.0\r\n\r\n",
    "a body": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n\r\nevil",
    "a proxy": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: evil\r\n\r\n",
    "a tracked query": b"GET /?utm_source=evil HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
}


@pytest.mark.release
@pytest.mark.parametrize("trick", sorted(RAW))
def test_nothing_that_one_reader_sends_reaches_another(site, trick):
    site.edit("retitle", "article-5", f"題、{trick}の前")  # no worker has the page now
    for _ in range(READERS):
        with socket.create_connection((site.server.host, site.server.port), timeout=PATIENCE) as connection:
            connection.sendall(RAW[trick])
            assert connection.recv(100)
    expected = site.ask("/?tate")  # which no page is stored for
    assert expected.outcome == "bypass"
    with site.readers(READERS) as readers:
        for reader in readers:
            answer = reader.ask("/", accept_encoding="br")
            assert (answer.status, answer.body) == (200, expected.body)
            assert "evil" not in str(answer.headers)


@pytest.mark.release
def test_crawler_of_ever_new_addresses_changes_no_page(site):
    tally = crawl(site, addresses=160)
    assert tally.is_clean, str(tally)
    assert "160 addresses asked for once" in tally.figures


@pytest.mark.release
def test_killed_workers_send_nothing_wrong(site):
    tally = Tally()
    kill_workers(tally, site, seconds=1, pause=0.15)
    assert tally.but_late == [], str(tally)

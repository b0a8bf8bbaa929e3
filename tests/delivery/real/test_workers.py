"""Four real workers, each with a store of its own, on a database in a file."""

import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from http.client import HTTPException
from random import Random
from threading import Event

import pytest

from bench.processes import with_descendants
from scripts.postgres import free_port
from tests.delivery.real.site import ARTICLES, RealSite, served
from tests.drill.sites import Site
from tests.patience import PATIENCE
from tests.sites import server

pytestmark = pytest.mark.sqlite  # on a site of its own, whatever the database of the run

READERS = 16
EDITS = 5


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


def test_edit_is_seen_by_the_very_next_request_at_every_worker(site):
    path = site.path(0)
    with site.readers(READERS) as readers:
        for number in range(EDITS):
            title = f"直した題{number}"
            site.edit("retitle", "article-0", title)
            for reader in readers:
                assert title in reader.ask(path).text
                assert title in reader.ask("/").text
                assert title in reader.ask("/feed.xml").text


def test_edit_leaves_a_page_that_does_not_show_it(site):
    path = "/feeds/"
    with site.reader() as reader:
        reader.ask(path)
        site.edit("retitle", "article-0", "また別の題")
        assert [reader.ask(path).outcome for _ in range(2)] == ["revalidated", "hit"]


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
    pages, deadline = ("/", "/feed.xml", "/category/markets/", "/?page=2"), time.monotonic() + PATIENCE
    with site.readers(4) as readers:
        missing = {(reader_number, page) for reader_number in range(4) for page in pages[:3]}
        while missing:
            assert time.monotonic() < deadline
            for number, page in sorted(missing):
                text = readers[number].ask(page).text
                if datetime.now().astimezone() < due:
                    assert "予約の題" not in text
                elif "予約の題" in text:
                    missing.remove((number, page))


def test_staff_and_readers_at_once_never_get_each_others_answers(site):
    cookie, paths = site.edit("log_in"), ["/", "/admin/", site.path(2), site.path(3)]

    def read(seed: int) -> set[tuple[bool, str, int, str]]:
        random, seen = Random(seed), set()
        with site.reader() as reader:
            for _ in range(40):
                is_staff, path = random.random() < 0.4, random.choice(paths)
                answer = reader.ask(path, **({"cookie": cookie} if is_staff else {}))
                store = "bypass" if answer.outcome == "bypass" else "store"
                seen.add((is_staff, path, answer.status, store))
        return seen

    with ThreadPoolExecutor(8) as threads:
        readers = [threads.submit(read, seed) for seed in range(8)]
        for number in range(EDITS):
            site.edit("retitle", "article-2", f"途中の題{number}")
    seen = set().union(*(reader.result() for reader in readers))
    public = {(path, 200) for path in paths if path != "/admin/"}
    assert seen == (
        {(True, path, status, "bypass") for path, status in public | {("/admin/", 200)}}
        | {(False, path, status, "store") for path, status in public}
        | {(False, "/admin/", 302, "bypass")}
    )


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


@pytest.mark.parametrize("trick", sorted(RAW))
def test_nothing_that_one_reader_sends_reaches_another(site, trick):
    site.edit("retitle", "article-5", f"題、{trick}の前")  # no worker has the page now
    for _ in range(READERS):
        with socket.create_connection((site.server.host, site.server.port), timeout=PATIENCE) as connection:
            connection.sendall(RAW[trick])
            assert connection.recv(100)
    expected = site.ask("/", cookie="sessionid=none")
    assert expected.outcome == "bypass"
    with site.readers(READERS) as readers:
        for reader in readers:
            answer = reader.ask("/", accept_encoding="br")
            assert (answer.status, answer.body) == (200, expected.body)
            assert "evil" not in str(answer.headers)


def test_killed_workers_send_nothing_wrong(site):
    paths = [site.path(number) for number in range(3, 8)]
    expected = {path: site.ask(path, cookie="sessionid=none").body for path in paths}
    has_ended = Event()

    def read(seed: int) -> tuple[int, list[str]]:
        random, right, wrong = Random(seed), 0, []
        while not has_ended.is_set():
            with suppress(HTTPException, OSError), site.reader() as reader:
                for _ in range(20):
                    path = random.choice(paths)
                    answer = reader.ask(path, accept_encoding="br")
                    if (answer.status, answer.body) == (200, expected[path]):
                        right += 1
                    else:
                        wrong.append(f"{answer.status} {path}")
        return right, wrong

    (master,) = site.server.roots
    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read, seed) for seed in range(4)]
        for seed in range(6):
            workers = sorted(with_descendants({master}) - {master})
            os.kill(Random(seed).choice(workers), signal.SIGKILL)
            time.sleep(0.3)  # between the kills; nothing is measured
        has_ended.set()
    results = [reader.result() for reader in readers]
    assert [wrong for _, wrong in results] == [[]] * 4
    assert sum(right for right, _ in results) > 0
    assert site.ask(paths[0]).status == 200

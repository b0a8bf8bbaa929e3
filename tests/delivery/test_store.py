"""What is stored, for whom, for how long and in how much memory."""

import gc
import gzip
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from random import Random
from urllib.parse import unquote

import brotli
import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from blog.delivery.generation import touch
from blog.delivery.store import PageStore
from blog.editing.saving import save_post
from blog.views.base import PostListView
from tests.delivery.reader import Application, ask
from tests.factories import make_post, make_scheduled, make_user

# A request gives back its connection; on PostgreSQL that would end the transaction that the test runs in.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.usefixtures("present")]

DAY, NOW = timedelta(days=1), "2026-04-01T03:00:00Z"


@pytest.fixture
def change(committed) -> Callable[..., None]:
    return lambda **about: committed(touch, **about)


@pytest.fixture
def post():
    return make_post("はじめの題", slug="only", body="本文です。\n\n" * 200, tags=["AI"])


@pytest.fixture
def site(post) -> PageStore:
    return PageStore(WSGIHandler())


def gone_database(*args) -> None:
    raise OperationalError("gone")


def outcomes(store: PageStore, *urls: str) -> list[str]:
    return [ask(store, url).outcome for url in urls]


# --- what is stored ---


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("500 Internal Server Error", {}),
        ("302 Found", {}),
        ("200 OK", {"Set-Cookie": "a=b"}),
        ("200 OK", {"Cache-Control": "private"}),
        ("200 OK", {"Cache-Control": "max-age=0, No-Store"}),
        ("200 OK", {"Vary": "Accept-Encoding, Cookie"}),
        ("200 OK", {"Vary": "*"}),
        ("200 OK", {"Content-Encoding": "gzip"}),
    ],
)
def test_what_may_not_be_for_everybody_is_never_stored(status, headers):
    application = Application(status, headers=headers)
    store = PageStore(application)
    received = [ask(store) for _ in range(2)]
    assert [answer.outcome for answer in received] == ["bypass"] * 2
    assert len(application.asked) == 2
    assert received[0].headers["Cache-Control"] == headers.get("Cache-Control", "private, no-cache")


@pytest.mark.parametrize("status", ["200 OK", "301 Moved Permanently", "404 Not Found"])
def test_page_is_made_once_and_then_sent_from_memory(status):
    application = Application(status, headers={"X-Request-ID": "of the first"})
    store = PageStore(application)
    first, second = ask(store), ask(store)
    assert (first.outcome, second.outcome, len(application.asked)) == ("miss", "hit", 1)
    assert first.status == second.status == int(status[:3])
    assert first.body == second.body == application.body
    assert "X-Request-ID" not in second.headers
    assert second.headers["Cache-Control"].startswith("max-age=0, s-maxage=1, stale-while-revalidate=20")


UNSTORED = {"search", "search_suggestions", "preview", "media", "today"}
GIVEN = {
    "slug": "only",
    "year": 2026,
    "month": 4,
    "day": 1,
    "section": "pages",
    "token": "a",
    "path": "a",
    "name": "a.txt",
}


def test_of_all_addresses_only_these_are_not_stored(site, settings):
    settings.VERIFICATION_FILES = {"a.txt": "a"}
    settings.SECURITY_CONTACT = "https://example.jp/"
    own = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "blog")
    names = {each.name: each for each in own.url_patterns if isinstance(each, URLPattern)}
    passed = set()
    for name, pattern in names.items():
        path = unquote(reverse(f"blog:{name}", kwargs={key: GIVEN[key] for key in pattern.pattern.converters}))
        received = [ask(site, path), ask(site, path)]
        if received[1].outcome != "hit":
            assert received[1].outcome == "bypass", path
            passed.add(name)
    assert passed == UNSTORED
    for path in ("/admin/", "/admin/login/", "/healthz", "/readyz", "/metrics", "/static/none.css", "/admin"):
        assert outcomes(site, path, path)[1] == ("hit" if path == "/admin" else "bypass"), path


def test_stored_page_is_the_page(site, post):
    ask(site, post.path)
    hit = ask(site, post.path)
    assert hit.outcome == "hit"
    assert hit.body == Client().get(post.path).content
    assert hit.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in hit.headers["Content-Security-Policy"]
    assert "Surrogate-Key" not in hit.headers, "it would name drafts"


# --- for how long ---


def test_edit_is_seen_by_the_next_request_on_each_page_that_shows_it(site, post, committed):
    pages = ("/", post.path, "/tags/ai/", "/feed.xml", "/category/markets/")
    for path in pages:
        assert "はじめの題" in ask(site, path).text
    post.title = "あとの題"
    committed(save_post, post)
    for path in pages:
        assert "あとの題" in ask(site, path).text
        assert ask(site, path).outcome == "hit"


def test_withdrawn_post_is_gone_at_once(site, post, committed):
    ask(site, post.path)
    post.unpublish()
    committed(save_post, post)
    assert ask(site, post.path).status == 404


def test_change_while_a_page_is_made_is_later_than_the_page(change):
    application = Application()

    def busy(environ, start_response):
        change()
        return application(environ, start_response)

    assert outcomes(PageStore(busy), "/", "/") == ["miss", "miss"]


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/category/markets/", "/archive/", "/2026/04/01/only/"])
def test_publication_that_comes_due_while_a_page_is_made_is_on_the_next(post, path):
    """A page takes a while, and what it asks last knows already what it showed first without."""
    with time_machine.travel("2026-04-02T03:00:00Z", tick=False) as now:
        make_scheduled("ちょうどの題", slug="due", after=timedelta(seconds=1.5), tags=["AI"])
        store = PageStore(WSGIHandler())

        def slowly(execute, *arguments):
            now.shift(timedelta(seconds=0.5))
            return execute(*arguments)

        with connection.execute_wrapper(slowly):
            ask(store, path)
        now.shift(timedelta(seconds=5))
        assert ask(store, path).body == ask(WSGIHandler(), path).body


def test_what_is_not_there_is_known_for_ten_seconds_or_until_anything_changes(change):
    with time_machine.travel(NOW, tick=False) as now:
        store = PageStore(Application("404 Not Found"))
        assert outcomes(store, "/", "/") == ["miss", "hit"]
        change()
        assert outcomes(store, "/", "/") == ["miss", "hit"]
        now.shift(10)
        assert outcomes(store, "/") == ["miss"]


# --- when the database is gone ---


def test_without_a_database_pages_are_sent_for_a_day_past_their_time_and_changes(present, monkeypatch):
    application, clock = Application(), [0.0]
    monkeypatch.setattr("blog.delivery.generation.time.monotonic", lambda: clock[0])
    with time_machine.travel(NOW, tick=False) as now:
        store = PageStore(application)
        outcomes(store, "/")
        present.mark.move()  # something changed; nobody can say what
        application.status = "503 Service Unavailable"
        with connection.execute_wrapper(gone_database):
            assert outcomes(store, "/", "/") == ["stale"] * 2
            now.shift(DAY)  # past midnight, which ends every page
            clock[0] = DAY.total_seconds() - 1
            assert outcomes(store, "/") == ["stale"]
            clock[0] += 2
            assert ask(store).status == 503
    application.status = "200 OK"
    assert outcomes(store, "/", "/") == ["miss", "hit"]


def test_without_a_database_nothing_is_sent_once_something_was_withdrawn(change):
    application = Application()
    store = PageStore(application)
    outcomes(store, "/a/")
    change(withdraws=True)
    outcomes(store, "/b/")  # made after it
    change()
    application.status = "503 Service Unavailable"
    with connection.execute_wrapper(gone_database):
        assert ask(store, "/a/").status == 503
        assert ask(store, "/b/").outcome == "stale"


@pytest.mark.parametrize("memory", [0, 100_000])
def test_process_looks_for_the_database_from_its_first_request_on(memory, settings, monkeypatch):
    started = []
    monkeypatch.setattr("blog.delivery.generation.Generation.start", lambda self: started.append(True))
    settings.PAGE_STORE_BYTES = memory
    store = PageStore(Application())
    assert outcomes(store, "/", "/") == (["miss", "hit"] if memory else ["bypass"] * 2)
    assert started


# --- in how much memory ---


def test_least_recently_used_pages_go_first(settings):
    settings.PAGE_STORE_BYTES = 10 * 8_000
    store = PageStore(Application(body=Random(1).randbytes(1_000)))
    assert outcomes(store, "/kept/") == ["miss"]
    for number in range(30):
        assert outcomes(store, f"/{number}/", "/kept/") == ["miss", "hit"]
    assert outcomes(store, "/29/", "/0/") == ["hit", "miss"]


@pytest.mark.parametrize("status", ["301 Moved Permanently", "404 Not Found"])
def test_flood_of_addresses_without_a_page_ends_no_page(status):
    application = Application()
    store = PageStore(application)
    outcomes(store, "/page/")
    application.status = status
    for number in range(1_000):
        outcomes(store, f"/{number}/")
    assert outcomes(store, "/page/", "/0/", "/999/") == ["hit", "miss", "hit"]


def test_memory_is_what_the_setting_says(settings):
    """As it is used, by all that a page takes: also where nothing but short pages under long addresses is asked for."""
    settings.PAGE_STORE_BYTES = 3_000_000
    application = Application(body=b"short")
    store = PageStore(application)
    gc.collect()
    tracemalloc.start()
    for number in range(1_000):
        ask(store, f"/{number}/".ljust(2_000, "x"))
        application.asked.clear()
    gc.collect()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < settings.PAGE_STORE_BYTES
    assert ask(store, "/999/".ljust(2_000, "x")).outcome == "hit"
    assert ask(store, "/0/".ljust(2_000, "x")).outcome == "miss"


# --- in which form ---


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("br; q=0.0 , gzip;q=0", ""),
        ("", ""),
        ("*", ""),
        ("gzipped", ""),
    ],
)
def test_reader_gets_an_encoding_that_it_takes(site, post, accepted, encoding):
    whole = Client().get(post.path).content
    for _ in range(2):
        received = ask(site, post.path, accept_encoding=accepted)
        assert received.headers.get("Content-Encoding", "") == encoding
        assert received.headers["Vary"] == "Accept-Encoding"
        assert int(received.headers["Content-Length"]) == len(received.sent)
        assert {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding](received.sent) == whole


def test_reader_who_has_the_page_gets_304(site, post):
    tags = [ask(site, post.path, accept_encoding=name).headers["ETag"] for name in ("br", "gzip", "")]
    assert len({*tags}) == 3
    for sent in (tags[0], f"W/{tags[0]}", f'"other", {tags[0]}', "*"):
        again = ask(site, post.path, accept_encoding="br", if_none_match=sent)
        assert (again.status, again.sent, again.outcome) == (304, b"", "hit")
    for sent in ('"other"', tags[0].strip('"'), tags[0][:-4]):
        assert ask(site, post.path, accept_encoding="br", if_none_match=sent).status == 200
    assert ask(site, post.path, accept_encoding="gzip", if_none_match=tags[0]).status == 200, "it has other bytes"
    missing = ask(site, "/no-such-page/").headers["ETag"]
    assert ask(site, "/no-such-page/", if_none_match=missing).status == 404


def test_304_promises_https_again(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_PROXY_SSL_HEADER = 60, ("HTTP_X_FORWARDED_PROTO", "https")
    store, path = PageStore(WSGIHandler()), make_post().path
    whole = ask(store, path, x_forwarded_proto="https").headers
    again = ask(store, path, x_forwarded_proto="https", if_none_match=whole["ETag"]).headers
    assert again.keys() == {"ETag", "Cache-Control", "Vary", "X-Page-Store", "Strict-Transport-Security"}


def test_page_of_which_only_a_header_changed_has_another_tag(site, post, committed):
    path = f"{post.path}index.md"
    tag = ask(site, path).headers["ETag"]
    post.noindex = True
    committed(save_post, post)
    again = ask(site, path, if_none_match=tag)
    assert (again.status, again.headers["X-Robots-Tag"]) == (200, "noindex")


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/no-such-page/", "/2026/04/01/only"])
def test_head_has_the_headers_of_get_and_no_body(site, path):
    head = ask(site, path, "HEAD", accept_encoding="br")
    get = ask(site, path, accept_encoding="br")
    assert (head.outcome, get.outcome) == ("miss", "hit")
    assert (head.sent, head.status) == (b"", get.status)
    assert head.headers | {"X-Page-Store": "hit"} == get.headers


def test_head_of_what_goes_past_has_no_body_either(site):
    head, get = ask(site, "/admin/login/", "HEAD"), ask(site, "/admin/login/")
    assert (head.outcome, head.status, head.sent) == ("bypass", 200, b"")
    assert head.headers.keys() == get.headers.keys()


# --- for whom, and under which key ---


def test_session_changes_nothing_but_at_the_desk(site, post):
    client = Client()
    client.force_login(make_user(is_superuser=True))
    session = f"a=b; sessionid={client.cookies['sessionid'].value}"
    assert ask(site, post.path).outcome == "miss"
    assert ask(site, post.path, cookie=session).outcome == "hit"
    assert ask(site, post.path, cookie="sessionid=made-up").outcome == "hit"
    assert ask(site, "/admin/", cookie=session).status == 200
    assert ask(site, "/admin/").status == 302


@pytest.mark.parametrize(
    ("url", "method"),
    [
        ("/", "POST"),
        ("/", "OPTIONS"),
        ("/articles/?page=2&page=3", "GET"),
        ("/articles/?page=02", "GET"),
        ("/?" + "&".join(["utm_source=a"] * 51), "GET"),
        ("/2026/04/01/only/?tate", "GET"),
        ("/" + "a" * 3000 + "/", "GET"),
    ],
)
def test_what_has_no_key_goes_past(site, url, method):
    for _ in range(2):
        received = ask(site, url, method)
        assert received.outcome == "bypass"
        assert "s-maxage" not in received.headers["Cache-Control"]


@pytest.mark.parametrize("query", ["utm_source=mail", "fbclid=x&utm_campaign=y", "&", "x=17", "page=2", "page=evil"])
def test_query_that_a_page_does_not_know_makes_no_other_page(site, post, query):
    for url in (post.path, "/feed.xml", f"{post.path}index.md"):
        ask(site, url)
        assert ask(site, f"{url}?{query}").outcome == "hit"


def test_redirect_takes_the_query_along(site, post):
    moved = post.path.rstrip("/")
    assert ask(site, moved).headers["Location"] == post.path
    assert ask(site, f"{moved}?a=1").headers["Location"] == f"{post.path}?a=1"
    assert ask(site, f"{moved}?a=2").headers["Location"] == f"{post.path}?a=2"


def test_number_of_a_page_makes_another_page(site, monkeypatch):
    make_post()
    monkeypatch.setattr(PostListView, "per_page", 1)
    first, second = ask(site, "/articles/"), ask(site, "/articles/?page=2")
    assert (first.status, second.status, second.outcome) == (200, 200, "miss")
    assert first.body != second.body
    assert ask(site, "/articles/?utm_source=a&page=2").outcome == "hit"
    assert ask(site, "/articles/?page=1").headers["Location"] == "/articles/"
    assert ask(site, "/articles/").outcome == "hit"


TRICKS = {
    "x_forwarded_host": "evil.example",
    "x_forwarded_proto": "https",
    "x_forwarded_for": "192.0.2.1",
    "x_forwarded_prefix": "/evil",
    "x_original_url": "/evil/",
    "x_rewrite_url": "/evil/",
    "x_http_method_override": "POST",
    "x_request_id": "evil-evil-evil",
    "forwarded": "host=evil.example",
    "script_name": "/evil",
    "accept_language": "evil",
    "accept": "application/json",
    "authorization": "Basic evil",
    "range": "bytes=0-3",
    "user_agent": "evil",
    "origin": "https://evil.example",
    "referer": "https://evil.example/",
    "cookie": "csrftoken=evil; messages=evil; theme=evil; sessionid=evil",
    "if_none_match": '"evil"',
    "if_modified_since": "Fri, 27 Nov 2099 00:00:00 GMT",
    "accept_encoding": "br;q=0, evil",
}


@pytest.mark.parametrize("path", ["/", "/2026/04/01/only/", "/2026/04/01/only", "/no-such-page/", "/feed.xml"])
def test_nothing_that_one_reader_sends_reaches_the_next(site, path):
    expected = ask(PageStore(WSGIHandler()), path)
    poisoned = ask(site, path, **TRICKS)
    received = ask(site, path)
    assert (poisoned.outcome, received.outcome) == ("miss", "hit")
    assert (received.status, received.body) == (expected.status, expected.body)
    assert received.headers | {"X-Page-Store": "miss"} == expected.headers
    assert "evil" not in str(received.headers)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8000@evil.example", "", "a b"])
def test_host_that_is_not_ours_is_refused_and_stores_nothing(site, host):
    refused = ask(site, "/", host=host)
    assert (refused.status, refused.outcome) == (400, "bypass")
    assert ask(site, "/").outcome == "miss"


def test_encrypted_site_stores_no_answer_to_who_asks_without(settings, post):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31536000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    store = PageStore(WSGIHandler())
    for headers in ({}, {"x_forwarded_proto": "http"}, {"x_forwarded_proto": "evil"}):
        plain = ask(store, "/", **headers)
        assert (plain.status, plain.outcome) == (301, "bypass")
        assert plain.headers["Location"] == "https://127.0.0.1:8000/"
    encrypted = [ask(store, "/", x_forwarded_proto="https") for _ in range(2)]
    assert [answer.outcome for answer in encrypted] == ["miss", "hit"]
    assert encrypted[1].headers["Strict-Transport-Security"] == "max-age=31536000"

"""What readers of the real site get: encodings, tags, HEAD, and nothing that another reader could have chosen."""

import gzip
from datetime import timedelta

import brotli
import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client

from blog.delivery.store import PageStore
from blog.editing.saving import save_post
from blog.views.base import PostListView
from tests.delivery.store.reader import ask
from tests.factories import make_post, make_scheduled, make_user

# A request gives back its connection; on PostgreSQL that would end the transaction that the test runs in.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def post():
    return make_post("はじめの題", slug="only", body="本文です。\n\n" * 200, tags=["AI"])


@pytest.fixture
def store(post) -> PageStore:
    return PageStore(WSGIHandler())


def test_stored_page_is_the_page(store, post):
    ask(store, post.path)
    hit = ask(store, post.path)
    assert hit.outcome == "hit"
    assert hit.body == Client().get(post.path).content
    assert hit.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in hit.headers["Content-Security-Policy"]


def test_edit_is_seen_by_the_next_request_on_each_page_that_shows_it(store, post, committed):
    pages = ("/", post.path, "/tags/ai/", "/feed.xml", "/category/markets/")
    for path in pages:
        assert "はじめの題" in ask(store, path).text
    post.title = "あとの題"
    committed(save_post, post)
    for path in pages:
        assert "あとの題" in ask(store, path).text
        assert ask(store, path).outcome == "hit"


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


def test_withdrawn_post_is_gone_at_once(store, post, committed):
    ask(store, post.path)
    post.unpublish()
    committed(save_post, post)
    assert ask(store, post.path).status == 404


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("br; q=0.0 , gzip;q=0", ""),
        ("", ""),
        ("identity", ""),
        ("zstd", ""),
        ("*", ""),
        ("gzipped", ""),
    ],
)
def test_reader_gets_an_encoding_that_it_takes(store, post, accepted, encoding):
    whole = Client().get(post.path).content
    for _ in range(2):
        received = ask(store, post.path, accept_encoding=accepted)
        assert received.headers.get("Content-Encoding", "") == encoding
        assert received.headers["Vary"] == "Accept-Encoding"
        assert int(received.headers["Content-Length"]) == len(received.sent)
        assert received.body == whole
    assert not encoding or len(received.sent) < len(whole) / 2


def test_brotli_and_gzip_are_what_they_say(store, post):
    whole = Client().get(post.path).content
    assert brotli.decompress(ask(store, post.path, accept_encoding="br").sent) == whole
    assert gzip.decompress(ask(store, post.path, accept_encoding="gzip").sent) == whole


def test_each_encoding_has_a_strong_tag_of_its_own(store, post):
    tags = {ask(store, post.path, accept_encoding=name).headers["ETag"] for name in ("br", "gzip", "")}
    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


def test_reader_who_has_the_page_is_told_so(store, post):
    tag = ask(store, post.path, accept_encoding="br").headers["ETag"]
    for told in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = ask(store, post.path, accept_encoding="br", if_none_match=told)
        assert (again.status, again.sent, again.outcome) == (304, b"", "hit")
    for told in ('"other"', tag.strip('"'), tag[:-4]):
        assert ask(store, post.path, accept_encoding="br", if_none_match=told).status == 200
    assert ask(store, post.path, accept_encoding="gzip", if_none_match=tag).status == 200, "it has other bytes"


def test_reader_who_has_the_page_is_told_of_https_again_and_nothing_else_but_validators(settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_PROXY_SSL_HEADER = 60, ("HTTP_X_FORWARDED_PROTO", "https")
    store, path = PageStore(WSGIHandler()), make_post().path
    whole = ask(store, path, x_forwarded_proto="https").headers
    again = ask(store, path, x_forwarded_proto="https", if_none_match=whole["ETag"]).headers
    assert again.keys() == {"ETag", "Cache-Control", "Vary", "X-Page-Store", "Strict-Transport-Security"}
    assert again == {name: whole[name] for name in again} | {"X-Page-Store": "hit"}


def test_changed_page_has_another_tag(store, post, committed):
    tag = ask(store, post.path).headers["ETag"]
    post.title = "あとの題"
    committed(save_post, post)
    assert ask(store, post.path, if_none_match=tag).status == 200


def test_page_with_other_policies_has_another_tag(settings):
    settings.SECURE_PROXY_SSL_HEADER, path, tags = ("HTTP_X_FORWARDED_PROTO", "https"), make_post().path, set()
    for seconds in (60, 60, 120):
        settings.SECURE_HSTS_SECONDS = seconds
        tags.add(ask(PageStore(WSGIHandler()), path, x_forwarded_proto="https").headers["ETag"])
    assert len(tags) == 2


def test_page_that_search_engines_may_not_use_any_more_has_another_tag(store, post, committed):
    """Its Markdown says so in a header alone."""
    path = f"{post.path}index.md"
    tag = ask(store, path).headers["ETag"]
    post.noindex = True
    committed(save_post, post)
    again = ask(store, path, if_none_match=tag)
    assert (again.status, again.headers["X-Robots-Tag"]) == (200, "noindex")


def test_what_is_not_there_is_never_unmodified(store):
    tag = ask(store, "/no-such-page/").headers["ETag"]
    assert ask(store, "/no-such-page/", if_none_match=tag).status == 404


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/no-such-page/", "/2026/04/01/only"])
def test_head_has_the_headers_of_get_and_no_body(store, path):
    head = ask(store, path, "HEAD", accept_encoding="br")
    get = ask(store, path, accept_encoding="br")
    assert (head.outcome, get.outcome) == ("miss", "hit")
    assert head.sent == b""
    assert head.status == get.status
    assert head.headers | {"X-Page-Store": "hit"} == get.headers


# --- what goes past ---


def test_staff_and_readers_never_get_each_others_pages(store, post):
    client = Client()
    client.force_login(make_user(is_superuser=True))
    session = f"a=b; sessionid={client.cookies['sessionid'].value}"
    assert ask(store, post.path, cookie=session).outcome == "bypass"
    assert ask(store, post.path, cookie="a=b; theme=dark").outcome == "miss"
    assert ask(store, post.path).outcome == "hit"
    assert ask(store, post.path, cookie=session).outcome == "bypass"
    assert ask(store, "/admin/", cookie=session).status == 200
    assert ask(store, "/admin/").status == 302


@pytest.mark.parametrize(
    ("url", "method", "headers"),
    [
        ("/", "GET", {"authorization": "Basic abc"}),
        ("/", "POST", {}),
        ("/", "OPTIONS", {}),
        ("/?q=1", "GET", {}),
        ("/?page=2&q=1", "GET", {}),
        ("/?page=2&page=3", "GET", {}),
        ("/?page=02", "GET", {}),
        ("/?" + "&".join(["utm_source=a"] * 51), "GET", {}),
        ("/search/?page=2", "GET", {}),
        ("/search/", "GET", {}),
        ("/admin/login/", "GET", {}),
        ("/healthz", "GET", {}),
        ("/preview/abc/", "GET", {}),
        ("/media/none.png", "GET", {}),
        ("/" + "a" * 3000 + "/", "GET", {}),
    ],
)
def test_what_may_differ_for_others_goes_past(store, url, method, headers):
    for _ in range(2):
        received = ask(store, url, method, **headers)
        assert received.outcome == "bypass"
        assert "X-Page-Until" not in received.headers
        assert "s-maxage" not in received.headers["Cache-Control"]


@pytest.mark.parametrize(
    "query", ["utm_source=mail", "fbclid=x&utm_campaign=y", "gclid=1", "_ga=2&mc_cid=3", "&", "utm_source"]
)
def test_parameters_that_only_count_visits_make_no_other_page(store, post, query):
    ask(store, post.path)
    assert ask(store, f"{post.path}?{query}").outcome == "hit"


def test_number_of_a_page_makes_another_page(store, monkeypatch):
    make_post()
    monkeypatch.setattr(PostListView, "per_page", 1)
    first, second = ask(store, "/articles/"), ask(store, "/articles/?page=2")
    assert (first.status, second.status, second.outcome) == (200, 200, "miss")
    assert first.body != second.body
    assert ask(store, "/articles/?utm_source=a&page=2").outcome == "hit"
    assert ask(store, "/articles/?page=1").headers["Location"] == "/articles/"
    assert ask(store, "/articles/").outcome == "hit"


# --- poisoning ---


@pytest.mark.parametrize("path", ["/feed.xml", "{post.path}", "{post.path}index.md"])
def test_number_that_no_page_counts_makes_no_other_page(store, post, path):
    url = path.format(post=post)
    assert [ask(store, f"{url}?page={number}").outcome for number in (2, 2, 3)] == ["bypass"] * 3
    assert [ask(store, url).outcome for _ in range(2)] == ["miss", "hit"]


TRICKS = {
    "x_forwarded_host": "evil.example",
    "x_forwarded_proto": "https",
    "x_forwarded_for": "192.0.2.1",
    "x_forwarded_prefix": "/evil",
    "x_forwarded_scheme": "https",
    "x_original_url": "/evil/",
    "x_rewrite_url": "/evil/",
    "x_http_method_override": "POST",
    "x_request_id": "evil-evil-evil",
    "forwarded": "host=evil.example",
    "script_name": "/evil",
    "accept_language": "evil",
    "accept": "application/json",
    "range": "bytes=0-3",
    "user_agent": "evil",
    "origin": "https://evil.example",
    "referer": "https://evil.example/",
    "cookie": "csrftoken=evil; messages=evil; theme=evil",
    "if_none_match": '"evil"',
    "if_modified_since": "Fri, 27 Nov 2099 00:00:00 GMT",
    "accept_encoding": "br;q=0, evil",
}


@pytest.mark.parametrize("path", ["/", "/2026/04/01/only/", "/2026/04/01/only", "/no-such-page/", "/feed.xml"])
def test_nothing_that_one_reader_sends_reaches_the_next(store, path):
    clean = PageStore(WSGIHandler())
    expected = ask(clean, path)
    poisoned = ask(store, path, **TRICKS)
    received = ask(store, path)
    assert (poisoned.outcome, received.outcome) == ("miss", "hit")
    assert (received.status, received.body) == (expected.status, expected.body)
    assert received.headers | {"X-Page-Store": "miss"} == expected.headers
    assert "evil" not in str(received.headers)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8000@evil.example", "127.0.0.1, evil.example", "", "a b"])
def test_host_that_is_not_ours_is_refused_and_stores_nothing(store, host):
    refused = ask(store, "/", host=host)
    assert (refused.status, refused.outcome) == (400, "bypass")
    assert ask(store, "/").outcome == "miss"


def test_spelling_and_port_of_our_host_make_no_other_page(store):
    ask(store, "/", host="LOCALHOST:8000")
    for host in ("localhost", "LocalHost:1"):
        assert ask(store, "/", host=host).outcome == "hit"
    assert ask(store, "/", host="127.0.0.1").outcome == "miss"


def test_encrypted_site_stores_no_answer_to_who_asks_without(settings, post):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31536000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    store = PageStore(WSGIHandler())
    for _ in range(2):
        plain = ask(store, "/")
        assert (plain.status, plain.outcome) == (301, "bypass")
        assert plain.headers["Location"] == "https://127.0.0.1:8000/"
        assert ask(store, "/", x_forwarded_proto="http").status == 301
        assert ask(store, "/", x_forwarded_proto="evil").status == 301
    encrypted = [ask(store, "/", x_forwarded_proto="https") for _ in range(2)]
    assert [answer.outcome for answer in encrypted] == ["miss", "hit"]
    assert encrypted[1].headers["Strict-Transport-Security"] == "max-age=31536000"
    assert ask(store, "/", x_forwarded_proto="https", cookie="__Host-sessionid=a").outcome == "bypass"

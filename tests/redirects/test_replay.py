"""What `replay_urls` says of a list is what a reader gets."""

from contextlib import closing
from io import StringIO
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware

from blog.editing.saving import add_alias
from blog.models import Permalink
from blog.operations.health import PROBES
from blog.redirects.replay import replay
from tests.factories import PUBLISHED_AT, make_category, make_post, make_unpublished

# About what is made of a list of addresses: PostgreSQL gets the same statements from other modules.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def addresses(tmp_path):
    def write(*lines):
        file = tmp_path / "addresses.txt"
        file.write_bytes("\n".join(lines).encode(errors="surrogateescape"))
        return file

    return write


def run(file):
    out = StringIO()
    call_command("replay_urls", file, stdout=out, no_color=True)
    return out.getvalue().splitlines()


def test_each_address_is_said_to_answer_what_it_answers(addresses):
    post = make_post(slug="金利")
    add_alias(post, "/2026/03/31/金利/")
    file = addresses("/2026/04/01/金利/", "", quote("/2026/03/31/金利/"), "https://old.example/page2/../tags/#x")
    with pytest.raises(CommandError, match="lost: 1 answer 200, 1 answer 301, 1 answer 404"):
        run(file)
    make_category("産業", "industry")
    assert run(addresses(post.path, "https://old.example/2026/03/31/金利/?a=1", "/category/analysis/", "/?page=1")) == [
        "200 /2026/04/01/金利/",
        "301 https://old.example/2026/03/31/金利/?a=1 → /2026/04/01/%E9%87%91%E5%88%A9/?a=1",
        "301 /category/analysis/ → /category/industry/",
        "301 /?page=1 → /",
        "No address is lost: 1 answer 200, 3 answer 301.",
    ]


def test_address_that_nobody_is_redirected_to_answers_all_the_same(client, addresses):
    make_post(slug="a", at=PUBLISHED_AT)
    answered = ["/sitemaps/posts-2026-04.xml", "/sitemaps/pages.xml", "/today/", "/healthz", "/readyz"]
    assert run(addresses(*answered))[2:] == [
        "302 /today/ → /2026/04/01/",
        "200 /healthz",
        "200 /readyz",
        "No address is lost: 4 answer 200, 1 answer 302.",
    ]
    for path in (*answered, "/sitemaps/posts-2026-05.xml", "/sitemaps/news.xml", "/.well-known/security.txt"):
        (outcome,) = replay([path], probes=PROBES)
        response = client.get(path)
        assert (outcome.status, outcome.location) == (response.status_code, response.headers.get("Location", "")), path


@pytest.mark.parametrize("path", ["/admin/", "/admin/foo/", "/admin/x.css", "/admin/blog/post/1/change/"])
def test_desk_sends_to_its_login(client, path):
    (outcome,) = replay([path])
    response = client.get(path)
    assert (outcome.status, outcome.location) == (response.status_code, response.headers["Location"])


def test_it_agrees_with_the_site(client):
    make_post(slug="a", tags=["AI"])
    make_unpublished(slug="withdrawn")
    Permalink.objects.create(path="/gone/", target="/nowhere/")
    for path in ("/", "/?page=2", "/A/", "/2026/04/01/a", "/2026/04/01/withdrawn/", "/gone/", "/tags/AI/", "/feed.xml"):
        (outcome,) = replay([path])
        response = client.get(path)
        assert (response.status_code, response.headers.get("Location", "")) == (outcome.status, outcome.location), path


def test_it_agrees_with_the_site_about_queries(client):
    make_post(slug="a", tags=["AI"])
    for path in (
        *("/?page=1&a=1", "/tags/?page=1&a=1", "/articles/?page=1&utm_source=x", "/2026/04/01/a/?page=1"),
        *("/search/?q=記事&page=1", "/search/?q=記事", "/search/?q=記事&page=9", "/search/?q=記事&tag=none"),
        *("/search/?q=%FF", "/today", "/TODAY/", "/today/?page=1", "/1999/?q=投資", "/tags/AI/?q=投資"),
        "/?" + "&".join("a" * 1001),
    ):
        (outcome,) = replay([path])
        response = client.get(quote(path, safe="/?=&%"))
        assert (response.status_code, response.headers.get("Location", "")) == (outcome.status, outcome.location), path


@pytest.mark.parametrize(
    "path",
    [
        *("/static/css/a.0123.css", "/static/", "/static/css", "/static/css/b.css", "/static/../a.txt"),
        *(f"/static/{'a' * 500}", "/staticfile"),
    ],
)
def test_file_that_was_collected_answers(tmp_path, settings, path):
    settings.STATIC_ROOT = str(tmp_path / "static")
    (tmp_path / "static/css").mkdir(parents=True)
    for name in ("a.txt", "static/css/a.0123.css"):
        (tmp_path / name).write_text("a")
    serve = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
    with closing(serve(RequestFactory().get(path))) as answer:
        assert [outcome.status for outcome in replay([path])] == [answer.status_code]


@pytest.mark.parametrize("path", ["//feed.xml", "//2026//04/01/a/", "//evil.example/x"])
def test_doubled_slash_begins_a_path_and_no_host(client, path):
    make_post(slug="a")
    (outcome,) = replay([path])
    response = client.get("/", PATH_INFO=path)
    assert (outcome.status, outcome.location) == (response.status_code, response.headers.get("Location", ""))


def test_file_is_read_however_it_was_written(addresses):
    make_post(slug="金利")
    encoded = quote("/2026/04/01/金利/")
    file = addresses(
        "\ufeff/2026/04/01/金利/\r", f"{encoded}\r", "\r", f"  https://old.example{encoded}#a \r", "http://a.example"
    )
    assert run(file) == [
        "200 /2026/04/01/金利/",
        f"200 {encoded}",
        f"200 https://old.example{encoded}#a",
        "200 http://a.example",
        "No address is lost: 4 answer 200.",
    ]


@pytest.mark.parametrize("line", ["archive/", "www.example.jp/", "?page=2", "# a note", "mailto:a@example.jp"])
def test_line_that_is_no_address_is_lost(line):
    assert [outcome.status for outcome in replay([line])] == [404]


@pytest.mark.parametrize(
    "line", ["http://[", "/%00/", "/a\x0bb", "//evil.example/x", "javascript:1", "/" + "あ" * 5000]
)
def test_hostile_line_is_lost_and_stops_nothing(line):
    assert [outcome.status for outcome in replay([line, "/"])] == [404, 200]


def test_file_that_is_none_is_told(addresses, tmp_path):
    for file in (tmp_path / "none", tmp_path, addresses("/\udcff/"), addresses("", " ")):
        with pytest.raises(CommandError, match=str(file)):
            run(file)

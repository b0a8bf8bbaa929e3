"""Requests that no browser sends are answered with 4xx or the page, never 500; no header or log repeats them."""

import http.client
import io
import itertools
import logging
import re
import socket
from urllib.parse import quote, unquote_to_bytes, urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.delivery.bodies import in_utf8
from blog.operations.logs import LineFormatter
from tests.connection import kept_connection
from tests.factories import make_page, make_post
from tests.patience import PATIENCE
from tests.sites import server

PATHS = ("/", "/2026/04/01/{}/", "/tags/{}/", "/authors/{}/", "/category/{}/", "/feeds/{}.xml", "/media/{}",
         "/static/{}", "/preview/{}/", "/admin/{}/", "/{}/", "/admin/login/?next={}", "/search/?q={}", "/?page={}",
         "/articles/?page={}",
         "/tags/?page={}", "/search/suggestions.json?q={}", "/search/?section={}&tag={}&year={}")  # fmt: skip
PIECES = {
    "NUL": "%00",
    "half a character": "%E3%81",
    "bytes of no character": "%FF%FE%C0%80",
    "surrogate": "%ED%A0%80",
    "half a sign of percent": "%",
    "line ends": "%0D%0AX-Evil:%201%0D%0A%0D%0A<b>",
    "up and out": "..%2F..%2Fetc%2Fpasswd",
    "up and out twice encoded": "%252e%252e%252f",
    "another site": "%2F%2Fevil.example%2F",
    "backslash": "%5C%5Cevil.example",
    "10 kB": "a" * 10_240,
    "10 kB of Japanese": quote("あ") * 1_138,
    "number beyond any": "9" * 400,
    "template": "{{191*7}}{%25 x %25}",
    "statement": "'%20OR%201=1;--",
    "odd spaces": "%E3%80%80%C2%A0%E2%80%8B",
    "emoji": quote("👩‍💻"),
}

REFUSED = ("NUL", "half a character", "bytes of no character", "surrogate", "10 kB", "10 kB of Japanese")
# What is nothing but letters to a database, and what comes to it like another of those that are refused.
NO_MATTER_OF_DATABASES = {"up and out", "up and out twice encoded", "another site", "template", "line ends"}
DECODED_ALIKE = {"half a character", "surrogate"}  # as bytes of no character are
NO_MATTER_AT_THE_DESK = {*DECODED_ALIKE, "bytes of no character", "10 kB"}


def besides(spared, pieces):
    """The pieces; PostgreSQL repeats those that are not spared."""
    return [pytest.param(piece, marks=pytest.mark.sqlite if piece in spared else ()) for piece in pieces]


def ask(path, method="GET", **environ):
    """The answer to the path as it stands, which the test client would tidy up."""
    raw, _, query = path.partition("?")
    request = RequestFactory().generic(method, "/")
    request.environ.update({"PATH_INFO": unquote_to_bytes(raw).decode("latin-1"), "QUERY_STRING": query} | environ)
    told = []
    with kept_connection():
        response = in_utf8(WSGIHandler())(request.environ, lambda status, headers: told.extend(headers))
        body = b"".join(response)
        response.close()
    return response, dict(told), body


@pytest.fixture
def filled(db):
    make_post("題", tags=["A"])
    make_page()


@pytest.mark.parametrize("piece", besides(NO_MATTER_OF_DATABASES | DECODED_ALIKE, PIECES))
def test_odd_address_is_answered_without_an_error(filled, piece):
    for path in PATHS:
        assert_answered(path, piece)


def assert_answered(path, piece):
    response, headers, body = ask(path.replace("{}", PIECES[piece]))
    assert response.status_code < 500
    is_cut = "?q=" in path and piece.startswith("10 kB")  # a question is cut in words; the server refuses such a line
    if (
        piece in REFUSED and "{}" in path and not path.startswith("/admin/") and not is_cut
    ):  # who is not logged in is led to the login
        assert response.status_code >= 400
    assert "X-Evil" not in headers
    assert not any("\r" in value or "\n" in value for value in headers.values())
    location = headers.get("Location", "")
    assert not location.startswith(("//", "/\\"))
    assert "evil.example" not in urlsplit(location).netloc
    assert b"root:" not in body
    assert b"1337" not in body


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/", "/search/", "/tags/", "/admin/login/", "/feed.xml", "/no-such/"])
@pytest.mark.sqlite
def test_ten_thousand_parameters_are_refused(filled, path, method):
    sent = "&".join(f"p{number}=1" for number in range(10_000))
    if method == "GET":
        response = Client(raise_request_exception=False).get(f"{path}?{sent}")
    else:
        form = "application/x-www-form-urlencoded"
        response = Client(raise_request_exception=False).post(path, sent, content_type=form)
    if (path, method) == ("/feed.xml", "GET"):  # which looks at none of them
        assert response.status_code == 200
    else:
        assert 400 <= response.status_code < 500


def desk_paths():
    """All addresses of the desk but the way out, with `{}` where a pattern takes a word."""
    found = set()

    def walk(entries, before):
        for entry in entries:
            path = (
                before + re.sub(r"<[^>]*>", "{}", str(entry.pattern)) if isinstance(entry.pattern, RoutePattern) else ""
            )
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, path)
            elif path.startswith("admin/"):
                found.add(f"/{path}")

    walk(get_resolver().url_patterns, "")
    return sorted(path for path in found if "logout" not in path)


@pytest.fixture
def chief(filled, django_user_model):
    client = Client(raise_request_exception=False)
    client.force_login(django_user_model.objects.create_superuser("chief"))
    return client


@pytest.mark.sqlite
def test_no_page_of_the_desk_fails_for_its_plain_address(chief):
    assert [path for path in desk_paths() if "{}" not in path and chief.get(path).status_code >= 500] == []


@pytest.mark.parametrize("piece", besides(NO_MATTER_AT_THE_DESK, REFUSED))
def test_no_page_of_the_desk_fails_for_an_odd_address(chief, piece):
    paths = desk_paths()
    assert len(paths) > 100
    forms = [path for path in paths if path.endswith("/add/")]  # Django alone reads their parameters: they take turns
    others = {*forms} - {*forms[REFUSED.index(piece) :: len(REFUSED)]}
    odd, wrong = PIECES[piece], []
    for path in (path for path in paths if path not in others):
        # What is looked up by an odd word is not found before a parameter is read.
        address = path.replace("{}", odd) if "{}" in path else f"{path}?q={odd}&o={odd}&_changelist_filters={odd}"
        status = chief.get(address).status_code
        # A link for a new password that is none says in words that it has ended.
        if status >= 500 or ("{}" in path and status == 200 and "/password-reset/" not in path):
            wrong.append((address[:80], status))
    assert wrong == []


HEADERS = ("Accept", "Accept-Encoding", "Accept-Language", "Cookie", "If-Modified-Since", "If-None-Match", "Origin",
           "Range", "Referer", "User-Agent", "X-Forwarded-For", "X-Request-ID", "Content-Type")  # fmt: skip
VALUES = ("\xff\xfe", "a" * 8_000,
          "é;q=x,*/*;q=1e999", "bytes=0-0,-1,9-", "=;=;=", '"', "Thu, 99 Foo 2026 99:99:99 GMT",
          "W/", "1" * 300, "%00", "multipart/form-data; boundary=",
          "text/html; charset=no-such", "text/html; charset=hex", "text/html; charset=idna")  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.sqlite
def test_odd_header_is_answered_without_an_error(filled, header):
    name = "CONTENT_TYPE" if header == "Content-Type" else f"HTTP_{header.upper().replace('-', '_')}"
    for value, path in itertools.product(VALUES, ("/about/", "/search/", "/admin/login/", "/robots.txt")):
        assert ask(path, **{name: value})[0].status_code < 500, (value, path)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "charset",
    ["=hex", "=idna", "=shift_jis", '="utf-16"', "=rot13; boundary=x", "*=utf-8''hex", "*0=hex", "*=no-such''%41"],
)
def test_text_is_read_in_the_encoding_of_the_site_whatever_the_request_names(filled, charset):
    kind = f"text/plain; Charset{charset}"
    assert 'value="電力"' in ask("/search/?q=%E9%9B%BB%E5%8A%9B", CONTENT_TYPE=kind)[2].decode()
    assert ask("/admin/login/", "POST", CONTENT_TYPE=kind)[0].status_code < 500


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.binary(max_size=40), query=st.binary(max_size=40))
def test_any_bytes_in_an_address_are_answered_without_an_error(filled, path, query):
    sent = {"PATH_INFO": "/" + path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
    assert ask("/", **sent)[0].status_code < 500
    assert ask("/", **sent | {"PATH_INFO": "/search/", "QUERY_STRING": f"q={quote(path)}"})[0].status_code < 500


@pytest.mark.django_db
def test_line_ends_in_an_address_make_no_line_of_the_log():
    """A line that the reader of a log would take for one of ours."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(LineFormatter("%(message)s"))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        ask("/no-such/%0D%0A2026-01-01 ERROR django forged%1B[31m/")
    finally:
        logger.removeHandler(handler)
    assert "no-such" in out.getvalue()
    assert out.getvalue().count("\n") == 1
    assert "\x1b" not in out.getvalue()
    assert "\r" not in out.getvalue()


NEXT = ("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "https:evil.example", "///evil.example", "/%09/evil.example", "http://127.0.0.1@evil.example",
        "/admin/\r\nX-Evil: 1", "https://127.0.0.1.evil.example/", "data:text/html,x")  # fmt: skip


@pytest.mark.parametrize("target", NEXT)
@pytest.mark.sqlite
def test_login_leads_nowhere_else(target, django_user_model):
    django_user_model.objects.create_user("writer", password="pass", is_staff=True)
    client = Client()
    response = client.post("/admin/login/", {"username": "writer", "password": "pass", "next": target})
    assert response.status_code in (302, 400)
    if response.status_code == 302:
        assert urlsplit(response["Location"]).netloc == ""
        assert response["Location"].startswith("/")
        assert not response["Location"].startswith(("//", "/\\"))
    assert "X-Evil" not in response.headers


# --- with a real server, which reads the bytes itself ---

RAW = {
    "no version": b"GET /\r\n\r\n",
    "no path": b"GET  HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "NUL in the path": b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "bytes in the path": b"GET /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\x00b\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    "folded header": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a\r\n b\r\n\r\n",
    "10 kB line": b"GET /" + b"a" * 10_240 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "200 headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: b\r\n" * 200 + b"\r\n",
    "64 kB header": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: " + b"a" * 65_536 + b"\r\n\r\n",
    "smuggled": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "length twice": b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.fixture(scope="module")
def port(sites_folder):
    with server.serve(sites_folder, "empty") as address:
        yield urlsplit(address).port


@pytest.mark.parametrize("kind", RAW)
def test_bytes_that_are_no_request_are_refused_and_the_server_goes_on(port, kind):
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(RAW[kind])
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answer:
            status = answer.readline()
    assert not status or status.split()[1].startswith(b"4"), status
    healthy = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    healthy.request("GET", "/healthz")
    assert healthy.getresponse().status == 200
    healthy.close()

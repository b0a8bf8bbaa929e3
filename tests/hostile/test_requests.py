"""Requests that no browser sends are answered with 4xx or the page, never 500; no header or log repeats them."""

import http.client
import itertools
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
from tests.connection import kept_connection
from tests.factories import make_page, make_post
from tests.patience import PATIENCE
from tests.sites import server

PATHS = ("/2026/04/01/{}/", "/tags/{}/", "/authors/{}/", "/category/{}/", "/feeds/{}.xml", "/media/{}", "/static/{}",
         "/preview/{}/", "/admin/{}/", "/{}/", "/admin/login/?next={}", "/search/?q={}", "/articles/?page={}",
         "/search/suggestions.json?q={}", "/search/?section={}&tag={}&year={}")  # fmt: skip
PIECES = {
    "NUL": "%00",
    "bytes of no character": "%FF%FE%C0%80",
    "half a sign of percent": "%",
    "line ends": "%0D%0AX-Evil:%201%0D%0A%0D%0A<b>",
    "up and out": "..%2F..%2Fetc%2Fpasswd",
    "another site": "%2F%2Fevil.example%2F",
    "10 kB of Japanese": quote("あ") * 1_138,
    "number beyond any": "9" * 400,
    "statement": "'%20OR%201=1;--",
}


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


@pytest.mark.parametrize("piece", PIECES)
def test_odd_address_is_answered_without_an_error(filled, piece):
    for path in PATHS:
        response, headers, body = ask(path.replace("{}", PIECES[piece]))
        assert response.status_code < 500
        assert "X-Evil" not in headers
        location = headers.get("Location", "")
        assert not location.startswith(("//", "/\\"))
        assert "evil.example" not in urlsplit(location).netloc
        assert b"root:" not in body


def desk_paths():
    """All addresses of the desk but the way out, with `{}` where a pattern takes a word."""
    found = set()

    def walk(entries, before):
        for entry in entries:
            word = re.sub(r"<[^>]*>", "{}", str(entry.pattern))
            path = before + word if isinstance(entry.pattern, RoutePattern) else ""
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, path)
            elif path.startswith("admin/"):
                found.add(f"/{path}")

    walk(get_resolver().url_patterns, "")
    return sorted(path for path in found if "logout" not in path)


@pytest.mark.parametrize("piece", ["NUL", "10 kB of Japanese"])
def test_no_page_of_the_desk_fails_for_an_odd_address(filled, django_user_model, piece):
    chief = Client(raise_request_exception=False)
    chief.force_login(django_user_model.objects.create_superuser("chief"))
    odd, wrong = PIECES[piece], []
    for path in desk_paths():
        address = path.replace("{}", odd) if "{}" in path else f"{path}?q={odd}&o={odd}&_changelist_filters={odd}"
        if (status := chief.get(address).status_code) >= 500:
            wrong.append((address[:80], status))
    assert wrong == []


HEADERS = ("Accept", "Accept-Encoding", "Cookie", "If-Modified-Since", "If-None-Match", "Range", "Referer",
           "X-Forwarded-For", "X-Request-ID", "Content-Type")  # fmt: skip
VALUES = ("\xff\xfe", "a" * 8_000, "é;q=x,*/*;q=1e999", "bytes=0-0,-1,9-", "Thu, 99 Foo 2026 99:99:99 GMT",
          "text/html; charset=no-such", "multipart/form-data; boundary=")  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize("header", HEADERS)
def test_odd_header_is_answered_without_an_error(filled, header):
    name = "CONTENT_TYPE" if header == "Content-Type" else f"HTTP_{header.upper().replace('-', '_')}"
    for value, path in itertools.product(VALUES, ("/about/", "/search/", "/admin/login/")):
        assert ask(path, **{name: value})[0].status_code < 500, (value, path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.binary(max_size=40), query=st.binary(max_size=40))
def test_any_bytes_in_an_address_are_answered_without_an_error(filled, path, query):
    sent = {"PATH_INFO": "/" + path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
    assert ask("/", **sent)[0].status_code < 500
    assert ask("/", **sent | {"PATH_INFO": "/search/", "QUERY_STRING": f"q={quote(path)}"})[0].status_code < 500


NEXT = ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "///evil.example",
        "http://127.0.0.1@evil.example", "/admin/\r\nX-Evil: 1", "https://127.0.0.1.evil.example/")  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize("target", NEXT)
def test_login_leads_nowhere_else(target, django_user_model):
    django_user_model.objects.create_user("writer", password="pass", is_staff=True)
    response = Client().post("/admin/login/", {"username": "writer", "password": "pass", "next": target})
    assert response.status_code in (302, 400)
    location = response.headers.get("Location", "/")
    assert urlsplit(location).netloc == ""
    assert not location.startswith(("//", "/\\"))
    assert "X-Evil" not in response.headers


# --- with a real server, which reads the bytes itself ---

RAW = {
    "NUL in the path": b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    "10 kB line": b"GET /" + b"a" * 10_240 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "64 kB header": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: " + b"a" * 65_536 + b"\r\n\r\n",
    "smuggled": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.release
@pytest.mark.parametrize("kind", RAW)
def test_bytes_that_are_no_request_are_refused_and_the_server_goes_on(kind, sites_folder):
    with server.serve(sites_folder, "empty") as address:
        port = urlsplit(address).port
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

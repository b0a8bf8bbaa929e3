"""What one request says about itself changes no byte of what the next reader gets."""

import http.client
import os
import signal
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from bench.servers import Server, gunicorn
from scripts.postgres import free_port
from tests.delivery.proxy import until
from tests.factories import make_category, make_post
from tests.sites import server
from tests.views.pages import PAGES

ASKED = [*PAGES.values(), "/feed.xml", "/feeds/markets.xml", "/sitemap.xml", "/robots.txt", "/manifest.webmanifest"]
# Everything by which a proxy, a server or a framework lets a request say where it came in.
PLACES = {
    "Forwarded": "for=10.0.0.1;host=evil.example;proto=https",
    "X-Forwarded-For": "10.0.0.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Server": "evil.example",
    "X-Host": "evil.example",
    "X-HTTP-Method-Override": "POST",
    "X-Original-Host": "evil.example",
    "X-Original-URL": "/evil/",
    "X-Real-IP": "10.0.0.1",
    "X-Rewrite-URL": "/evil/",
    "Accept-Language": "xx",
    "Cookie": "django_language=en; sessionid=evil; csrftoken=evil; messages=evil",
    "SERVER_NAME": "evil.example",
    "REMOTE_USER": "evil",
    "QUERY_STRING": "page=2",
}
SCHEMES = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Scheme": "https",
    "X-Forwarded-Ssl": "on",
    "X-Url-Scheme": "https",
    "Front-End-Https": "on",
    "HTTPS": "on",
    "wsgi.url_scheme": "https",
}
PREFIXES = {
    "SCRIPT_NAME": "/evil",
    "Script-Name": "/evil",
    "SCRIPT_URL": "/evil/",
    "Script-Url": "/evil/",
    "REDIRECT_URL": "/evil/",
    "PATH_INFO": "/evil/",
    "Path-Info": "/evil/",
    "X-Script-Name": "/evil",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Path": "/evil",
}


SITE_URL = "http://127.0.0.1:8000"  # in every page; where the processes of this test listen differs


def fetch(site: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection(urlsplit(site).netloc)
    connection.request("GET", quote(path, safe="/?=&:%"), headers={"Host": "127.0.0.1"} | (headers or {}))
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, response.headers["Location"], body


@pytest.fixture(scope="module")
def site(sites_with) -> Iterator[Server]:
    port = free_port()
    folder = sites_with("full")
    environment = server.environment(folder, "full", port) | {"SITE_URL": SITE_URL}
    with gunicorn("full", "tests.sites.wsgi", environment, folder / "asked.log") as running:
        yield running


@pytest.fixture(scope="module")
def expected(site) -> dict[str, tuple]:
    renew_worker(site)
    return {path: fetch(site.origin, path) for path in ASKED}


def renew_worker(site: Server) -> None:
    """Kills the worker. The next is forked from a process that has loaded the site and answered no request."""
    before = site.pids() - site.roots
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not before & site.pids() and site.pids() - site.roots)


@pytest.mark.parametrize(
    ("prefix", "headers", "statuses"),
    [
        ("", PLACES | SCHEMES | PREFIXES, {200, 404}),
        ("/evil", PREFIXES, {404}),
        ("http://evil.example", {}, {200, 404}),
    ],
    ids=["in headers", "prefix in the path too", "host in the path"],
)
def test_next_reader_gets_what_everybody_gets(site, expected, prefix, headers, statuses):
    """The worker is fresh: whatever it remembers, it learns from the hostile requests."""
    renew_worker(site)
    assert {fetch(site.origin, prefix + path, headers)[0] for path in ASKED} == statuses
    assert {path: fetch(site.origin, path) for path in ASKED} == expected


@pytest.mark.parametrize("header", [*SCHEMES, "X-FORWARDED-PROTO", "X_Forwarded_Proto"])
def test_header_is_no_encryption_where_no_proxy_is_trusted(encrypted_site, header):
    value = SCHEMES.get(header, "https")
    status, location, _ = fetch(encrypted_site, "/tags/", {"Host": "www.example.jp", header: value})
    assert (status, location) == (301, "https://www.example.jp/tags/")


@pytest.fixture(scope="module")
def encrypted_site(sites_with):
    with server.serve(sites_with("full"), "full", SITE_URL="https://www.example.jp", ALLOWED_HOSTS="") as site:
        yield site


def test_trusted_proxy_says_that_a_request_came_encrypted(sites_with):
    changes = {"SITE_URL": "https://www.example.jp", "ALLOWED_HOSTS": "", "TRUSTED_PROXIES": "1"}
    with server.serve(sites_with("full"), "full", **changes) as site:
        host = {"Host": "www.example.jp"}
        assert fetch(site, "/tags/", host | {"X-Forwarded-Proto": "https"})[0] == 200
        for others in ({}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Ssl": "on"}, {"X_Forwarded_Proto": "https"}):
            assert fetch(site, "/tags/", host | others)[0] == 301


@pytest.mark.django_db(transaction=True)  # a request that a server hands over closes old connections
def test_prefix_that_any_server_reports_is_forgotten_with_its_request(client):
    make_post(slug="under-no-prefix", category=make_category("接頭辞なし", "no-prefix"))
    request = RequestFactory().get("/", SCRIPT_NAME="/evil", SCRIPT_URL="/evil/", REDIRECT_URL="/evil/")
    WSGIHandler()(request.environ, lambda status, headers: None)
    for path in ("/", "/category/no-prefix/", "/feed.xml", "/sitemap.xml", "/manifest.webmanifest", "/admin/login/"):
        assert b"/evil" not in client.get(path).content

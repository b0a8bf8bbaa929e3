"""What one request says about itself changes nothing of what the next reader gets: see also `test_store`."""

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from tests.factories import make_category, make_post

SCHEMES = {
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PROTOCOL": "ssl",
    "HTTP_X_FORWARDED_SCHEME": "https",
    "HTTP_X_FORWARDED_SSL": "on",
    "HTTP_X_URL_SCHEME": "https",
    "HTTP_FRONT_END_HTTPS": "on",
}


@pytest.fixture
def encrypted(settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["www.example.jp"]
    return Client(SERVER_NAME="www.example.jp")


@pytest.mark.django_db
def test_header_is_no_encryption_where_no_proxy_is_trusted(encrypted):
    response = encrypted.get("/tags/", **SCHEMES)
    assert (response.status_code, response["Location"]) == (301, "https://www.example.jp/tags/")


@pytest.mark.django_db
def test_trusted_proxy_says_that_a_request_came_encrypted(encrypted, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert encrypted.get("/tags/", HTTP_X_FORWARDED_PROTO="https").status_code == 200
    assert encrypted.get("/tags/", **SCHEMES | {"HTTP_X_FORWARDED_PROTO": "http"}).status_code == 301


@pytest.mark.django_db(transaction=True)  # a request that a server hands over closes old connections
def test_prefix_that_any_server_reports_is_forgotten_with_its_request(client):
    make_post(slug="under-no-prefix", category=make_category("接頭辞なし", "no-prefix"))
    request = RequestFactory().get("/", SCRIPT_NAME="/evil", SCRIPT_URL="/evil/", REDIRECT_URL="/evil/")
    WSGIHandler()(request.environ, lambda status, headers: None)
    for path in ("/", "/category/no-prefix/", "/feed.xml", "/sitemap.xml", "/manifest.webmanifest", "/admin/login/"):
        assert b"/evil" not in client.get(path).content

"""The security headers are on every answer of the site, whatever went wrong."""

import contextlib

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

import allforces.urls
from tests.connection import kept_connection
from tests.factories import make_image, make_post

# About headers, which no row decides: PostgreSQL gets the same statements from other modules.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken/", fail), path("", include(allforces.urls))]
handler400, handler403 = allforces.urls.handler400, allforces.urls.handler403
handler404, handler500 = allforces.urls.handler404, allforces.urls.handler500


def check(response: HttpResponse) -> None:
    policy = response["Content-Security-Policy"]
    assert policy.split("; ") == sorted(policy.split("; ")), "else the ETag changes with each start of the server"
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert {"camera=()", "usb=()", "clipboard-write=(self)"} <= {*response["Permissions-Policy"].split(", ")}
    assert response["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/", {}, 200),
        ("/feed.xml", {}, 200),
        ("/admin/login/", {}, 200),
        ("/robots.txt", {}, 200),
        ("/tags", {}, 301),
        ("/no-such-page/", {}, 404),
        ("/", {"host": "evil.example"}, 400),
        ("/broken/", {}, 500),
    ],
)
def test_every_answer_carries_them(address, headers, status):
    make_post()
    response = Client(raise_request_exception=False).get(address, headers=headers)
    assert response.status_code == status
    check(response)


def test_rejected_form_carries_them():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})
    assert response.status_code == 403
    check(response)


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/", "same-origin"),
        ("/admin/login/", "same-origin"),
        ("/no-such-page/", "same-origin"),
        ("/feed.xml", "cross-origin"),
        ("/static/css/site.css", "cross-origin"),
        ("/media/no-such-picture.png", "cross-origin"),
    ],
)
def test_other_sites_load_feeds_and_files_and_no_page(path, policy):
    make_post()
    assert Client().get(path)["Cross-Origin-Resource-Policy"] == policy


@pytest.fixture
def kept_files(tmp_path, settings):
    """The addresses of a picture and of a style sheet."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("a { color: red }")
    return make_image().file.url, "/static/a.css"


@contextlib.contextmanager
def answer_to(address, **asked):
    response = Client().get(address, **asked)
    yield response
    with kept_connection():
        response.close()


@pytest.mark.parametrize("status", [200, 304, 404])
def test_files_carry_them_though_a_proxy_usually_serves_them(kept_files, status):
    for address in kept_files:
        with answer_to(address) as first:
            tag = {"if-modified-since": first.headers.get("Last-Modified"), "if-none-match": first.headers.get("ETag")}
        asked = f"{address}.css" if status == 404 else address
        headers = {name: value for name, value in tag.items() if value} if status == 304 else {}
        with answer_to(asked, headers=headers) as response:
            assert response.status_code == status
            assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
            if (address, status) == (kept_files[0], 200):
                assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
                assert response["X-Content-Type-Options"] == "nosniff"
            else:
                check(response)

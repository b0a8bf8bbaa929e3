"""What nginx answers by itself, without the site: the headers that guard every answer, each once."""

import http.client
import socket

import pytest

from scripts import nginx
from scripts.postgres import free_port
from tests.delivery.proxy import SECURITY_HEADERS, Client, front_of
from tests.patience import PATIENCE

PICTURE, SHEET, HASHED = "/media/images/a.png", "/static/a.css", "/static/a.0123456789ab.css"
HTTPS_ONLY = "Strict-Transport-Security"
OWN = {
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    HTTPS_ONLY: "max-age=31536000",
}


@pytest.fixture(scope="module")
def client():
    """A client of nginx that has three files, and no site behind it."""
    with front_of(free_port()) as front:
        for path in (PICTURE, SHEET, HASHED):
            (front.files / path[1:]).parent.mkdir(exist_ok=True)
            (front.files / path[1:]).write_bytes(b"content")
        yield Client(front)


def guards_of(headers):
    """What the headers say of how to guard the answer, each once."""
    said = [(name, value) for name, value in headers.items() if name in SECURITY_HEADERS]
    assert len(said) == len(dict(said)), "a header came twice"
    return dict(said)


def answer_to(connection, *lines):
    """Sends the lines as they are; HTTPConnection would refuse to."""
    with connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        return response


@pytest.mark.parametrize(
    ("status", "line", "header"),
    [
        (301, "GET / HTTP/1.1", "Host: evil.example"),
        (400, "GET / HTTP/1.1", "Host: a b"),
        (400, "GET / HTTP/1.1", f"Host: {nginx.SERVER_NAME}\r\nCookie: {'a' * 40_000}"),
        (404, "GET /readyz HTTP/1.1", f"Host: {nginx.SERVER_NAME}"),
        (404, "GET /./readyz?a=b HTTP/1.1", f"Host: {nginx.SERVER_NAME}"),
        (405, "TRACE / HTTP/1.1", f"Host: {nginx.SERVER_NAME}"),
        (413, "POST /admin/ HTTP/1.1", f"Host: {nginx.SERVER_NAME}\r\nContent-Length: 99999999"),
        (414, f"GET /{'a' * 9_000} HTTP/1.1", f"Host: {nginx.SERVER_NAME}"),
        (503, "GET / HTTP/1.1", f"Host: {nginx.SERVER_NAME}"),
    ],
)
def test_what_nginx_refuses_is_guarded_as_a_page_is(client, status, line, header):
    response = answer_to(client.connect(), line, header)
    assert response.status == status
    found = guards_of(response.headers)
    assert found.keys() == {*SECURITY_HEADERS}
    assert found.items() >= OWN.items()


def test_answer_without_tls_promises_none(client):
    host = f"Host: {nginx.SERVER_NAME}"
    for status, port in ((301, client.front.plain), (400, client.front.readers)):
        plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        response = answer_to(plain, "GET /a/ HTTP/1.1", host)
        assert response.status == status
        assert guards_of(response.headers).keys() == {*SECURITY_HEADERS} - {HTTPS_ONLY}


@pytest.mark.parametrize("path", [PICTURE, SHEET, HASHED])
@pytest.mark.parametrize("status", [200, 206, 304, 405, 416])
def test_files_are_guarded_whatever_nginx_says_of_them(client, path, status):
    asked = {
        206: {"Range": "bytes=0-1"},
        304: {"If_None_Match": client.ask(path).headers["ETag"]},
        405: {"method": "POST", "body": b""},
        416: {"Range": "bytes=9999-"},
    }
    answer = client.ask(path, **asked.get(status, {}))
    assert answer.status == status
    found = guards_of(answer.headers)
    assert found.keys() == {*SECURITY_HEADERS}
    assert found.items() >= (OWN | {"Cross-Origin-Resource-Policy": "cross-origin"}).items()
    assert (found["Content-Security-Policy"] == "default-src 'none'; sandbox") == (path == PICTURE)

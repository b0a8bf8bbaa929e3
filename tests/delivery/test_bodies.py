"""No body is read that is longer than the desk takes, or whose length nobody told."""

import io
import json
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from PIL import Image as PILImage

from blog.delivery.bodies import LONGEST_ENCODED
from blog.editing.permissions import WRITER
from blog.pictures.encoding import MAX_BYTES
from tests.delivery.test_headers import check
from tests.factories import make_user
from tests.patience import PATIENCE
from tests.sites import server

FORM, FILES, TEXT = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"
LONGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
LONGEST_WITH_FILES = LONGEST + MAX_BYTES + 2**20
ADDRESSES = [
    "/",
    "/admin/login/",
    "/admin/desk/pictures/add/",
    "/admin/blog/image/add/",
]


class Unread(io.RawIOBase):
    def read(self, *args):
        raise AssertionError("the body was read")

    readline = readinto = read


def ask(address="/admin/login/", *, method="POST", content_type=FILES, **environ):
    """The answer to a request whose body cannot be read; the token makes the CSRF check look into the body."""
    request = RequestFactory().generic(method, address)
    request.environ["HTTP_COOKIE"] = "csrftoken=" + "a" * 32
    request.environ.update({"wsgi.input": Unread(), "CONTENT_TYPE": content_type} | environ)
    statuses = []
    response = WSGIHandler()(request.environ, lambda status, headers: statuses.append(status))
    response.close()
    assert statuses == [f"{response.status_code} {response.reason_phrase}"]
    return response


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("method", "content_type", "length"),
    [
        ("POST", FILES, LONGEST_WITH_FILES + 1),
        ("POST", FORM, LONGEST_ENCODED + 1),
        ("POST", "application/json", LONGEST_ENCODED + 1),
        ("POST", FILES, 10**19),
        ("PUT", FILES, 200 * 2**20),
        ("GET", TEXT, 200 * 2**20),
    ],
)
@pytest.mark.sqlite
def test_body_longer_than_the_desk_takes_is_refused_unread(address, method, content_type, length):
    response = ask(address, method=method, content_type=content_type, CONTENT_LENGTH=str(length))
    assert response.status_code == 413
    check(response)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("coding", ["chunked", ""])
@pytest.mark.parametrize("length", ["", "5"])
@pytest.mark.sqlite
def test_body_without_a_length_is_refused_unread(address, coding, length):
    response = ask(address, HTTP_TRANSFER_ENCODING=coding, CONTENT_LENGTH=length)
    assert response.status_code == 411
    check(response)


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["-1", "5, 5", "five", "５", "9" * 21])
@pytest.mark.sqlite
def test_length_that_is_none_is_a_bad_request(length):
    response = ask(CONTENT_LENGTH=length)
    assert response.status_code == 400
    check(response)


@pytest.mark.django_db
def test_refusal_says_in_japanese_what_would_pass():
    page = ask(CONTENT_LENGTH=str(10**9)).content.decode()
    assert "一度に送信できるのは37MBまで、画像は1枚20MBまでです。" in page
    told = json.loads(ask(CONTENT_LENGTH=str(10**9), HTTP_ACCEPT="application/json").content)
    assert "画像は1枚20MBまでです。" in told["error"]
    assert "一度に送信できるのは256KBまで" in ask(content_type=FORM, CONTENT_LENGTH="300000").content.decode()


@pytest.mark.django_db
def test_body_that_multiplies_in_memory_is_short():
    """Each `%` of a form that is percent-encoded is an object of its own while it is read."""
    for length, status in ((LONGEST_ENCODED // 3 * 3, 403), (LONGEST_ENCODED + 3, 413)):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies["csrftoken"] = "a" * 32
        body = ("a=%" + "%41" * (length // 3))[:length]
        assert strict.post("/admin/login/", body, content_type=FORM).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_stranger_sends_no_longer_form_than_a_login(address):
    form = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n' + b"a" * LONGEST_ENCODED + b"\r\n--x--\r\n"
    sent = io.BytesIO(form)
    response = ask(address, CONTENT_LENGTH=str(len(form)), **{"wsgi.input": sent})
    assert response.status_code == 403
    assert "ログインしていないため" in response.content.decode()
    assert sent.tell() == len(form)
    check(response)
    told = ask(
        address, CONTENT_LENGTH=str(len(form)), HTTP_ACCEPT="application/json", **{"wsgi.input": io.BytesIO(form)}
    )
    assert "ログインし直してください" in json.loads(told.content)["error"]


@pytest.mark.django_db
def test_longest_request_of_the_desk_passes(client):
    """A picture of MAX_BYTES, with as much text beside it as a form may have."""
    drawn = io.BytesIO()
    PILImage.new("RGB", (8, 8)).save(drawn, "PNG")
    client.force_login(make_user(role=WRITER))
    picture = SimpleUploadedFile("a.png", drawn.getvalue().ljust(MAX_BYTES, b"\0"))
    texts = {f"text-{number}": "a" * (LONGEST // 100 - 200) for number in range(100)}
    response = client.post("/admin/desk/pictures/add/", {"image": picture, "alt": "絵", **texts})
    assert response.status_code == 200


# --- with a real server ---


@pytest.fixture(scope="module")
def site(sites_folder, tmp_path_factory):
    """The address of a site, and the folder where its process would put uploads."""
    folder = tmp_path_factory.mktemp("uploads")
    with server.serve(sites_folder, "empty", TMPDIR=str(folder)) as address:
        yield urlsplit(address).port, folder


def talk(port: int, *sent: bytes, end: bool = True) -> tuple[bytes, socket.socket]:
    """What comes back for these bytes: all of it if they are the end, else what a first look shows."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    for data in sent:
        connection.sendall(data)
    if not end:
        return connection.recv(65536), connection
    connection.shutdown(socket.SHUT_WR)
    return b"".join(iter(lambda: connection.recv(65536), b"")), connection


def head(length: str, method: str = "POST", more: str = "") -> bytes:
    return (
        f"{method} /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={'a' * 32}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\n{length}{more}\r\n"
    ).encode()


PART = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
HUGE = "Content-Length: 209715200\r\n"


def test_server_answers_before_it_has_read_a_long_body(site):
    """The connection stays open: nobody waits for the rest, and nothing of it is on the disk."""
    port, folder = site
    answer, connection = talk(port, head(HUGE), PART + bytes(30_000), end=False)
    with connection:
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert list(Path(folder).iterdir()) == []


@pytest.mark.parametrize("more", ["", "Expect: 100-continue\r\n", "Connection: keep-alive\r\n"])
@pytest.mark.parametrize("method", ["POST", "GET", "HEAD"])
def test_rest_of_a_long_body_is_no_request(site, method, more):
    smuggled = b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answer, connection = talk(site[0], head(HUGE, method, more), PART, smuggled * 3)
    connection.close()
    answer = answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1 ") == 1

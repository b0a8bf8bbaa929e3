"""One worker, as `make run` starts it and behind nginx, while clients keep it waiting."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from scripts import nginx
from tests.delivery.proxy import Client, front_of
from tests.sites import server

CLIENTS = 20
HOST = nginx.SERVER_NAME.encode()
TOKEN = f"Cookie: csrftoken={'a' * 32}\r\n"  # without one, a form is refused before it is read
SENT = {
    "nothing": b"",
    "half a line": b"GE",
    "half the headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept",
    "no body": f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{TOKEN}Content-Length: 99\r\n\r\n".encode(),
    "half a body": f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{TOKEN}Content-Length: 99\r\n\r\na=b".encode(),
}


@pytest.fixture(scope="module")
def behind_nginx(sites_folder):
    """A client of nginx, with one worker of the real site behind it."""
    https = {"SITE_URL": f"https://{nginx.SERVER_NAME}", "ALLOWED_HOSTS": "", "TRUSTED_PROXIES": "1"}
    with server.serve(sites_folder, "empty", **https) as site, front_of(urlsplit(site).port) as front:
        yield Client(front)


@pytest.mark.release
@pytest.mark.parametrize("kind", ["no hello", "all kinds"])
def test_behind_nginx_any_number_of_them_keeps_nobody_waiting(behind_nginx, kind):
    """Many more than the worker has threads."""
    crowd = 120
    sent = [SENT.get(kind, b"")] * crowd if kind != "all kinds" else [*SENT.values()] * (crowd // len(SENT))
    with ExitStack() as waiting:
        for data in sent:
            if kind == "no hello":
                address = ("127.0.0.1", behind_nginx.front.readers)
                waiting.enter_context(socket.create_connection(address))
            else:
                waiting.enter_context(behind_nginx.connect()).sendall(data.replace(b"127.0.0.1", HOST))
        for path in ("/", "/admin/login/", "/feed.xml"):
            assert behind_nginx.ask(path).status == 200


@pytest.mark.release
def test_clients_that_do_not_read_their_answer_keep_nobody_waiting(behind_nginx):
    request = b"GET /admin/login/ HTTP/1.1\r\nHost: " + HOST + b"\r\n\r\n"
    with ExitStack() as waiting:
        for _ in range(15):  # as many as one address has, and more than the worker has to spare
            waiting.enter_context(behind_nginx.connect()).sendall(request * 50)
        assert behind_nginx.ask("/").status == 200

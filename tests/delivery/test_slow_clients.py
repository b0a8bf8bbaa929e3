"""One worker, as `make run` starts it, while clients keep it waiting."""

import http.client
import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tests.patience import PATIENCE
from tests.sites import server

CLIENTS = 20
TOKEN = f"Cookie: csrftoken={'a' * 32}\r\n"  # without one, a form is refused before it is read
SENT = {
    "nothing": b"",
    "half a line": b"GE",
    "half the headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept",
    "no body": f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{TOKEN}Content-Length: 99\r\n\r\n".encode(),
    "half a body": f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{TOKEN}Content-Length: 99\r\n\r\na=b".encode(),
}


@pytest.mark.parametrize("kind", ["nothing", "half the headers", "half a body", "all kinds"])
def test_others_are_answered_while_twenty_clients_have_not_said_what_they_want(sites_folder, kind):
    sent = [SENT[kind]] * CLIENTS if kind in SENT else [*SENT.values()] * (CLIENTS // len(SENT))
    with server.serve(sites_folder, "empty") as site, ExitStack() as waiting:
        address = ("127.0.0.1", urlsplit(site).port)
        for data in sent:
            waiting.enter_context(socket.create_connection(address)).sendall(data)
        for path in ("/", "/admin/login/", "/feed.xml"):
            connection = http.client.HTTPConnection(*address, timeout=PATIENCE)
            connection.request("GET", path)
            assert connection.getresponse().status == 200
            connection.close()

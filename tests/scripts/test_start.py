import os
import socket
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from scripts import lock, start
from tests.patience import PATIENCE


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind((start.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def refuse(tmp_path):
    """What a start says when it stops at a wrong environment, in the process that a person would start."""

    def run(**environment: str) -> str:
        minimal = {"PATH": os.environ["PATH"], "DEBUG": "0", "DATA_DIR": str(tmp_path), "SECRET_KEY": "k3y-" * 15}
        result = subprocess.run(
            [sys.executable, "-m", "scripts.start", "run"],
            cwd=lock.ROOT,
            env=minimal | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert result.returncode == 1
        return result.stderr

    return run


def test_port_in_use_is_told_with_another_to_try(listener):
    with pytest.raises(ImproperlyConfigured, match=rf"Port {listener} is in use.*PORT={listener + 1}"):
        start.check_port(listener)


def test_port_of_a_server_that_just_ended_is_free():
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((start.HOST, 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection((start.HOST, port)):
            server.accept()[0].close()  # the side that closes first keeps the port in TIME_WAIT
    start.check_port(port)


def test_impossible_port_is_refused_in_a_sentence(refuse):
    assert refuse(PORT="8000;id") == "PORT must be a number from 1 to 65535, not '8000;id'.\n"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eight", "８０００", "80 00"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(ImproperlyConfigured, match=rf"not '{port}'\.$"):
        start.read_port(port)


@pytest.mark.parametrize("port", ["1", "8000", "65535"])
def test_port_is_taken_as_it_is(port):
    assert start.read_port(port) == port


def test_weak_secret_is_refused_in_a_sentence(refuse):
    message = refuse(SECRET_KEY="short")
    assert "SECRET_KEY is missing or weak" in message
    assert "Traceback" not in message


def test_empty_secret_is_answered_with_a_line_to_paste(refuse):
    first, second = refuse(SECRET_KEY="").splitlines()
    assert first == "SECRET_KEY is not set. Add this line to .env:"
    assert len(second.removeprefix("SECRET_KEY=")) >= 50


@pytest.mark.parametrize(
    ("site", "is_told"),
    [
        ("https://www.example.jp", True),
        ("https://127.0.0.1.example.jp", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_start_tells_of_the_proxy_where_readers_are_not_on_this_machine(site, is_told):
    message = start.welcome(site)
    assert f"{site}/admin/" in message
    assert ("need a proxy" in message) is is_told

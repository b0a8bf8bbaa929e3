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


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eight", "８０００", "80 00"])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(ImproperlyConfigured, match=rf"not '{port}'\.$"):
        start.read_port(port)


def test_weak_secret_is_refused_in_a_sentence(refuse):
    message = refuse(SECRET_KEY="short")
    assert "SECRET_KEY is missing or weak" in message
    assert "Traceback" not in message

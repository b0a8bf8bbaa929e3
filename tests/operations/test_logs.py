import json
import logging
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from blog.operations.logs import (
    ClientErrorFilter,
    JsonFormatter,
    LineFormatter,
    RequestIdFilter,
    request_id,
)
from tests.patience import PATIENCE
from tests.sites import server

SECRETS = [
    ("Not Found: /preview/abc-def_1/", "Not Found: /preview/***/"),
    ("/admin/password-reset/MQ/c4x-0a1b2c/", "/admin/password-reset/MQ/***/"),
    ("/admin/reset/MQ/c4x-0a1b2c/", "/admin/reset/MQ/***/"),
    ("could not reach postgres://site:pa:ss@db:5432/x", "could not reach postgres://site:***@db:5432/x"),
    ("postgres://site:p@ss@db:5432/x", "postgres://site:***@db:5432/x"),
    ("smtp://writer@example.jp:key@smtp.example.jp", "smtp://writer@example.jp:***@smtp.example.jp"),
    ("/admin/password-reset/./MQ/../c4x-0a1b2c/", "/admin/password-reset/./MQ/../***/"),
    ("GET /2026/04/01/a/ from http://example.jp:80/a b@c", "GET /2026/04/01/a/ from http://example.jp:80/a b@c"),
]


def record(message, **extra):
    request_id.set("")  # a request of an earlier test left its own
    made = logging.getLogger("blog").makeRecord("blog", logging.ERROR, "", 0, message, (), None, extra=extra)
    RequestIdFilter().filter(made)
    return made


@pytest.mark.parametrize(("text", "shown"), SECRETS)
def test_secrets_are_left_out(text, shown):
    assert json.loads(JsonFormatter().format(record(text)))["message"] == shown
    assert LineFormatter("{message}", style="{").format(record(text)) == shown


def test_record_is_one_line_of_json_whatever_it_holds():
    line = JsonFormatter().format(record('改行\n{"level": "INFO"}\u2028\0', request="has cookies"))
    assert line.count("\n") == 0
    parsed = json.loads(line)
    assert parsed["level"] == "ERROR"
    assert set(parsed) == {"time", "level", "logger", "message"}


def test_secret_in_an_error_is_left_out():
    try:
        raise ValueError("postgres://site:password@db/x")
    except ValueError:
        made = record("failed")
        made.exc_info = sys.exc_info()
    assert "password" not in JsonFormatter().format(made)
    assert "postgres://site:***@db/x" in json.loads(JsonFormatter().format(made))["exception"]


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"),
    [(1, "0123456789abcdef", True), (0, "0123456789abcdef", False), (1, "a b", False), (1, "x" * 65, False)],
)
def test_id_of_a_trusted_proxy_is_kept_and_no_other(client, settings, proxies, given, is_kept):
    settings.TRUSTED_PROXIES = proxies
    answered = client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"]
    assert (answered == given) is is_kept
    assert len(answered) >= 16


@pytest.mark.django_db
def test_what_a_client_did_wrong_is_a_warning_of_one_line(client, caplog, settings):
    assert "client_error" in settings.LOGGING["handlers"]["stderr"]["filters"]
    caplog.handler.addFilter(ClientErrorFilter())
    client.raise_request_exception = False
    sent = "&".join(f"p{number}=1" for number in range(10_000))
    assert client.post("/admin/login/", sent, content_type="application/x-www-form-urlencoded").status_code == 400
    assert client.get("/search/?q=%00").status_code == 400
    told = [made for made in caplog.records if made.name.startswith("django")]
    assert {made.levelname for made in told} == {"WARNING"}
    assert not any(made.exc_info for made in told)
    assert any("TooManyFieldsSent" in made.name for made in told)


@pytest.mark.sqlite
def test_server_says_its_own_in_lines_of_json_too_without_the_key_in_what_it_refuses(sites_folder):
    with (
        server.serve(sites_folder, "empty", LOG_FORMAT="json") as site,
        socket.create_connection(("127.0.0.1", urlsplit(site).port), PATIENCE) as client,
    ):
        client.sendall(b"GET /preview/hush-hush\r\n\r\n")
        assert b" 400 " in client.recv(100)
    told = [json.loads(line)["message"] for line in (sites_folder / "empty.log").read_text().splitlines()]
    assert [line for line in told if "/preview/" in line] == [
        "Invalid request from ip=127.0.0.1: Invalid HTTP request line: 'GET /preview/***'"
    ]


@pytest.mark.sqlite
def test_worker_that_ends_says_so_in_lines_of_json(tmp_path):
    settings = {"LOG_FORMAT": "json", "DATABASE_URL": "postgres://site@127.0.0.1:1/site"}  # where nobody listens
    environment = server.environment(tmp_path, "x", port=8000) | settings
    command = [sys.executable, "manage.py", "run_worker", "--no-reload"]
    worker = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert worker.returncode == 1
    lines = [json.loads(line) for line in worker.stderr.splitlines()]
    assert any(line["message"] == "the worker ended" and "Traceback" in line["exception"] for line in lines)

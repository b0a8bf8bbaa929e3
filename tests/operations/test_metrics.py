"""What Prometheus reads, from a real server of several processes."""

import http.client
import re
from urllib.parse import urlsplit

import pytest

from tests.sites import server

pytestmark = pytest.mark.sqlite
TOKEN = "a-token-of-prometheus-2026"


def ask(site, path, method="GET", **headers):
    connection = http.client.HTTPConnection(urlsplit(site).netloc)
    connection.request(method, path, headers={"Host": "127.0.0.1", **headers})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def value(text, name):
    found = re.search(rf"^{re.escape(name)} ([0-9.e+]+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


@pytest.fixture(scope="module")
def site(sites_with, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("metrics") / "made-by-the-server")
    settings = {"METRICS_TOKEN": TOKEN, "WEB_CONCURRENCY": "3", "PROMETHEUS_MULTIPROC_DIR": folder}
    (tmp_path_factory.getbasetemp() / "x").touch()
    with server.serve(sites_with("single"), "single", **settings) as address:
        yield address


def test_processes_count_together_by_view_and_status(site):
    for _ in range(30):
        assert ask(site, "/")[0] == 200
    assert ask(site, "/no-such/")[0] == 404
    assert ask(site, "/robots.txt", "BREW")[0] == 405
    texts = [ask(site, "/metrics", Authorization=f"Bearer {TOKEN}") for _ in range(6)]
    assert {status for status, _ in texts} == {200}
    for _, text in texts:  # whichever process answers
        assert value(text, 'allforces_requests_total{method="GET",status="200",view="blog:home"}') == 30
        assert value(text, 'allforces_request_seconds_count{view="blog:home"}') == 30
        assert value(text, "allforces_tasks_failed") == 0
        assert value(text, "allforces_tasks_oldest_seconds") is not None
    assert 'method="other"' in texts[0][1]
    assert "no-such" not in texts[0][1]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN[:-1]}])
def test_stranger_finds_no_such_page(site, header):
    status, body = ask(site, "/metrics", **header)
    assert status == 404
    assert "allforces_" not in body


def test_without_a_token_there_is_nothing(client, db):
    assert client.get("/metrics").status_code == 404

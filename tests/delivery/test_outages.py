"""Real processes without a database, and nginx without them: what a reader gets for a page that nobody holds."""

import http.client
import re
import shutil
from urllib.parse import urlsplit

import pytest

from scripts import nginx
from scripts.postgres import free_port
from tests.delivery.proxy import SECURITY_HEADERS, Client, front_of
from tests.patience import PATIENCE
from tests.sites import server

GUARDS = {name.lower() for name in SECURITY_HEADERS}
SAME_HEADERS = GUARDS | {"cache-control", "retry-after", "content-type"}
HTTPS = {"SITE_URL": f"https://{nginx.SERVER_NAME}", "ALLOWED_HOSTS": "", "TRUSTED_PROXIES": "1"}


def told(headers, names=SAME_HEADERS):
    """What the headers say, each once; the order of a policy's directives says nothing."""
    found = [(name.lower(), sorted(re.split("[;,] ?", value))) for name, value in headers.items()]
    said = [(name, value) for name, value in found if name in names]
    assert len(said) == len(dict(said)), "a header came twice"
    return dict(said)


@pytest.fixture(scope="module")
def away(sites_folder, tmp_path_factory):
    """(the answer of gunicorn without a database, of nginx before it, of nginx alone); and of both to static files."""
    folder = tmp_path_factory.mktemp("away")  # a folder is no database
    with server.serve(sites_folder, "empty", DATABASE_URL=f"sqlite:///{folder}", **HTTPS) as site:
        port = urlsplit(site).port
        with front_of(port) as front:
            shutil.copytree(sites_folder / "static", front.files / "static", dirs_exist_ok=True)
            yield port, Client(front)


def ask_gunicorn(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers={"Host": nginx.SERVER_NAME, "X-Forwarded-Proto": "https", **headers})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def test_gunicorn_without_a_database_says_so_and_nginx_hands_it_on(away):
    port, client = away
    response, body = ask_gunicorn(port, "/2026/04/01/a/")
    assert (response.status, response.headers["Retry-After"]) == (503, "60")
    assert "ただいま表示できません" in body.decode()
    assert told(response.headers).keys() == SAME_HEADERS
    through = client.ask("/2026/04/01/a/")
    assert (through.status, through.body) == (503, body.decode())
    assert told(through.headers) == told(response.headers)


def test_nginx_alone_says_the_same_in_the_same_words(away, sites_folder):
    port, _ = away
    response, body = ask_gunicorn(port, "/2026/04/01/a/")
    with front_of(free_port()) as front:
        shutil.copytree(sites_folder / "static", front.files / "static", dirs_exist_ok=True)
        for method in ("GET", "POST"):
            alone = Client(front).ask("/2026/04/01/a/", method=method, body=b"" if method == "POST" else None)
            assert (alone.status, alone.body) == (503, body.decode())
            assert told(alone.headers) == told(response.headers)
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', alone.body):
            assert re.search(r"\.[0-9a-f]{12}\.", path)
            assert Client(front).ask(path).status == 200
        assert Client(front).ask("/static/503.html").status == 404  # the file itself is no page


def test_body_that_nginx_hands_on_to_nobody_is_refused_in_the_words_of_the_site(away):
    _, client = away
    answer = client.ask("/admin/", method="POST", Content_Length=str(2**26))
    assert answer.status == 413
    assert "データを受け取れません" in answer.body
    assert "37MB" in answer.body
    told_of = told(answer.headers, GUARDS)
    assert told_of.keys() == GUARDS
    assert told_of["cross-origin-resource-policy"] == ["same-origin"]
    assert client.ask("/static/413.html").status == 404  # the file itself is no page

"""Debian's nginx with deploy/nginx.conf, byte for byte, in front of a real gunicorn."""

import contextlib
import hashlib
import os
import re
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.urls import reverse

from bench.processes import with_descendants
from blog.delivery.purging import ENCODINGS, purge, purge_page
from blog.models.image import CONTENT_TYPES
from scripts import nginx
from tests.delivery.proxy import proxied, until
from tests.queue import do_queued_tasks

LOGIN, RESET = reverse("admin:login"), reverse("admin_password_reset")
HOME = f"https://{nginx.SERVER_NAME}"
PAUSE = 0.02  # seconds between two of a reader who asks again and again; without it they take both cores
AGE = 4  # seconds after which a page is neither fresh nor served while its successor is fetched


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """(a client of nginx, the site behind it), for all tests that leave both as they are."""
    with proxied(tmp_path_factory.mktemp("proxy")) as found, found[1].start():
        yield found


@pytest.fixture
def proxy(tmp_path):
    """(a client of nginx, the site behind it, which has not started), for a test of its own."""
    with proxied(tmp_path) as found:
        yield found


@pytest.fixture
def article(request):
    """The decoded path of an article that no other test asks for."""
    return f"/2026/04/01/円安-{hashlib.sha256(request.node.name.encode()).hexdigest()[:12]}/"


def statuses_for(seconds, client, path):
    """All that is answered to a reader who asks again and again for so long."""
    ends, found = time.monotonic() + seconds, set()
    while time.monotonic() < ends:
        found.add(client.ask(path).status)
        time.sleep(PAUSE)
    return found


def test_page_is_asked_for_once_and_an_edit_is_seen(running, article):
    client, site = running
    site.write(article, "first ")
    assert [client.ask(quote(article)).cache for _ in range(3)] == ["MISS", "HIT", "HIT"]
    site.write(article, "second ")
    until(lambda: client.ask(quote(article)).body.startswith("second"))


def test_pages_are_kept_once_for_each_encoding_however_it_is_worded(running, article):
    client, site = running
    site.write(article, "first ")
    worded = {
        "br": ["br", "gzip, deflate, br, zstd", "gzip;q=1.0, br;q=0.5", "BR", "gzip,br;q=0.001"],
        "gzip": ["gzip", "gzip, deflate", "br;q=0, gzip", "gzip; q=1.0, brotli", "x-br, gzip"],
        "identity": ["", "identity", "gzip;q=0", "gzip; q=0.0, br; q=0", "deflate", "*"],
    }
    for encoding, wordings in worded.items():
        for wording in wordings:
            answer = client.ask(quote(article), Accept_Encoding=wording)
            assert (wording, answer.body) == (wording, f"first {encoding}")
    assert len(client.kept(article)) == 3


@pytest.mark.parametrize("query", ["utm_source=a&fbclid=%3Cscript%3E", "x=17", "page=2", "x=1&page=2", "page=evil"])
def test_query_that_a_page_does_not_know_passes_no_cache(running, article, query):
    client, site = running
    site.write(article, "first ")
    client.ask(quote(article))
    assert client.ask(f"{quote(article)}?{query}").cache == "HIT"
    assert client.ask(f"/never/?{query}").saw["query"] == query, "a redirect takes it along"


@pytest.mark.parametrize(("text", "status"), [(None, 404), ("moved", 301)])
def test_what_is_no_page_pushes_no_page_out(running, article, text, status):
    client, site = running
    if text:
        site.write(article, text)
    for _ in range(3):
        answer = client.ask(quote(article))
        assert (answer.status, answer.cache, client.kept(article)) == (status, "MISS", [])


@pytest.mark.parametrize("headers", [{"Cookie": "sessionid=made-up"}, {"Authorization": "Basic x"}])
def test_what_anybody_can_make_up_passes_no_cache(running, article, headers):
    client, site = running
    site.write(article, "first ")
    client.ask(quote(article))
    answer = client.ask(quote(article), **headers)
    assert (answer.cache, answer.body) == ("HIT", "first identity")


def test_desk_is_never_kept(running):
    client, site = running
    site.write("/admin/", "desk ")
    assert client.ask("/admin/", Cookie="sessionid=a").body == "desk identity for an editor"
    assert client.ask("/admin/").cache is None


def test_what_a_client_says_of_itself_reaches_no_page(running, article):
    client, _ = running
    said = {"X_Forwarded_For": "1.2.3.4", "X_Forwarded_Proto": "http", "X_Request_ID": "chosen-by-client"}
    saw = client.ask(quote(article), **said, Proxy="http://evil.example").saw
    assert (saw["X_FORWARDED_FOR"], saw["X_FORWARDED_PROTO"]) == ("127.0.0.1", "https")
    assert saw["HOST"] == nginx.SERVER_NAME
    assert saw["X_REQUEST_ID"] != "chosen-by-client"
    assert "PROXY" not in saw


@pytest.mark.parametrize("path", ["/x/../{}", "/{}./", "/x/%2e%2e/{}", "/{}//04/", "/a%2F{}", "/%e5%86%86/{}"])
def test_the_site_is_asked_for_the_path_that_the_page_is_kept_under(running, article, path):
    client, site = running
    address = path.format(article.split("-")[1])
    asked = client.ask(address).saw["path"]
    site.write(asked, "first ")
    client.ask(address)
    assert client.kept(article.split("-")[1][:-1]) == [f"KEY: identity {nginx.SERVER_NAME}{asked}?"]
    assert ".." not in asked


def test_other_names_and_plain_http_lead_to_the_site(running):
    client, _ = running
    other = client.ask("/a/?b=c", Host="evil.example")
    assert (other.status, other.headers["Location"]) == (301, f"{HOME}/a/?b=c")
    plain = client.ask_plainly("/a/?b=c", port=client.front.plain, host="evil.example")
    assert (plain.status, plain.headers["Location"]) == (301, f"{HOME}/a/?b=c")


@pytest.mark.parametrize(
    ("path", "length", "cookie", "status"),
    [
        ("/", 2_000_000, "sessionid=a", 413),
        ("/admin/login/", 2_000_000, "", 413),
        ("/admin/login/", 2_000_000, "xsessionid=a; sessionid=", 413),
        ("/admin/", 50_000_000, "sessionid=a", 413),
        ("/admin/login/", 900_000, "", 200),
    ],
)
def test_stranger_sends_no_long_body(running, path, length, cookie, status):
    client, _ = running
    with client.connect() as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: {nginx.SERVER_NAME}\r\nCookie: {cookie}\r\n"
        connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
        if status == 200:
            connection.sendall(b"x" * length)
        assert connection.recv(100).split()[1] == str(status).encode()


def held_in(pid: int) -> int:
    """The bytes of the temporary files that the processes of a server hold, most of which have no name."""
    held = 0
    for process in with_descendants({pid}):
        for file in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                if "client_body" in os.readlink(file):
                    held += os.stat(file).st_size
    return held


@pytest.mark.parametrize("cookie", ["", "__Host-sessionid=made-up"])
def test_slow_bodies_wait_nowhere(running, cookie):
    """Fifteen connections that stop before the end of 40 MB held 585 MB."""
    client, _ = running
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(client.connect()) for _ in range(15)]
        for connection in connections:
            connection.settimeout(0.5)
            head = f"POST /admin/ HTTP/1.1\r\nHost: {nginx.SERVER_NAME}\r\nCookie: {cookie}\r\n"
            with contextlib.suppress(OSError):
                connection.sendall(f"{head}Content-Length: 40000000\r\n\r\n".encode())
                for _ in range(39):
                    connection.sendall(bytes(1_000_000))
        assert held_in(client.front.pid) < 20_000_000


def test_one_client_is_answered_twenty_times_at_once(running):
    """Nobody else waits: the others are told to come back."""
    client, _ = running
    head = f"POST /a/ HTTP/1.1\r\nHost: {nginx.SERVER_NAME}\r\nContent-Length: 9\r\n\r\n".encode()
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(client.connect()).sendall(head)
        until(lambda: client.ask("/b/").status == 429)
        assert client.ask("/b/").headers["Retry-After"] == "60"
    until(lambda: client.ask("/b/").status == 404)


@pytest.mark.parametrize(
    ("path", "method", "most"),
    [("/search/?q=a", "GET", 21), ("/search/suggestions.json?q=a", "GET", 61), (RESET, "POST", 6), (LOGIN, "POST", 11)],
)
def test_one_client_searches_and_asks_for_passwords_so_often(proxy, path, method, most):
    client, site = proxy
    with site.start(), client.connection() as ask:
        found = [ask(path, method=method, body=b"" if method == "POST" else None).status for _ in range(most + 10)]
    assert found[:most].count(429) == 0
    assert 429 in found[most:]


def test_readers_purge_nothing(running, article):
    client, site = running
    site.write(article, "first ")
    client.ask(quote(article))
    client.ask(quote(article), method="PURGE")
    client.ask_plainly(quote(article), port=client.front.plain, method="PURGE")
    assert client.ask_plainly(quote(article), port=client.front.purges).status == 405
    assert len(client.kept(article)) == 1


@pytest.fixture(params=["preview", "reset", "invitation"])
def keyed(request):
    """A path that lets in whoever has it."""
    found = {
        "preview": reverse("blog:preview", args=["SECRET"]),
        "reset": reverse("password_reset_confirm", args=["MQ", "SECRET"]),
        "invitation": reverse("invitation", args=["SECRET"]),
    }
    return found[request.param]


def test_log_has_no_key_of_a_private_address(running, keyed):
    client, _ = running
    encoded = [
        keyed.replace("/", "%2F"),
        f"/x/..%2f{keyed[1:]}",
        keyed.replace("e", "%65", 1),
        keyed.replace("-", "%2D"),
    ]
    doubled = [keyed.replace("/", "//"), keyed.replace("/", "/./")]
    for asked in (keyed, f"{keyed}?SECRET", keyed.rstrip("/"), f"/x/..{keyed}", *encoded, *doubled, "/seen/?q=1"):
        client.ask(asked)
        client.ask_plainly(asked, port=client.front.plain)
    until(lambda: "/seen/?q=1" in client.front.log.read_text())
    assert "SECRET" not in client.front.log.read_text()


def test_errors_are_told_without_the_key_of_a_private_address(proxy, keyed):
    client, _ = proxy
    doubled = [keyed.replace("/", "//"), keyed.replace("/", "/./")]
    for asked in (keyed, f"{keyed}?SECRET", f"/x/..{keyed}", keyed.replace("e", "%65", 1), *doubled):
        answer = client.ask(asked)
        assert (answer.status, answer.headers["Referrer-Policy"]) == (503, "no-referrer")  # what it loads tells no key
    client.ask("/seen/")
    until(lambda: "/seen/" in client.front.errors.read_text())
    assert "SECRET" not in client.front.errors.read_text()


def test_pictures_of_every_kind_that_the_site_stores_are_files():
    (kinds,) = re.findall(r"\^/media/.+\\\.\(([a-z|]+)\)\$", (nginx.DEPLOY / "nginx.conf").read_text())
    assert {f".{kind}" for kind in kinds.split("|")} == CONTENT_TYPES.keys()


def test_what_nginx_holds_outlives_the_site_and_a_failing_one(proxy, article):
    client, site = proxy
    path = quote(article)
    site.write(article, "first ")
    with site.start():
        for encoding in ENCODINGS:
            assert client.ask(path, Accept_Encoding=encoding).status == 200
        site.fail()
        assert statuses_for(AGE, client, path) == {200}
        assert client.ask("/never-asked/").status == 503
        site.fail(False)
        until(lambda: client.ask(path).cache == "HIT")
    assert statuses_for(AGE, client, path) == {200}
    for encoding in ENCODINGS:
        assert client.ask(path, Accept_Encoding=encoding).body == f"first {encoding}"


def test_page_that_is_gone_is_not_answered_with_what_it_was(proxy, article):
    client, site = proxy
    site.write(article, "first ")
    with site.start():
        assert client.ask(quote(article)).status == 200
        site.remove(article)
        until(lambda: client.ask(quote(article)).status == 404)
        site.fail()
        assert statuses_for(AGE, client, quote(article)) == {404}


@pytest.mark.django_db(transaction=True)  # a worker closes its connections
def test_purge_leaves_no_page_in_any_form_although_the_site_is_away(proxy, article, settings):
    client, site = proxy
    settings.SITE_URL = HOME
    settings.PURGE_URLS = [f"http://127.0.0.1:{client.front.purges}"]
    path, picture = quote(article), "/media/images/0123.png"  # of a site whose nginx has no folder of pictures
    forms = [path, path.lower(), f"{path}?utm_source=a", f"{path}?page=2", f"/x/..{path}", picture]
    site.write(article, "first ")
    site.write(picture, "picture ")
    with site.start():
        for form in forms:
            for encoding in ENCODINGS:
                assert client.ask(form, Accept_Encoding=encoding).status == 200
    until(lambda: client.ask(path).cache == "STALE")
    purge()
    do_queued_tasks()
    for form in forms:
        for encoding in ENCODINGS:
            assert client.ask(form, Accept_Encoding=encoding).status == 503


@pytest.mark.django_db
def test_editor_sees_an_edit_at_once(running, article, settings, committed):
    client, site = running
    settings.SITE_URL, settings.PURGE_URLS = HOME, [f"http://127.0.0.1:{client.front.purges}"]
    for text in ("first ", "second "):
        site.write(article, text)
        committed(purge_page, article)
        until(lambda: client.kept(article) == [])
        for encoding in ENCODINGS:
            assert client.ask(quote(article), Accept_Encoding=encoding).body.startswith(text)
    assert client.kept("/"), "nothing else was forgotten"

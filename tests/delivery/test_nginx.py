"""Debian's nginx with deploy/nginx.conf, byte for byte, in front of a real gunicorn."""

import contextlib
import http.client
import shutil
import subprocess
import time

import pytest

from bench.servers import ROOT, gunicorn
from blog.delivery.purging import purge
from blog.models import QueuedTask
from scripts.debian import install, may_install, require
from scripts.postgres import environment_without_postgres, free_port
from tests.patience import PATIENCE
from tests.queue import do_queued_tasks, try_queued_tasks

PATH = "/2026/04/01/円安/"


@pytest.fixture(scope="module")
def nginx_program():
    if may_install() and not shutil.which("nginx"):
        install("nginx", "nginx", "libnginx-mod-http-cache-purge")
    return require("nginx", "nginx")


@pytest.fixture
def front(tmp_path, nginx_program):
    """(port of nginx, the file that is the page, a function that starts gunicorn behind it)."""
    port, behind = free_port(), free_port()
    conf = tmp_path / "conf"
    (conf / "allforces").mkdir(parents=True)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "503.html").write_text("away")
    tmp_path.chmod(0o755)
    shutil.copy(ROOT / "deploy" / "nginx.conf", conf)
    (conf / "allforces" / "upstream.conf").write_text(f"upstream allforces {{ server 127.0.0.1:{behind}; }}")
    (conf / "allforces" / "listen.conf").write_text(f"listen 127.0.0.1:{port};")
    (conf / "allforces" / "files.conf").write_text(f"root {tmp_path}/public;")
    page = tmp_path / "page"
    page.write_text("first")
    environment = environment_without_postgres() | {"PORT": str(behind), "WEB_CONCURRENCY": "1", "PAGE": str(page)}
    options = f"pid {tmp_path}/pid; daemon off; error_log {tmp_path}/error.log; user root;"
    command = [nginx_program, "-p", str(tmp_path), "-c", str(conf / "nginx.conf"), "-g", options]
    with subprocess.Popen(command) as nginx:
        try:
            wait_until(lambda: answers(port))
            yield port, page, lambda: gunicorn("upstream", "tests.delivery.upstream", environment, tmp_path / "log")
        finally:
            nginx.terminate()


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(port):
    with contextlib.suppress(ConnectionRefusedError):
        return get(port)


def get(port, path="/x/", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers={"Host": "127.0.0.1:8000", **headers})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def test_edit_is_seen_and_what_nginx_holds_outlives_gunicorn(front):
    port, page, behind = front
    with behind():
        assert get(port)[1] == "first"
        assert get(port)[0]["X-Proxy-Cache"] == "HIT"
        assert get(port, "/x/?utm_source=a&fbclid=b")[0]["X-Proxy-Cache"] == "HIT"
        assert get(port, "/x/?q=a")[0]["X-Proxy-Cache"] == "BYPASS"
        assert get(port, Cookie="__Host-sessionid=a")[0]["X-Proxy-Cache"] == "BYPASS"
        edited = time.monotonic()
        page.write_text("second")
        wait_until(lambda: get(port)[1] == "second")
        assert time.monotonic() - edited < 2.5
    wait_until(lambda: get(port)[0]["X-Proxy-Cache"] == "STALE")
    assert get(port)[1] == "second"
    response, body = get(port, "/never-asked/")
    assert (response.status, response["Retry-After"], body) == (503, "60", "away")


def test_page_that_is_gone_is_not_served_from_the_stale_one(front):
    port, page, behind = front
    with behind():
        assert get(port)[0].status == 200
        page.unlink()
        wait_until(lambda: get(port)[0].status == 404)


@pytest.mark.django_db
def test_purged_page_is_served_by_nobody_and_a_proxy_that_is_away_gets_it_later(front, settings):
    port, _, behind = front
    settings.PURGE_URLS = [f"http://127.0.0.1:{port}"]
    with behind():
        for encoding in ("br", "gzip", "identity"):
            assert get(port, "/2026/04/01/%E5%86%86%E5%AE%89/", **{"Accept-Encoding": encoding})[0].status == 200
    purge([PATH])
    do_queued_tasks()
    for encoding in ("br", "gzip", "identity"):
        assert get(port, "/2026/04/01/%E5%86%86%E5%AE%89/", **{"Accept-Encoding": encoding})[0].status == 503
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    purge([PATH])
    try_queued_tasks()
    QueuedTask.objects.give_back()
    assert QueuedTask.objects.filter(status="READY", task_path="blog.delivery.purging.purge_from").count() == 1

"""What Sentry is told, as a real one would receive it."""

import gzip
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from tests.patience import PATIENCE

pytestmark = pytest.mark.sqlite
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
PASSWORD, COOKIE, KEY = "very-secret-password", "cookie-of-an-editor", "key-of-a-preview-link"
FAIL = f"""
import django, sys, types
django.setup()
import sentry_sdk
from django.http import HttpResponse
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
import allforces.urls
from django.urls import include, path

from django.views.decorators.csrf import csrf_exempt

@csrf_exempt
def broken(request, key):
    password = "{PASSWORD}"
    raise RuntimeError("no way to postgres://site:{PASSWORD}@db/site for /preview/" + key + "/")

urls = types.ModuleType("urls_of_the_test")
urls.urlpatterns = [path("preview/<str:key>/", broken), path("", include(allforces.urls))]
sys.modules["urls_of_the_test"] = urls
from django.conf import settings
settings.ROOT_URLCONF = "urls_of_the_test"
address = "/preview/{KEY}/?token={KEY}"
headers = {{"Authorization": "Bearer {KEY}", "Cookie": "sessionid={COOKIE}", "Host": "127.0.0.1"}}
request = RequestFactory().post(address, {{"password": "{PASSWORD}"}}, headers=headers)
answer = WSGIHandler()(request.environ, lambda status, headers, exc_info=None: None)
list(answer)
sentry_sdk.flush(10)
"""


@pytest.fixture
def sentry():
    """The address of a server that takes what is sent to it, and what it took."""
    taken = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(UNPACK[self.headers.get("Content-Encoding")](body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://public@127.0.0.1:{listening.server_port}/1", taken
        listening.shutdown()


def run(dsn):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "NO_PROXY": "127.0.0.1"}
    program = f"from django.conf import settings\nsettings.SENTRY_DSN = {dsn!r}\n{FAIL}"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=False, timeout=PATIENCE, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_error_is_told_without_any_secret(sentry):
    dsn, taken = sentry
    run(dsn)
    told = b"\n".join(taken).decode()
    assert "RuntimeError" in told
    events = [json.loads(line) for line in told.splitlines() if line.startswith("{") and '"exception"' in line]
    assert [event["request"]["method"] for event in events] == ["POST"]
    assert events[0]["request"].keys() == {"method", "url", "headers"}
    for secret in (PASSWORD, COOKIE, KEY):
        assert secret not in told

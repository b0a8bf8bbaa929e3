"""What is withdrawn is purged from every proxy, later if a proxy is away; the proxy here is an HTTP server."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from blog.delivery.purging import purge
from blog.models import QueuedTask
from tests.queue import do_queued_tasks, try_queued_tasks


@pytest.mark.django_db
def test_every_proxy_is_told_in_each_encoding_and_one_that_is_away_later(settings):
    told = []

    class Proxy(BaseHTTPRequestHandler):
        def do_PURGE(self):
            told.append((self.path, self.headers["Host"], self.headers["Accept-Encoding"]))
            self.send_response(404)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.PURGE_URLS = [f"http://127.0.0.1:{server.server_port}"]
        purge(["/円安/"])
        do_queued_tasks()
        server.shutdown()
    assert told == [("/%E5%86%86%E5%AE%89/", "127.0.0.1:8000", encoding) for encoding in ("br", "gzip", "identity")]
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    purge(["/円安/"])
    try_queued_tasks()
    QueuedTask.objects.give_back()
    assert QueuedTask.objects.filter(status="READY").count() == 1

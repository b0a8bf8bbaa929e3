"""When something is withdrawn every proxy is emptied, later if it is away; the proxy here is an HTTP server."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from blog.delivery.purging import AGAIN, purge
from blog.editing.saving import save_post
from blog.models import QueuedTask
from blog.pictures.cards import refresh_card
from tests.delivery.proxy import until
from tests.factories import make_page, make_post
from tests.queue import do_queued_tasks, try_queued_tasks

NOBODY = "http://127.0.0.1:1"


@pytest.mark.django_db(transaction=True)  # a worker closes its connections
def test_every_proxy_is_emptied_at_once_and_one_that_is_away_later(settings):
    heard = []

    class Proxy(BaseHTTPRequestHandler):
        def do_PURGE(self):
            heard.append((self.path, self.headers["Host"]))
            self.send_response(404)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.PURGE_URLS = [f"http://127.0.0.1:{server.server_port}"]
        with transaction.atomic():
            purge()
            transaction.set_rollback(True)
        with transaction.atomic():
            purge()
        until(lambda: heard == [("/*", "127.0.0.1:8000")])  # without a worker, and nothing that was not committed
        do_queued_tasks()
        server.shutdown()
    assert len(heard) == 2
    settings.PURGE_URLS = [NOBODY]
    purge()
    try_queued_tasks()
    QueuedTask.objects.requeue()
    assert QueuedTask.objects.filter(status="READY", task_path__endswith="purge_from").count() == 3


@pytest.mark.django_db
def test_purge_waits_for_no_card_and_is_done_once_more_for_what_was_being_made(settings):
    settings.PURGE_URLS = [NOBODY]
    refresh_card.enqueue(0)
    purge()
    assert [task.task_path.rpartition(".")[2] for task in QueuedTask.objects.ready()] == ["purge_from", "refresh_card"]
    again, first = QueuedTask.objects.filter(task_path__endswith="purge_from").order_by("run_after")
    assert again.run_after - first.enqueued_at == pytest.approx(AGAIN, abs=timedelta(seconds=10))


@pytest.mark.django_db
def test_withdrawal_purges_and_an_edit_does_not(settings):
    settings.PURGE_URLS = [NOBODY, "http://127.0.0.1:2"]
    post, page = make_post(), make_page("/案内/")
    purges = QueuedTask.objects.filter(task_path="blog.delivery.purging.purge_from")
    post.body, page.title = "書き改めた。", "題"
    save_post(post)
    page.save()
    assert not purges.exists()
    post.unpublish()
    save_post(post)
    assert purges.count() == 4
    page.is_published = False
    page.save()
    assert purges.count() == 8

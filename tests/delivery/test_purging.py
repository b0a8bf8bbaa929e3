"""What is withdrawn is purged from every proxy, later if a proxy is away; the proxy here is an HTTP server."""

import threading
from contextlib import nullcontext
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from blog.delivery.freshness import together
from blog.delivery.purging import AGAIN, purge
from blog.editing.saving import save_post
from blog.models import Permalink, QueuedTask
from blog.pictures.cards import refresh_card
from tests.delivery.proxy import until
from tests.factories import make_page, make_post, make_scheduled
from tests.queue import do_queued_tasks, try_queued_tasks


@pytest.mark.django_db(transaction=True)  # a worker closes its connections
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
        each = [("/%E5%86%86%E5%AE%89/", "127.0.0.1:8000", encoding) for encoding in ("br", "gzip", "identity")]
        with transaction.atomic():
            purge(["/取り消し/"])
            transaction.set_rollback(True)
        purge(["/円安/"])
        until(lambda: told == each)  # without a worker, and nothing that was not committed
        do_queued_tasks()
        server.shutdown()
    assert told == each * 2
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    purge(["/円安/"])
    try_queued_tasks()
    QueuedTask.objects.requeue()
    assert QueuedTask.objects.filter(status="READY", task_path__endswith="purge_from").count() == 3


@pytest.mark.django_db
def test_purge_waits_for_no_card(settings):
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    refresh_card.enqueue(0)
    purge(["/円安/"])
    assert [task.task_path.rpartition(".")[2] for task in QueuedTask.objects.ready()] == ["purge_from", "refresh_card"]


@pytest.mark.django_db
def test_what_was_being_made_at_that_moment_is_purged_a_minute_later(settings):
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    purge(["/円安/"])
    again, first = QueuedTask.objects.order_by("run_after")  # what is to be done at once comes last
    assert again.args_kwargs == first.args_kwargs
    assert again.run_after - first.enqueued_at == pytest.approx(AGAIN, abs=timedelta(seconds=10))


@pytest.mark.django_db
@pytest.mark.parametrize("in_batch", [False, True])
def test_what_is_withdrawn_is_purged_with_the_change_that_withdraws_it(settings, in_batch):
    settings.PURGE_URLS = ["http://127.0.0.1:1", "http://127.0.0.1:2"]
    post = make_post(tags=["円安"])
    assert not QueuedTask.objects.exists()
    with together() if in_batch else nullcontext():
        post.unpublish()
        save_post(post)
        assert QueuedTask.objects.count() == 4
    purges = QueuedTask.objects.filter(task_path="blog.delivery.purging.purge_from")
    own = [post.path, f"{post.path}index.md", f"{post.path}tate/"]
    feeds = [
        "/feed.xml",
        "/atom.xml",
        "/feed.json",
        "/feeds/markets.xml",
        "/authors/editors/feed.xml",
        "/tags/円安/feed.xml",
    ]
    named = ["/", "/articles/", "/llms.txt", "/sitemaps/news.xml", "/2026/", "/2026/04/", "/2026/04/01/"]
    lists = ["/category/markets/", "/authors/editors/", "/tags/円安/"]
    assert sorted(purge.args_kwargs["args"] for purge in purges) == [
        *[["http://127.0.0.1:1", [*own, *feeds, *named, *lists]]] * 2,
        *[["http://127.0.0.1:2", [*own, *feeds, *named, *lists]]] * 2,
    ]


@pytest.mark.django_db
def test_an_edit_purges_nothing(settings):
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    post = make_post()
    post.body += "\n\n一行を足した。"
    save_post(post)
    assert not QueuedTask.objects.exists()


@pytest.mark.django_db
def test_redirect_that_follows_another_is_purged_and_the_path_of_a_post_is_not(settings):
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    post = make_scheduled()
    Permalink.objects.lead("/前/", to="/tags/")
    Permalink.objects.filter(post=post).first().delete()
    assert not QueuedTask.objects.filter(task_path__endswith="purge_from").exists()
    Permalink.objects.lead("/tags/", to="/archive/")
    purges = QueuedTask.objects.filter(task_path__endswith="purge_from")
    assert [task.args_kwargs["args"][1] for task in purges] == [["/前/"]] * 2


@pytest.mark.django_db
def test_redirect_that_leads_elsewhere_or_is_deleted_is_purged(settings):
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    Permalink.objects.lead("/古い/", to="/tags/", is_handmade=True)
    assert not QueuedTask.objects.exists()
    Permalink.objects.lead("/古い/", to="/archive/", is_handmade=True)
    assert QueuedTask.objects.count() == 2
    Permalink.objects.get(path="/古い/").delete()
    assert [task.args_kwargs["args"][1] for task in QueuedTask.objects.all()] == [["/古い/"]] * 4


def withdraw(page):
    page.is_published = False
    page.save()


@pytest.mark.django_db
@pytest.mark.parametrize("end", [withdraw, lambda page: page.delete()], ids=["withdrawn", "deleted"])
def test_static_page_that_ends_is_purged_too(settings, end):
    page = make_page("/案内/")
    settings.PURGE_URLS = ["http://127.0.0.1:1"]
    page.title = "題"
    page.save()
    assert not QueuedTask.objects.exists()
    end(page)
    purges = QueuedTask.objects.filter(task_path="blog.delivery.purging.purge_from")
    assert {tuple(purge.args_kwargs["args"][1]) for purge in purges} == {("/案内/",)}

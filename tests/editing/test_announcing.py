"""Changed feeds are announced to the hub, later if it is away; it is an HTTP server here."""

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
import time_machine
from django.utils import timezone

from blog.delivery.store import CACHE_CONTROL
from blog.editing.announcing import UNTIL_SEEN
from blog.editing.renaming import merge_tags, save_moved
from blog.editing.saving import delete_posts, save_post
from blog.models import QueuedTask, Tag
from tests.factories import make_category, make_draft, make_post, make_scheduled
from tests.queue import do_queued_tasks, try_queued_tasks

# The worker asks for a connection of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
SITE = "http://127.0.0.1:8000"
FEEDS = ["/feed.xml", "/atom.xml", "/feed.json", "/feeds/markets.xml", "/authors/editors/feed.xml"]


@pytest.fixture
def heard(settings) -> Iterator[list[dict]]:
    """What the hub was sent, in order. At `/busy` is one that takes nothing."""
    heard: list[dict] = []

    class Hub(BaseHTTPRequestHandler):
        def do_POST(self):
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if self.path != "/busy":
                heard.append(body)
            self.send_response(503 if self.path == "/busy" else 202)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.WEBSUB_HUB = f"http://127.0.0.1:{server.server_port}/hub"
        yield heard
        server.shutdown()


def feeds(heard):
    return [body["hub.url"] for body in heard]


def work(do=do_queued_tasks):
    """Does what is queued, at the moment when the hub may hear of it too."""
    with time_machine.travel(timezone.now() + UNTIL_SEEN):
        do()


def change(heard, edit):
    work()
    heard.clear()
    edit()
    work()


def test_nothing_is_announced_unless_settings_name_a_hub():
    post = make_post()
    post.title = "改題"
    save_post(post)
    make_scheduled()
    delete_posts([post])
    assert not QueuedTask.objects.exists()


def test_new_article_is_announced_once_no_cache_in_front_has_the_feed_of_before(heard):
    make_post(slug="金利", tags=["AI"])
    do_queued_tasks()
    assert heard == []
    cached = [int(number) for number in re.findall(r"(?:s-maxage|stale-while-revalidate)=(\d+)", CACHE_CONTROL)]
    assert UNTIL_SEEN.total_seconds() > sum(cached) > 0
    work()
    assert feeds(heard) == [[SITE + path for path in [*FEEDS, "/tags/ai/feed.xml"]]]
    assert heard[0]["hub.mode"] == ["publish"]


def test_every_change_that_readers_see_is_announced(heard):
    post = make_post(slug="a", tags=["AI"])

    def edit():
        post.title, post.category = "改題", make_category("技術", "tech")
        save_post(post, tags=["投資"])

    change(heard, edit)
    (changed,) = feeds(heard)
    lists = ("/feeds/markets.xml", "/feeds/tech.xml", "/tags/ai/feed.xml", "/tags/%E6%8A%95%E8%B3%87/feed.xml")
    assert {SITE + feed for feed in lists} <= {*changed}
    for end in (post.unpublish, post.publish):
        change(heard, lambda end=end: (end(), save_post(post)))
        assert f"{SITE}/feeds/tech.xml" in feeds(heard)[0]
    change(heard, lambda: delete_posts([post]))
    assert f"{SITE}/feeds/tech.xml" in feeds(heard)[0]


def test_new_names_are_announced_to_the_subscribers_of_feeds(heard):
    make_post(tags=["AI", "人工知能"])
    tag, merged = Tag.objects.get(name="AI"), Tag.objects.get(name="人工知能")
    tag.name, tag.slug = "生成AI", "genai"
    change(heard, lambda: save_moved(tag))
    assert feeds(heard) == [[SITE + path for path in (*FEEDS[:3], "/tags/genai/feed.xml", "/tags/ai/feed.xml")]]
    former = merged.get_feed_url()
    change(heard, lambda: merge_tags([merged], tag))
    assert feeds(heard) == [[SITE + path for path in (*FEEDS[:3], "/tags/genai/feed.xml", former)]]
    change(heard, lambda: save_moved(tag))
    assert feeds(heard) == []


def test_what_readers_do_not_see_is_not_announced(heard):
    draft = make_draft(slug="secret")
    draft.title = "改題"
    save_post(draft)
    make_scheduled(slug="later")
    work(try_queued_tasks)
    assert heard == []


@pytest.mark.postgresql
@pytest.mark.parametrize("is_taken_back", [False, True])
def test_scheduled_article_is_announced_when_it_is_due_unless_it_was_taken_back(heard, is_taken_back):
    with time_machine.travel("2026-04-01T03:00:00+00:00", tick=False):
        post = make_scheduled(slug="due", after=timedelta(hours=1))
        if is_taken_back:
            post.unpublish()
            save_post(post)
        work()
        assert heard == []
    with time_machine.travel("2026-04-01T04:00:01+00:00", tick=False):
        do_queued_tasks()  # which puts the announcement into the queue
        work()
    assert [f"{SITE}/feed.xml" in urls for urls in feeds(heard)] == ([] if is_taken_back else [True])


@pytest.mark.parametrize("refusing", ["http://127.0.0.1:1/", "/busy"])
def test_hub_that_is_away_or_refuses_hears_of_it_later(heard, settings, refusing):
    hub = settings.WEBSUB_HUB
    settings.WEBSUB_HUB = refusing if refusing.startswith("http") else hub.replace("/hub", refusing)
    make_post()
    work(try_queued_tasks)
    assert heard == []
    QueuedTask.objects.requeue()
    settings.WEBSUB_HUB = hub
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        work()
    assert len(heard) == 1

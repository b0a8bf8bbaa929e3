"""What changed is told to the hub and to search engines, later if they are away; both are an HTTP server here."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
import time_machine
from django.utils import timezone

from blog.delivery.announcing import UNTIL_SEEN
from blog.delivery.freshness import together
from blog.delivery.store.pages import CACHE_CONTROL
from blog.editing.renaming import merge_tags, save_moved
from blog.editing.saving import delete_posts, save_post
from blog.models import QueuedTask, Tag
from tests.factories import make_category, make_draft, make_post, make_scheduled
from tests.queue import do_queued_tasks, try_queued_tasks

# The worker asks for a connection of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
SITE = "http://127.0.0.1:8000"
FEEDS = ["/feed.xml", "/atom.xml", "/feed.json", "/feeds/markets.xml", "/authors/editors/feed.xml"]
KEY = "0123456789abcdef"


@pytest.fixture
def told(settings) -> Iterator[list[tuple[str, dict]]]:
    """The requests of both services, in their order. At `/busy` is one that takes nothing."""
    heard: list[tuple[str, dict]] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            heard.append((self.path, json.loads(body) if self.path == "/indexnow" else parse_qs(body)))
            self.send_response(503 if self.path == "/busy" else 202)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        settings.WEBSUB_HUB, settings.INDEXNOW_URL = f"{address}/hub", f"{address}/indexnow"
        settings.INDEXNOW_KEY = KEY
        yield heard
        server.shutdown()


def pages(told):
    return [body["urlList"] for path, body in told if path == "/indexnow"]


def feeds(told):
    return [body["hub.url"] for path, body in told if path == "/hub"]


def work(do=do_queued_tasks):
    """Does what is queued, at the moment when the hub may be told too."""
    with time_machine.travel(timezone.now() + UNTIL_SEEN):
        do()


def change(told, edit):
    work()
    told.clear()
    edit()
    work()


def test_nobody_is_told_unless_settings_say_so():
    post = make_post()
    post.title = "改題"
    save_post(post)
    make_scheduled()
    delete_posts([post])
    assert not QueuedTask.objects.exists()


def test_new_article_is_told_once(told):
    make_post(slug="金利", tags=["AI"])
    work()
    assert feeds(told) == [[SITE + path for path in [*FEEDS, "/tags/ai/feed.xml"]]]
    assert [body["hub.mode"] for path, body in told if path == "/hub"] == [["publish"]]
    assert [body for path, body in told if path == "/indexnow"] == [
        {
            "host": "127.0.0.1:8000",
            "key": KEY,
            "keyLocation": f"{SITE}/{KEY}.txt",
            "urlList": [f"{SITE}/2026/04/01/%E9%87%91%E5%88%A9/"],
        }
    ]


def test_hub_is_told_once_no_cache_in_front_has_the_feed_of_before(told):
    make_post()
    do_queued_tasks()
    assert (len(pages(told)), feeds(told)) == (1, [])
    cached = [int(number) for number in re.findall(r"(?:s-maxage|stale-while-revalidate)=(\d+)", CACHE_CONTROL)]
    assert UNTIL_SEEN.total_seconds() > sum(cached) > 0
    work()
    assert len(feeds(told)) == 1


def test_key_is_where_search_engines_look_for_it(client, settings):
    assert client.get(f"/{KEY}.txt").status_code == 404
    settings.INDEXNOW_KEY = KEY
    assert client.get(f"/{KEY}.txt").content.decode() == KEY


def test_every_change_that_readers_see_is_told(told):
    post = make_post(slug="a", tags=["AI"])
    path = f"{SITE}/2026/04/01/a/"

    def edit():
        post.title, post.category = "改題", make_category("技術", "tech")
        save_post(post, tags=["投資"])

    change(told, edit)
    assert pages(told) == [[path]]
    (changed,) = feeds(told)
    for feed in (
        "/feeds/markets.xml",
        "/feeds/tech.xml",
        "/tags/ai/feed.xml",
        f"/tags/{'%E6%8A%95%E8%B3%87'}/feed.xml",
    ):
        assert SITE + feed in changed

    change(told, lambda: (post.unpublish(), save_post(post)))
    assert pages(told) == [[path]]
    assert f"{SITE}/feeds/tech.xml" in feeds(told)[0]

    change(told, lambda: (post.publish(), save_post(post)))
    assert pages(told) == [[path]]
    change(told, lambda: delete_posts([post]))
    assert pages(told) == [[path]]


def test_new_names_are_told_to_the_subscribers_of_feeds(told):
    make_post(tags=["AI", "人工知能"])
    tag, merged = Tag.objects.get(name="AI"), Tag.objects.get(name="人工知能")
    tag.name, tag.slug = "生成AI", "genai"
    change(told, lambda: save_moved(tag))
    assert feeds(told) == [[SITE + path for path in (*FEEDS[:3], "/tags/genai/feed.xml", "/tags/ai/feed.xml")]]
    former = merged.get_feed_url()
    change(told, lambda: merge_tags([merged], tag))
    assert feeds(told) == [[SITE + path for path in (*FEEDS[:3], "/tags/genai/feed.xml", former)]]
    change(told, lambda: save_moved(tag))
    assert feeds(told) == []


def test_what_readers_do_not_see_is_not_told(told):
    draft = make_draft(slug="secret")
    draft.title = "改題"
    save_post(draft)
    make_scheduled(slug="later")
    work(try_queued_tasks)
    assert told == []


@pytest.mark.postgresql
def test_scheduled_article_is_told_when_it_is_due(told):
    with time_machine.travel("2026-04-01T03:00:00+00:00", tick=False):
        post = make_scheduled(slug="due", after=timedelta(hours=1))
        work()
        assert told == []
    with time_machine.travel("2026-04-01T04:00:01+00:00", tick=False):
        do_queued_tasks()  # which puts the services into the queue
        work()
        assert pages(told) == [[SITE + post.get_absolute_url()]]
        assert f"{SITE}/feed.xml" in feeds(told)[0]


@pytest.mark.postgresql
def test_scheduled_article_that_was_taken_back_is_never_told(told):
    with time_machine.travel("2026-04-01T03:00:00+00:00", tick=False):
        post = make_scheduled(slug="secret", after=timedelta(hours=1))
        post.unpublish()
        save_post(post)
    with time_machine.travel("2026-04-01T05:00:00+00:00", tick=False):
        work()
        assert told == []


def test_search_engines_are_not_told_of_what_they_are_not_to_show(told):
    for fields in ({"noindex": True}, {"in_sitemap": False}, {"canonical_url": "https://first.example/a/"}):
        make_post(**fields)
    work()
    assert pages(told) == []
    assert len(feeds(told)) == 3
    post = make_post(slug="a")
    change(told, lambda: (setattr(post, "noindex", True), save_post(post)))
    assert pages(told) == [[f"{SITE}/2026/04/01/a/"]], "so that they forget it"
    change(told, lambda: delete_posts([post]))
    assert pages(told) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("is_batch", [False, True])
def test_batch_is_told_at_once(told, is_batch):
    with together() if is_batch else nullcontext():
        for slug in "abc":
            make_post(slug=slug)
    work()
    assert len(feeds(told)) == len(pages(told)) == (1 if is_batch else 3)
    assert [url for urls in pages(told) for url in urls] == [f"{SITE}/2026/04/01/{slug}/" for slug in "abc"]


@pytest.mark.parametrize("refusing", ["http://127.0.0.1:1/", "/busy"])
def test_service_that_is_away_or_refuses_is_told_later(told, settings, refusing):
    hub, settings.INDEXNOW_KEY = settings.WEBSUB_HUB, ""
    settings.WEBSUB_HUB = refusing if refusing.startswith("http") else hub.replace("/hub", refusing)
    make_post()
    work(try_queued_tasks)
    assert feeds(told) == []
    QueuedTask.objects.requeue()
    settings.WEBSUB_HUB = hub
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        work()
    assert len(feeds(told)) == 1

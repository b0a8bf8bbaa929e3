"""Tells a WebSub hub which feeds changed, and search engines which pages changed (IndexNow), if settings name them.

https://www.w3.org/TR/websub/ · https://www.indexnow.org/documentation
"""

import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from blog.addresses import absolute_url, address
from blog.models import Author, Category, Page, Post, Tag

SECONDS = 10
# A hub fetches the feeds as soon as it is told. By then every cache in front must have the new ones: it keeps a page
# for a second, and may send it for one more while it asks (CACHE_CONTROL in blog.delivery.store.pages).
UNTIL_SEEN = timedelta(seconds=3)
MOST_PAGES = 10_000  # of one request, says IndexNow
FEEDS = ("feed", "atom_feed", "json_feed")

logger = logging.getLogger(__name__)


class NotTold(Exception):
    """A service refused an announcement; the queue tries again."""


class News(NamedTuple):
    """The percent-encoded paths of pages and feeds that changed."""

    pages: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


def is_announcing() -> bool:
    return bool(settings.WEBSUB_HUB or settings.INDEXNOW_KEY)


def news_of(post: Post, tags: Iterable[Tag], *, is_findable: bool = True) -> News:
    """The feeds that contain the post, and its page if search engines may index it."""
    lists: list[Author | Category | Tag] = [post.category, post.author, *tags]
    feeds = (*(address(name) for name in FEEDS), *(row.get_feed_url() for row in lists))
    return News((post.get_absolute_url(),) if is_findable else (), feeds)


def news_of_name(item: Author | Category | Tag | Page) -> list[News]:
    """The feeds that name the section, author or tag; none if no service is told."""
    if isinstance(item, Page) or not is_announcing():
        return []
    return [News(feeds=(*(address(name) for name in FEEDS), item.get_feed_url()))]


def announce(news: Iterable[News]) -> None:
    """Enqueues the announcements, one task for each service. The caller is in the transaction of the change."""
    told = list(news)
    pages = [absolute_url(path) for path in dict.fromkeys(path for one in told for path in one.pages)]
    feeds = [absolute_url(path) for path in dict.fromkeys(path for one in told for path in one.feeds)]
    if feeds and settings.WEBSUB_HUB:
        ping_hub.using(run_after=timezone.now() + UNTIL_SEEN).enqueue(feeds)
    if settings.INDEXNOW_KEY:
        for start in range(0, len(pages), MOST_PAGES):
            submit_pages.enqueue(pages[start : start + MOST_PAGES])


def announce_when_due(post: Post) -> None:
    """Has the worker announce a scheduled post when it is due, unless it is withdrawn before."""
    if is_announcing():
        announce_post.using(run_after=post.published_at).enqueue(post.pk)


@task()
def announce_post(pk: int) -> None:
    for post in Post.objects.published().select_related("category", "author").filter(pk=pk):
        announce([news_of(post, post.tag_list, is_findable=Post.objects.findable().filter(pk=pk).exists())])


@task()
def ping_hub(feeds: list[str]) -> None:
    form = [("hub.mode", "publish"), *(("hub.url", url) for url in feeds), *(("hub.topic", url) for url in feeds)]
    _post(settings.WEBSUB_HUB, urlencode(form).encode(), "application/x-www-form-urlencoded")
    logger.info("%d feeds announced to the hub", len(feeds))


@task()
def submit_pages(pages: list[str]) -> None:
    told = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": settings.INDEXNOW_KEY,
        "keyLocation": absolute_url(address("root_file", f"{settings.INDEXNOW_KEY}.txt")),
        "urlList": pages,
    }
    _post(settings.INDEXNOW_URL, json.dumps(told).encode(), "application/json; charset=utf-8")
    logger.info("%d pages announced to search engines", len(pages))


def _post(url: str, body: bytes, content_type: str) -> None:
    """Does nothing if the service was taken out of the settings while the task waited. Raises NotTold or OSError."""
    if not url:
        return
    agent = f"{settings.SITE_NAME} (+{settings.SITE_URL})".encode("ascii", "replace").decode()
    # The settings let an operator name http and https only.
    request = Request(url, body, {"Content-Type": content_type, "User-Agent": agent})  # noqa: S310
    try:
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            status = response.status
    except HTTPError as error:
        error.close()
        status = error.code
    if status not in (HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT):
        raise NotTold(f"{url} answered {status}")

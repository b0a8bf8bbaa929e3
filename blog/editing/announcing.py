"""Announces changed feeds to a WebSub hub, if the settings name one. https://www.w3.org/TR/websub/"""

import logging
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from blog.addresses import absolute_url, address
from blog.models import Author, Category, Page, Post, Tag

SECONDS = 10
# A hub fetches the feeds as soon as it hears of them. By then every cache in front must have the new ones: it shows an
# old page for so long while it asks (CACHE_CONTROL in blog.delivery.store).
UNTIL_SEEN = timedelta(seconds=22)
FEEDS = ("feed", "atom_feed", "json_feed")

logger = logging.getLogger(__name__)


class NotAnnounced(Exception):
    """The hub refused an announcement; the queue tries again."""


def feeds_of(post: Post, tags: Iterable[Tag]) -> list[str]:
    """The paths of the feeds that contain the post."""
    lists: list[Author | Category | Tag] = [post.category, post.author, *tags]
    return [*(address(name) for name in FEEDS), *(row.get_feed_url() for row in lists)]


def feeds_of_name(item: Author | Category | Tag | Page) -> list[str]:
    """The paths of the feeds that name the section, author or tag."""
    return [] if isinstance(item, Page) else [*(address(name) for name in FEEDS), item.get_feed_url()]


def announce(feeds: Iterable[str]) -> None:
    """Enqueues the announcement of these paths. The caller is in the transaction of the change."""
    if settings.WEBSUB_HUB and (urls := [absolute_url(path) for path in dict.fromkeys(feeds)]):
        ping_hub.using(run_after=timezone.now() + UNTIL_SEEN).enqueue(urls)


def announce_when_due(post: Post) -> None:
    """Has the worker announce a scheduled post when it is due, unless it is withdrawn before."""
    if settings.WEBSUB_HUB:
        announce_post.using(run_after=post.published_at).enqueue(post.pk)


@task()
def announce_post(pk: int) -> None:
    for post in Post.objects.published().select_related("category", "author").filter(pk=pk):
        announce(feeds_of(post, post.tag_list))


@task()
def ping_hub(feeds: list[str]) -> None:
    """Does nothing if the hub was taken out of the settings while the task waited. Raises NotAnnounced or OSError."""
    if not settings.WEBSUB_HUB:
        return
    form = [("hub.mode", "publish"), *(("hub.url", url) for url in feeds), *(("hub.topic", url) for url in feeds)]
    agent = f"{settings.SITE_NAME} (+{settings.SITE_URL})".encode("ascii", "replace").decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": agent}
    # The settings let an operator name http and https only.
    request = Request(settings.WEBSUB_HUB, urlencode(form).encode(), headers)  # noqa: S310
    try:
        with urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            status = response.status
    except HTTPError as error:
        error.close()
        status = error.code
    if status not in (HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT):
        raise NotAnnounced(f"{settings.WEBSUB_HUB} answered {status}")
    logger.info("%d feeds announced to the hub", len(feeds))

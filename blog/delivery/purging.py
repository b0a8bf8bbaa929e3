"""Purges withdrawn pages from the proxies in front. All other pages expire there after a second."""

import http.client
import logging
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils import timezone
from django_tasks import task

SECONDS = 5
AGAIN = timedelta(minutes=1)  # longer than any page takes to be made
FIRST = 50  # in the queue: cards and pictures have 0, and take the worker a second each
ENCODINGS = ("br", "gzip", "identity")  # deploy/nginx.conf keeps a page once for each
FORGOTTEN = (200, 204, 404, 412)  # the last two: the proxy did not hold it

logger = logging.getLogger(__name__)


class NotPurged(Exception):
    """A proxy refused to purge; the queue tries again."""


def purge(paths: Sequence[str]) -> None:
    """Puts tasks for each proxy of PURGE_URLS into the queue. `paths` are decoded, without a query.

    Each page is purged once more after AGAIN: a proxy may be waiting for one that was asked for before the change.

    The further pages of a list that is gone or has moved (`?page=2`) are not purged, as no list that merely changed is:
    they hold headlines, are asked for anew after their second, and an old one is sent only while the site is away.
    """
    if paths:
        for proxy in settings.PURGE_URLS:
            purge_from.enqueue(proxy, list(paths))
            purge_from.using(run_after=timezone.now() + AGAIN).enqueue(proxy, list(paths))


def purge_files(names: Sequence[str]) -> None:
    """Purges files of the storage: a proxy that does not serve the folder of pictures itself keeps them for a year."""
    purge([f"{settings.MEDIA_URL}{name}" for name in names])


@task(priority=FIRST)
def purge_from(proxy: str, paths: list[str]) -> None:
    parts = urlsplit(proxy)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        for path in paths:
            for encoding in ENCODINGS:
                headers = {"Host": urlsplit(settings.SITE_URL).netloc, "Accept-Encoding": encoding}
                connection.request("PURGE", quote(path), headers=headers)
                response = connection.getresponse()
                response.read()
                if response.status not in FORGOTTEN:
                    raise NotPurged(f"{proxy} answered {response.status} to the purge of {path}")
    finally:
        connection.close()
    logger.info("%d pages purged from %s", len(paths), proxy)

"""Purges withdrawn pages from the proxies in front. All other pages expire there after a second."""

import http.client
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

SECONDS = 5
AGAIN = timedelta(minutes=1)  # longer than any page takes to be made
FIRST = 50  # in the queue: cards and pictures have 0, and take the worker a second each
ENCODINGS = ("br", "gzip", "identity")  # deploy/nginx.conf keeps a page once for each
FORGOTTEN = (200, 204, 404, 412)  # the last two: the proxy did not hold it

logger = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(2, "purge")  # no more, however many pages go at once


class NotPurged(Exception):
    """A proxy refused to purge; the queue tries again."""


def purge(paths: Sequence[str]) -> None:
    """Purges the pages at the decoded `paths`, without a query, from each proxy of PURGE_URLS after the commit.

    The first attempt is made at once, in a thread: a database that goes away takes the queue with it, and the proxies
    serve what they hold. A task of the queue tries until the proxy obeys. Another one purges once more after AGAIN: the
    proxy may be waiting for a page that was asked for before the change.

    Not purged are the further pages of lists (`?page=2`) and the articles that name a page as related. They are asked
    for anew after a second, and an old one is served only while the site is away.
    """
    if paths:
        for proxy in settings.PURGE_URLS:
            purge_from.enqueue(proxy, list(paths))
            purge_from.using(run_after=timezone.now() + AGAIN).enqueue(proxy, list(paths))
            transaction.on_commit(partial(_threads.submit, _try_to_purge, proxy, list(paths)), robust=True)


def _try_to_purge(proxy: str, paths: list[str]) -> None:
    try:
        purge_from.call(proxy, paths)
    except (OSError, http.client.HTTPException, NotPurged) as error:
        logger.warning("%s purged nothing yet, the queue tries again: %s", proxy, error)


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

"""Purges withdrawn pages from the proxies in front. All other pages expire there after a second."""

import http.client
import logging
import threading
from collections.abc import Sequence
from datetime import timedelta
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
_attempts = threading.Semaphore(4)


class NotPurged(Exception):
    """A proxy refused to purge; the queue tries again."""


def purge(paths: Sequence[str]) -> None:
    """Purges the pages at the decoded `paths`, without a query, from each proxy of PURGE_URLS after the commit.

    The first attempt is made at once: a database that goes away takes the queue with it, and the proxies serve what
    they hold. A task of the queue tries until the proxy obeys. Another one purges once more after AGAIN: the proxy may
    be waiting for a page that was asked for before the change, or ask a host that sees the change a second later.

    Not purged are pages that merely name one that is gone (further pages of lists, the articles beside it, the sitemap
    of its month). They are asked for anew after a second, and an old one is served only while the site is away.
    """
    if paths:
        for proxy in settings.PURGE_URLS:
            purge_from.enqueue(proxy, list(paths))
            purge_from.using(run_after=timezone.now() + AGAIN).enqueue(proxy, list(paths))
            _purge_at_once(proxy, list(paths))


def _purge_at_once(proxy: str, paths: list[str]) -> None:
    def begin() -> None:
        threading.Thread(target=attempt, name="purge", daemon=True).start()  # no process waits for it to end

    def attempt() -> None:
        if not _attempts.acquire(blocking=False):
            return  # a proxy that hangs, or many pages that go at once, are left to the queue
        try:
            purge_from.call(proxy, paths)
        except (OSError, http.client.HTTPException, NotPurged) as error:
            logger.warning("not all pages are purged from %s yet, the queue tries again: %r", proxy, error)
        finally:
            _attempts.release()

    transaction.on_commit(begin, robust=True)


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

"""Purges the proxies in front when something is withdrawn. All other pages expire there by themselves.

The article that somebody edited is purged too, so that its editor sees the edit at once: else a proxy would show the
old page for a moment while it asks for the new one.
"""

import http.client
import logging
import threading
from datetime import timedelta
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

SECONDS = 5
AGAIN = timedelta(minutes=1)  # longer than any page takes to be made
FIRST = 50  # in the queue: cards and pictures have 0, and take the worker a second each
EVERYTHING = "/*"  # the path that deploy/nginx.conf takes for all that it holds
ENCODINGS = ("br", "gzip", "identity")  # it keeps a page once for each
FORGOTTEN = (200, 204, 404, 412)  # the last two: the proxy held nothing

logger = logging.getLogger(__name__)
_attempts = threading.Semaphore(4)


class NotPurged(Exception):
    """A proxy refused to purge; the queue tries again."""


def purge() -> None:
    """Empties each proxy of PURGE_URLS after the commit.

    The first attempt is made at once: a database that goes away takes the queue with it, and the proxies serve what
    they hold. A task of the queue tries until the proxy obeys. Another one purges once more after AGAIN: the proxy may
    be waiting for a page that was asked for before the change, or ask a host that sees the change a second later.
    """
    for proxy in settings.PURGE_URLS:
        purge_from.enqueue(proxy)
        purge_from.using(run_after=timezone.now() + AGAIN).enqueue(proxy)
        _purge_at_once(proxy, EVERYTHING)


def purge_page(path: str) -> None:
    """Has each proxy forget the page at the decoded path after the commit; if it is away, the page expires there."""
    for proxy in settings.PURGE_URLS:
        _purge_at_once(proxy, quote(path))


def _purge_at_once(proxy: str, path: str) -> None:
    def begin() -> None:
        threading.Thread(target=attempt, name="purge", daemon=True).start()  # no process waits for it to end

    def attempt() -> None:
        if not _attempts.acquire(blocking=False):
            return  # a proxy that hangs is left to the queue
        try:
            purge_from.call(proxy, path)
        except (OSError, http.client.HTTPException, NotPurged) as error:
            logger.warning("%s is not purged yet: %r", proxy, error)
        finally:
            _attempts.release()

    transaction.on_commit(begin, robust=True)


@task(priority=FIRST)
def purge_from(proxy: str, path: str = EVERYTHING) -> None:
    parts = urlsplit(proxy)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        for encoding in ENCODINGS if path != EVERYTHING else ENCODINGS[:1]:
            headers = {"Host": urlsplit(settings.SITE_URL).netloc, "Accept-Encoding": encoding}
            connection.request("PURGE", path, headers=headers)
            response = connection.getresponse()
            response.read()
            if response.status not in FORGOTTEN:
                raise NotPurged(f"{proxy} answered {response.status} to the purge")
    finally:
        connection.close()
    logger.info("%s has forgotten %s", proxy, path)

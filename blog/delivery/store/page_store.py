"""The WSGI application; its contract is in the package's docstring."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from contextlib import closing, nullcontext
from time import time
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings

from blog.delivery.freshness import UNTIL_HEADER, current, is_fresh, start
from blog.delivery.known_changes import FreshnessUnknown
from blog.delivery.store.keys import Environ, Key, Keys, encoding_of, environ_of
from blog.delivery.store.pages import VALIDATORS, Answer, Header, Page, Pages

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HIT, REVALIDATED, MISS, STALE, BYPASS = OUTCOMES = ("hit", "revalidated", "miss", "stale", "bypass")
TOLD = {outcome: ("X-Page-Store", outcome) for outcome in OUTCOMES}
SERVED = {HIT, REVALIDATED, STALE}
ENDED, TOUCHED = "ended", "touched"  # what else a look may find: the page's time is over; a change touches it
# These need more of the request than its key: cookies, the client's address, ranges.
PASSED = ("/admin/", "/preview/", "/search/", settings.MEDIA_URL, settings.STATIC_URL)
NOTHING_SHARE = 32  # 404 and 410 take this part of the memory, so that a flood of them ends no page
SECONDS_OF_WAITING = 10
SECONDS_OF_STALE = 24 * 3600
SECONDS_BETWEEN_TRIES = 1  # after the application failed
SECONDS_BETWEEN_LINES = 300  # of the log

logger = logging.getLogger(__name__)


class PageStore:
    def __init__(self, application: Application) -> None:
        self._application = application
        self._keys = Keys()
        self._pages = Pages(settings.PAGE_STORE_BYTES)
        self._nothing = Pages(settings.PAGE_STORE_BYTES // NOTHING_SHARE)
        self._stores = (self._pages, self._nothing)
        self._flights: dict[Key, Future[Page | None]] = {}
        self._unknown_since = self._failed_at = 0.0
        self._counts: Counter[str] = Counter()  # a count may be lost where two threads meet
        self._next_line = time() + SECONDS_BETWEEN_LINES

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self._keys.of(environ)
        if key is None:
            return self._pass(environ, start_response)
        found, outcome = self._find(key)
        if outcome not in SERVED:
            if not self._pages.limit or key[2].startswith(PASSED):
                return self._pass(environ, start_response)
            start()  # where nothing was ever made, nothing was found either
            found, outcome = self._made(key, found, environ)
        return self._send(found, outcome, environ, start_response)

    def _find(self, key: Key) -> tuple[Page | None, str]:
        """What is held under the key, with what a look at it finds; nothing that was touched."""
        for pages in self._stores:
            if page := pages.get(key):
                if (outcome := self._look(page)) is not TOUCHED:
                    return page, outcome
                pages.drop(key)
        return None, TOUCHED

    def _look(self, page: Page) -> str:
        now, generation = time(), current()
        try:
            if not is_fresh(page.generation, page.keys) or (page.is_nothing and page.generation != generation):
                return TOUCHED  # where nothing was, any change may have put something
        except FreshnessUnknown:
            self._unknown_since = self._unknown_since or now
            return STALE if now < self._unknown_since + SECONDS_OF_STALE else TOUCHED
        outcome = HIT if page.generation == generation else REVALIDATED
        self._unknown_since, page.generation = 0.0, generation
        if now < page.until:
            return outcome
        return STALE if now < min(self._failed_at + SECONDS_BETWEEN_TRIES, page.until + SECONDS_OF_STALE) else ENDED

    def _made(self, key: Key, held: Page | None, environ: Environ) -> tuple[Page | Answer, str]:
        """Makes the page, or waits for who does. Sends `held` meanwhile: time alone ended it."""
        while True:
            mine: Future[Page | None] = Future()
            flight = self._flights.setdefault(key, mine)
            if flight is mine:
                return self._lead(key, mine, environ)
            if held:
                return held, STALE
            done, _ = wait([flight], SECONDS_OF_WAITING)
            if not done or (page := flight.result()) is None:  # nothing that others could have
                return self._make(key, None, environ)
            if (outcome := self._look(page)) in SERVED:
                return page, outcome

    def _lead(self, key: Key, flight: Future[Page | None], environ: Environ) -> tuple[Page | Answer, str]:
        found: Page | Answer | None = None
        try:
            found, outcome = self._find(key)  # an earlier flight may have landed just now
            if found is None or outcome not in SERVED:
                found, outcome = self._make(key, found, environ)
            return found, outcome
        finally:
            del self._flights[key]
            flight.set_result(found if isinstance(found, Page) else None)

    def _make(self, key: Key, held: Page | None, environ: Environ) -> tuple[Page | Answer, str]:
        generation = current()  # before anything is read: what changes from here on is later than the page
        answer = self._ask(environ_of(key, environ))
        now = time()
        if answer.status >= "500" and held and now < held.until + SECONDS_OF_STALE:
            self._failed_at = now
            return held, STALE
        for pages in self._stores:
            pages.drop(key)
        if not answer.may_be_stored():
            return answer, BYPASS
        page = Page(answer, generation, now)
        (self._nothing if page.is_nothing else self._pages).put(key, page)
        return page, MISS

    def _ask(self, environ: Environ) -> Answer:
        told: list[Any] = []
        parts: list[bytes] = []

        def start_response(*answer: Any) -> Callable[[bytes], None]:
            told[:] = answer
            return parts.append

        body: Any = self._application(environ, start_response)
        with closing(body) if hasattr(body, "close") else nullcontext():
            parts.extend(body)
        return Answer(told[0], Headers(told[1]), b"".join(parts))

    def _send(self, found: Page | Answer, outcome: str, environ: Environ, begin: StartResponse) -> Iterable[bytes]:
        self._count(outcome)
        if isinstance(found, Answer):
            status, headers, body = found.status, unstored(found.headers), found.body
        else:
            status = found.status
            told, body = found.in_encoding(encoding_of(environ.get("HTTP_ACCEPT_ENCODING", "")))
            asked = environ.get("HTTP_IF_NONE_MATCH")
            if asked and found.is_ok and has(asked, told[0][1]):
                begin("304 Not Modified", [*told[:VALIDATORS], TOLD[outcome]])
                return []
            headers = [*told, TOLD[outcome]]
        begin(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _pass(self, environ: Environ, begin: StartResponse) -> Iterable[bytes]:
        self._count(BYPASS)
        return self._application(environ, lambda status, told, *more: begin(status, unstored(Headers(told)), *more))

    def _count(self, outcome: str) -> None:
        self._counts[outcome] += 1
        if time() > self._next_line:
            self._next_line = time() + SECONDS_BETWEEN_LINES
            told = ", ".join(f"{self._counts[name]} {name}" for name in OUTCOMES)
            logger.info("%s since the start; %d pages, %.1f MB", told, len(self._pages), self._pages.size / 1e6)


def has(asked: str, etag: str) -> bool:
    """Whether If-None-Match names the tag."""
    return asked == etag or asked == "*" or etag in (tag.strip().removeprefix("W/") for tag in asked.split(","))


def unstored(headers: Headers) -> list[Header]:
    """The headers of an answer that no cache in front may keep, unless the answer says itself for how long."""
    del headers[UNTIL_HEADER]
    headers.setdefault("Cache-Control", "private, no-cache")
    return [*headers.items(), TOLD[BYPASS]]

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

from blog.delivery.freshness import UNTIL_HEADER, current, is_fresh, is_newest, start
from blog.delivery.known_changes import FreshnessUnknown
from blog.delivery.store.keys import Environ, Key, Keys, encoding_of, environ_of
from blog.delivery.store.pages import Answer, Header, Pages, StoredPage
from blog.times import page_being_made

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HIT, REVALIDATED, MISS, STALE, BYPASS = OUTCOMES = ("hit", "revalidated", "miss", "stale", "bypass")
TOLD = {outcome: ("X-Page-Store", outcome) for outcome in OUTCOMES}
SERVED = {HIT, REVALIDATED, STALE}
ENDED, TOUCHED = "ended", "touched"  # what else a look may find: the page's time is over; it must not be sent
# These need more of the request than its key: cookies, the client's address, ranges.
PASSED = ("/admin/", "/preview/", "/search/", "/healthz", "/readyz", settings.MEDIA_URL, settings.STATIC_URL)
SMALL_SHARE = 32  # what is no page takes this part of the memory: readers can make up any number of its addresses
SECONDS_OF_WAITING, SECONDS_OF_STALE, SECONDS_BETWEEN_LINES = 10, 24 * 3600, 300  # lines of the log

logger = logging.getLogger(__name__)


class PageStore:
    def __init__(self, application: Application) -> None:
        self._application = application
        self._keys = Keys()
        self._pages = Pages(settings.PAGE_STORE_BYTES)
        self._small = Pages(settings.PAGE_STORE_BYTES // SMALL_SHARE)
        self._flights: dict[Key, Future[StoredPage | None]] = {}
        self._unknown_since = 0.0
        self._counts: Counter[str] = Counter()  # a count may be lost where two threads meet
        self._next_line = time() + SECONDS_BETWEEN_LINES

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self._keys.of(environ) if self._pages.limit else None
        held, outcome = self._find(key) if key else (None, TOUCHED)
        if held and outcome in SERVED:
            return self._send(held, outcome, environ, start_response)
        start()  # not for hits; also if no pages are stored, since OutageMiddleware must know about the database
        self._log_counts()
        if key is None or key[2].startswith(PASSED):
            return self._pass(environ, start_response)
        return self._send(*self._made(key, held, environ), environ, start_response)

    def _find(self, key: Key) -> tuple[StoredPage | None, str]:
        """The page that is stored under the key, with the outcome of `_look`; None if it must not be sent."""
        for pages in (self._pages, self._small):
            if page := pages.get(key):
                if (outcome := self._look(page)) is not TOUCHED:
                    return page, outcome
                pages.drop(key)
        return None, TOUCHED

    def _look(self, page: StoredPage) -> str:
        now, generation = time(), page.generation
        if not is_newest(generation):
            generation = current()
            try:  # where nothing was, any change may have put something
                if (page.is_nothing and page.generation != generation) or not is_fresh(page.generation, page):
                    return TOUCHED
            except FreshnessUnknown:
                self._unknown_since = self._unknown_since or now
                until = page.until if page.is_nothing else self._unknown_since + SECONDS_OF_STALE
                return STALE if now < until else TOUCHED
        outcome = HIT if page.generation == generation else REVALIDATED
        self._unknown_since, page.generation = 0.0, generation
        return outcome if now < page.until else ENDED

    def _made(self, key: Key, held: StoredPage | None, environ: Environ) -> tuple[StoredPage | Answer, str]:
        """Makes the page, or waits for another thread to make it. Meanwhile it returns `held`, ended by time alone."""
        while True:
            mine: Future[StoredPage | None] = Future()
            flight = self._flights.setdefault(key, mine)
            if flight is mine:
                return self._lead(key, mine, environ)
            if held and time() < held.until + SECONDS_OF_WAITING:
                return held, STALE
            done, _ = wait([flight], SECONDS_OF_WAITING)
            if not done or (page := flight.result()) is None:  # an answer that must not be shared
                return self._make(key, environ)
            if (outcome := self._look(page)) in SERVED:
                return page, outcome

    def _lead(self, key: Key, flight: Future[StoredPage | None], environ: Environ) -> tuple[StoredPage | Answer, str]:
        found: StoredPage | Answer | None = None
        try:
            found, outcome = self._find(key)  # an earlier flight may have landed just now
            if found is None or outcome not in SERVED:
                found, outcome = self._make(key, environ)
            return found, outcome
        finally:
            del self._flights[key]
            flight.set_result(found if isinstance(found, StoredPage) else None)

    def _make(self, key: Key, environ: Environ) -> tuple[StoredPage | Answer, str]:
        generation = current()  # before anything is read: what changes from here on is later than the page
        with page_being_made():
            answer = self._ask(environ_of(key, environ))
        if not answer.may_be_stored(key[-1]):
            return answer, BYPASS
        page = StoredPage(answer, generation, time())
        for pages in (self._pages, self._small):  # it may have been of the other kind
            pages.drop(key)
        (self._pages if page.is_ok else self._small).put(key, page)
        return page, MISS

    def _ask(self, environ: Environ) -> Answer:
        told: list[Any] = []
        body: Any = self._application(environ, lambda *answer: told.extend(answer))
        with closing(body) if hasattr(body, "close") else nullcontext():
            content = b"".join(body)
        return Answer(told[0], Headers([*told[1]]), content)

    def _send(self, found: StoredPage | Answer, outcome: str, environ: Environ, begin: StartResponse) -> list[bytes]:
        self._counts[outcome] += 1
        if isinstance(found, StoredPage):
            brief, rest, body = found.in_encoding(encoding_of(environ.get("HTTP_ACCEPT_ENCODING", "")))
            if (asked := environ.get("HTTP_IF_NONE_MATCH")) and found.is_ok and (brief[0][1] in asked or asked == "*"):
                begin("304 Not Modified", [*brief, TOLD[outcome]])
                return []
            headers = [*brief, *rest, TOLD[outcome]]
        else:
            headers, body = unstored(found.headers), found.body
        begin(found.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _pass(self, environ: Environ, begin: StartResponse) -> Iterable[bytes]:
        self._counts[BYPASS] += 1
        return self._application(environ, lambda status, told, *more: begin(status, unstored(Headers(told)), *more))

    def _log_counts(self) -> None:
        if time() > self._next_line:
            self._next_line = time() + SECONDS_BETWEEN_LINES
            told = ", ".join(f"{self._counts[name]} {name}" for name in OUTCOMES)
            logger.info("%s since the start; %.1f MB held", told, self._pages.size / 1e6)


def unstored(headers: Headers) -> list[Header]:
    """The headers of an answer that no cache in front may keep, unless the answer says itself for how long."""
    del headers[UNTIL_HEADER]
    headers.setdefault("Cache-Control", "private, no-cache")
    return [*headers.items(), TOLD[BYPASS]]

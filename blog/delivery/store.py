"""Whole pages in memory, in front of Django: `PageStore(application)` is a WSGI application too.

What is stored: answers of 200, 301 and 404 to GET, unless they set a cookie, are `private`, `no-store` or `no-cache`,
or vary with anything but the encoding; what is no page goes into a small store of its own, a 404 for ten seconds. Views
know nothing of it. Pages are kept in brotli and gzip; HEAD gets their headers.

Under which key: scheme, host, path and, of a list, number of the page. The application is asked with an environ that is
made of the key alone, so nothing else that a reader sends can reach the next. A redirect takes along the query that was
sent, so it goes past the store if there is one.

How long: while the generation is the one in which the page was begun (`blog.delivery.generation`). The least recently
used pages go when PAGE_STORE_BYTES are full, in each process; 0 stores none. Where the database is gone, what is held
is sent for a day, unless anything was withdrawn since. Of readers who ask for one page at the same
moment each has it made, but nginx asks once for all of them.

Answers have a strong ETag for each encoding and `X-Page-Store`: `hit`, `miss`, `stale` or `bypass`. What goes past is
`private, no-cache` if it says nothing.
"""

import gzip
import io
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import closing, nullcontext
from functools import lru_cache
from hashlib import blake2b
from math import inf
from threading import RLock
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from wsgiref.headers import Headers

import brotli
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

from blog.delivery import generation
from blog.delivery.generation import GenerationUnknown

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Header = tuple[str, str]
Variant = tuple[list[Header], list[Header], bytes]  # in one encoding: what a 304 has too, ETag first; the rest; body

HIT, MISS, STALE, BYPASS = OUTCOMES = ("hit", "miss", "stale", "bypass")
OUTCOME_HEADERS = {outcome: ("X-Page-Store", outcome) for outcome in OUTCOMES}
# These need more of the request than its key: cookies, the query, who asks, ranges.
PASSED = (
    "/admin/",
    "/preview/",
    "/search/",
    "/healthz",
    "/readyz",
    "/metrics",
    settings.MEDIA_URL,
    settings.STATIC_URL,
)
# What `?page` numbers. Elsewhere readers could make up any number.
LISTS = re.compile(r"/|/(?:articles|tags)/|/(?:category|tags|authors|topics)/[^/]+/|/[0-9]{4}/(?:[0-9]{2}/){0,2}")
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
UNSTORED_PARAMETER = "tate"  # of an article, which has a redirect there

METHODS, NO_BODY = ("GET", "HEAD"), (None, "", "0")
ENCODINGS = ("br", "gzip")  # the best first
REFUSED = re.compile(r"\s*q=0(?:\.0*)?\s*")
LONGEST_PATH = 2_048  # bytes; the ledger holds no longer one
PORT, PORTS = re.compile(r":[0-9]*$"), {"http": "80", "https": "443"}

STORED = ("200", "301", "404")
SECONDS_OF_NOTHING = 10
SMALL_SHARE = 32  # what is no page takes this part of the memory: readers can make up any number of its addresses
SECONDS_OF_STALE = 24 * 3600
# Browsers ask each time, and mostly get 304. Caches in front may be a second old, and show the old page for twenty
# while they ask. With `no-cache` nginx and Varnish would keep nothing, with `must-revalidate` no cache might help when
# the site is down.
CACHE_CONTROL = "max-age=0, s-maxage=1, stale-while-revalidate=20, stale-if-error=86400"
UNSHARED = re.compile(r"\b(?:private|no-store|no-cache)\b", re.IGNORECASE)
VARY = ("Vary", "Accept-Encoding")
HTTPS_ONLY = "Strict-Transport-Security"  # a 304 has it too: it holds from the last answer that bears it
OF_THIS_PAGE = ("Cache-Control", "Content-Length", "ETag", "Vary", "X-Request-ID")
TEXT = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/javascript|image/svg\+xml")
SMALLEST_COMPRESSED, BROTLI_QUALITY, GZIP_LEVEL = 200, 5, 6  # bytes; less gain nothing
OVERHEAD = 5_000  # bytes that a page with the longest path takes beside its bodies
LARGEST = 8  # no page may take more than this part of the whole


class Key(NamedTuple):
    scheme: str
    host: str
    path: str
    query: str


class Answer(NamedTuple):
    """What the application answered."""

    status: str
    headers: Headers
    body: bytes

    @property
    def may_be_stored(self) -> bool:
        return (
            self.status[:3] in STORED
            and "Set-Cookie" not in self.headers
            and "Content-Encoding" not in self.headers
            and not UNSHARED.search(", ".join(self.headers.get_all("Cache-Control")))
            and {*self.headers.get_all("Vary")} <= {"Accept-Encoding"}
        )


class StoredPage:
    """`generation` and `withdrawn` are those before it was made; a 404 is over at `until`."""

    __slots__ = ("generation", "is_ok", "size", "status", "until", "variants", "withdrawn")

    def __init__(self, answer: Answer, generation: int, withdrawn: Any) -> None:
        self.status, self.generation, self.withdrawn = answer.status, generation, withdrawn
        self.is_ok = answer.status.startswith("200")
        self.until = time.time() + SECONDS_OF_NOTHING if answer.status.startswith("404") else inf
        self.variants = variants_of(answer)
        self.size = OVERHEAD + sum(len(body) for *_, body in self.variants.values())

    def in_encoding(self, encoding: str) -> Variant:
        """The page for a client that takes the encoding; unpacked for the rare one that takes none."""
        brief, rest, body = self.variants.get(encoding) or self.variants[""]
        return brief, rest, body or (brotli.decompress(self.variants["br"][-1]) if "br" in self.variants else b"")


class PageStore:
    def __init__(self, application: Application) -> None:
        self._application = application
        self._pages = Pages(settings.PAGE_STORE_BYTES)
        self._small = Pages(settings.PAGE_STORE_BYTES // SMALL_SHARE)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key, is_whole = key_of(environ) if self._pages.limit else (None, True)
        if key and (found := self._find(key)) and (is_whole or not found[0].status.startswith("301")):
            return self._send(*found, environ, start_response)
        generation.present.start()  # not for hits; also without a store, since OutageMiddleware must know the database
        if key is None or key.path.startswith(PASSED):
            return self._pass(environ, start_response)
        page, outcome = self._make(key, environ)
        if not is_whole and page.status.startswith("301"):
            return self._pass(environ, start_response)
        return self._send(page, outcome, environ, start_response)

    def _find(self, key: Key) -> tuple[StoredPage, str] | None:
        """The page that is stored under the key, if it may be sent, with its outcome."""
        page = self._pages.get(key) or self._small.get(key)
        outcome = _outcome(page) if page else None
        return (page, outcome) if page and outcome else None

    def _make(self, key: Key, environ: Environ) -> tuple[StoredPage | Answer, str]:
        begun = generation.present.begin()  # before anything is read
        answer = self._ask(environ_of(key, environ))
        if not answer.may_be_stored:
            return answer, BYPASS
        page = StoredPage(answer, *begun)
        for pages in (self._pages, self._small):  # it may have been of the other kind
            pages.drop(key)
        (self._pages if page.is_ok else self._small).put(key, page)
        return page, MISS

    def _ask(self, environ: Environ) -> Answer:
        given: list[Any] = []
        body: Any = self._application(environ, lambda *answer: given.extend(answer))
        with closing(body) if hasattr(body, "close") else nullcontext():
            content = b"".join(body)
        return Answer(given[0], Headers([*given[1]]), content)

    def _send(self, found: StoredPage | Answer, outcome: str, environ: Environ, begin: StartResponse) -> list[bytes]:
        if isinstance(found, StoredPage):
            brief, rest, body = found.in_encoding(encoding_of(environ.get("HTTP_ACCEPT_ENCODING", "")))
            if (held := environ.get("HTTP_IF_NONE_MATCH")) and found.is_ok and (brief[0][1] in held or held == "*"):
                begin("304 Not Modified", [*brief, OUTCOME_HEADERS[outcome]])
                return []
            headers = [*brief, *rest, OUTCOME_HEADERS[outcome]]
        else:
            headers, body = unstored(found.headers), found.body
        begin(found.status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _pass(self, environ: Environ, begin: StartResponse) -> Iterable[bytes]:
        body = self._application(environ, lambda status, own, *more: begin(status, unstored(Headers(own)), *more))
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        return []  # gunicorn logs a warning for each body that it has to drop


class Pages:
    """Holds pages of `limit` bytes at most; for several threads."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size = limit, 0
        self._pages: OrderedDict[Key, StoredPage] = OrderedDict()
        self._lock = RLock()

    def get(self, key: Key) -> StoredPage | None:
        try:  # without the lock, which would cost a hit more than the rest: each of the two is done at once
            self._pages.move_to_end(key)
            return self._pages[key]
        except KeyError:  # never there, or dropped by another thread in between
            return None

    def put(self, key: Key, page: StoredPage) -> None:
        with self._lock:
            self.drop(key)
            if page.size * LARGEST <= self.limit:
                self._pages[key] = page
                self.size += page.size
            while self.size > self.limit:
                self.size -= self._pages.popitem(last=False)[1].size

    def drop(self, key: Key) -> None:
        with self._lock:
            if page := self._pages.pop(key, None):
                self.size -= page.size


def _outcome(page: StoredPage) -> str | None:
    """Whether the page is sent as true or as what is left of an outage; None if it must not be sent."""
    if time.time() >= page.until:
        return None
    present = generation.present
    if present.is_present(page.generation):
        return HIT
    try:
        return HIT if page.generation == present.catch_up() else None
    except GenerationUnknown:
        is_old = time.monotonic() - present.looked_at > SECONDS_OF_STALE
        return None if is_old or page.withdrawn != present.withdrawn else STALE


def key_of(environ: Environ) -> tuple[Key | None, bool]:
    """The key of the page that is asked for, and whether it holds the whole query.

    The key is None if the answer may be an error, or for this request alone.
    """
    get = environ.get
    if (
        environ["REQUEST_METHOD"] not in METHODS
        or "HTTP_TRANSFER_ENCODING" in environ
        or get("CONTENT_LENGTH") not in NO_BODY
    ):
        return None, True
    scheme_name = (settings.SECURE_PROXY_SSL_HEADER or ("wsgi.url_scheme",))[0]
    scheme = get(scheme_name) or environ["wsgi.url_scheme"]
    host, path = host_of(get("HTTP_HOST", "")), environ["PATH_INFO"]
    sent = get("QUERY_STRING") or ""
    query = query_of(path, sent) if sent else ""
    is_ours = scheme == "https" or (scheme == "http" and not settings.SECURE_SSL_REDIRECT)
    if not is_ours or host is None or query is None or len(path) > LONGEST_PATH:
        return None, True
    return Key(scheme, host, path, query), query == sent


@lru_cache(maxsize=256)  # bounded, because readers choose what is asked
def host_of(given: str) -> str | None:
    """The host without its port, or None if it is none of ours."""
    request = HttpRequest()
    request.META["HTTP_HOST"] = given
    try:
        return PORT.sub("", request.get_host().lower())
    except DisallowedHost:
        return None


def query_of(path: str, sent: str) -> str | None:
    """The part of the query that the page depends on: in a list, the number of a page. None if it is not stored."""
    try:
        pairs = parse_qsl(sent, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    names = {name for name, _ in pairs}
    if UNSTORED_PARAMETER in names:
        return None
    if "page" not in names or not LISTS.fullmatch(path):
        return ""
    numbers = [value for name, value in pairs if name == "page"]
    return f"page={numbers[0]}" if len(numbers) == 1 and PAGE_NUMBER.fullmatch(numbers[0]) else None


@lru_cache(maxsize=256)
def encoding_of(accepted: str) -> str:
    """The first of ENCODINGS that the header Accept-Encoding names and does not refuse; "" for none."""
    parts = (part.partition(";") for part in accepted.lower().split(","))
    named = {name.strip() for name, _, weight in parts if not REFUSED.fullmatch(weight)}
    return next((encoding for encoding in ENCODINGS if encoding in named), "")


def environ_of(key: Key, environ: Environ) -> Environ:
    """The WSGI environ for which the page is made. It holds nothing from the reader but the key."""
    scheme, host, path, query = key
    request = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host}
    server = {"SERVER_NAME": host, "SERVER_PORT": PORTS[scheme], "SERVER_PROTOCOL": "HTTP/1.1"}
    gateway = {name: value for name, value in environ.items() if name.startswith("wsgi.")}
    return request | server | gateway | {"wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO()}


def variants_of(answer: Answer) -> dict[str, Variant]:
    """The answer by encoding; what is not compressed only under ""."""
    body, headers, bodies = answer.body, answer.headers, {"": answer.body}
    if len(body) >= SMALLEST_COMPRESSED and TEXT.match(headers.get("Content-Type") or ""):
        packed = brotli.compress(body, quality=BROTLI_QUALITY)
        bodies = {"br": packed, "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0), "": b""}
    control = shared(("Cache-Control", headers.get("Cache-Control") or CACHE_CONTROL))
    for name in OF_THIS_PAGE:
        del headers[name]
    # The tag covers the headers: when only they have changed, nobody keeps the page as it was.
    tag = blake2b(repr(sorted(headers.items())).encode() + body, digest_size=12).hexdigest()
    https = [shared(header) for header in headers.items() if header[0] == HTTPS_ONLY]
    common = [shared(header) for header in headers.items() if header[0] != HTTPS_ONLY]
    variants = {}
    for encoding, packed in bodies.items():
        etag = f'"{tag}-{encoding}"' if encoding else f'"{tag}"'
        rest = [shared(("Content-Encoding", encoding))] if encoding else []
        rest += [("Content-Length", str(len(packed or body))), *common]
        variants[encoding] = [("ETag", etag), control, VARY, *https], rest, packed
    return variants


@lru_cache(maxsize=1_024)
def shared(header: Header) -> Header:
    """One copy of a header for all pages: the policies alone would take as much as a short page."""
    return header


def unstored(headers: Headers) -> list[Header]:
    """The headers of an answer that no cache in front may keep, unless the answer says itself for how long."""
    headers.setdefault("Cache-Control", "private, no-cache")
    return [*headers.items(), OUTCOME_HEADERS[BYPASS]]

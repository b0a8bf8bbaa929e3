"""Stored pages: compressed, with all their headers; the least recently used ones are dropped."""

import gzip
import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from math import inf
from threading import RLock
from typing import NamedTuple
from wsgiref.headers import Headers

import brotli

from blog.delivery.freshness import KEYS_HEADER, NUMBERED, UNTIL_HEADER
from blog.delivery.store.keys import Key

Header = tuple[str, str]
Variant = tuple[list[Header], list[Header], bytes]  # in one encoding: what a 304 has too, ETag first; the rest; body

NOTHING = ("404", "410")
STORED = ("200", "301", *NOTHING)
SECONDS_OF_NOTHING = 10
# Browsers ask each time, and mostly get 304. Caches in front may be a second old, and another while they ask. With
# `no-cache` nginx and Varnish would keep nothing, with `must-revalidate` no cache might help when the site is down.
CACHE_CONTROL = "max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400"
UNSHARED = re.compile(r"\b(?:private|no-store|no-cache)\b", re.IGNORECASE)
VARY = ("Vary", "Accept-Encoding")
HTTPS_ONLY = "Strict-Transport-Security"  # a 304 has it too: it holds from the last answer that bears it
OF_THIS_PAGE = ("Cache-Control", "Content-Length", "ETag", "Vary", "X-Request-ID", KEYS_HEADER, UNTIL_HEADER)
TEXT = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)\b|application/javascript|image/svg\+xml")
SMALLEST_COMPRESSED, BROTLI_QUALITY, GZIP_LEVEL = 200, 5, 6  # bytes; less gain nothing
OVERHEAD = 5_000  # bytes that a page with the longest path takes beside its bodies and keys
LARGEST = 8  # no page may take more than this part of the whole


class Answer(NamedTuple):
    """What the application answered."""

    status: str
    headers: Headers
    body: bytes

    def may_be_stored(self, query: str) -> bool:
        told, keys = self.headers, (self.headers[KEYS_HEADER] or "").split()
        return (
            self.status[:3] in STORED
            and bool(keys)
            and (not query or NUMBERED in keys or self.status[:3] != "200")  # readers make up any number
            and "Set-Cookie" not in told
            and "Content-Encoding" not in told
            and not UNSHARED.search(", ".join(told.get_all("Cache-Control")))
            and {*told.get_all("Vary")} <= {"Accept-Encoding"}
        )


class StoredPage:
    """An iterable of its keys. `generation` is that of the last look that found it fresh; `until` when time ends it."""

    __slots__ = ("generation", "is_nothing", "is_ok", "keys", "size", "status", "until", "variants")

    def __init__(self, answer: Answer, generation: int, now: float) -> None:
        self.status, self.generation = answer.status, generation
        self.is_ok, self.is_nothing = answer.status.startswith("200"), answer.status.startswith(NOTHING)
        self.keys = str(answer.headers[KEYS_HEADER])
        until = float(answer.headers[UNTIL_HEADER] or inf)
        self.until = min(until, now + SECONDS_OF_NOTHING) if self.is_nothing else until
        self.variants = variants_of(answer, self.keys)
        self.size = OVERHEAD + len(self.keys) + sum(len(body) for *_, body in self.variants.values())

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys.split())  # a tuple of them would take ten times the memory

    def in_encoding(self, encoding: str) -> Variant:
        """The page for a client that takes the encoding; unpacked for the rare one that takes none."""
        brief, rest, body = self.variants.get(encoding) or self.variants[""]
        return brief, rest, body or (brotli.decompress(self.variants["br"][-1]) if "br" in self.variants else b"")


def variants_of(answer: Answer, keys: str) -> dict[str, Variant]:
    """The answer by encoding; what is not compressed only under ""."""
    body, headers, bodies = answer.body, answer.headers, {"": answer.body}
    if len(body) >= SMALLEST_COMPRESSED and TEXT.match(headers.get("Content-Type") or ""):
        packed = brotli.compress(body, quality=BROTLI_QUALITY)
        bodies = {"br": packed, "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0), "": b""}
    control = shared(("Cache-Control", headers.get("Cache-Control") or CACHE_CONTROL))
    for name in OF_THIS_PAGE:
        del headers[name]
    # The tag covers the headers: when only they have changed, nobody is told to keep the page as it was.
    tag = blake2b(repr(sorted(headers.items())).encode() + body, digest_size=12).hexdigest()
    https = [shared(header) for header in headers.items() if header[0] == HTTPS_ONLY]
    common = [(KEYS_HEADER, keys), *(shared(header) for header in headers.items() if header[0] != HTTPS_ONLY)]
    variants = {}
    for encoding, kept in bodies.items():
        etag = f'"{tag}-{encoding}"' if encoding else f'"{tag}"'
        told = [shared(("Content-Encoding", encoding))] if encoding else []
        told += [("Content-Length", str(len(kept or body))), *common]
        variants[encoding] = [("ETag", etag), control, VARY, *https], told, kept
    return variants


@lru_cache(maxsize=1_024)
def shared(header: Header) -> Header:
    """One copy of a header for all pages: the policies alone would take as much as a short page."""
    return header


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

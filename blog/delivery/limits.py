"""Limits how often one client may search, try a password or ask for a new one, so that the others get their answers.

Of Django's caches only Redis and Memcached count across processes without losing any, and django-ratelimit asks for
one of the two; this site does without them. Here a client's count is a few bytes in memory that all processes share;
what several hosts count together, a proxy in front of them must limit.
"""

import mmap
import secrets
import struct
import time
import unicodedata
from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string

from blog.delivery.clients import client_of

MINUTE = 60
SUGGESTIONS_PER_SEARCH = 5  # a word that is typed asks a few times
SLOTS = 2**16  # clients that are counted at once; a slot takes 16 bytes
NEIGHBOURS = 8  # a client is counted in one of so many slots
TOO_MANY = (
    "短い時間に同じ操作が続いたため、少しのあいだお受けできません。{seconds}秒ほど待ってから、もう一度お試しください。"
)
RESETS_PER_MINUTE = 10  # of a password; each may send a mail
LOGIN = "admin:login"
# Of one user at one address. django-axes counts a failure only after the password was checked, so that simultaneous
# guesses escape it; here each is counted before.
LOGINS_PER_MINUTE = 10
CHANGE = "admin:password_change"  # asks for the old password, with a lock of the same kind
FORMS = {LOGIN, CHANGE}  # opening them is not limited
MAX_NAME = 1_000  # characters that are looked at; no user has so many


class Slot(NamedTuple):
    client: int
    minute: int
    asked: int


class SharedCounts:
    """How often each client asked in the present minute, for all processes that were forked from this one.

    The memory never grows. Where more clients ask than there are slots, those who asked least are forgotten. If two
    processes count one client in the same microsecond, one count may be lost.
    """

    _slot = struct.Struct("<QII")

    def __init__(self, slots: int = SLOTS) -> None:
        self._memory = mmap.mmap(-1, slots * self._slot.size)
        self._places = slots // NEIGHBOURS
        self._key = secrets.token_bytes(16)  # nobody can choose an address that is counted in another's slot
        self._lock = Lock()

    def add(self, client: str) -> int:
        """Counts one more request of the client, and returns how many it has made in this minute."""
        name = int.from_bytes(blake2b(client.encode(), key=self._key, digest_size=8).digest(), "little")
        minute = int(time.time()) // MINUTE
        first = name % self._places * NEIGHBOURS
        with self._lock:
            slots = {at: self._read(at) for at in range(first, first + NEIGHBOURS)}
            at = min(slots, key=lambda at: _worth(slots[at], name, minute))
            before = slots[at].asked if slots[at][:2] == (name, minute) else 0
            self._slot.pack_into(self._memory, at * self._slot.size, name, minute, before + 1)
        return before + 1

    def _read(self, at: int) -> Slot:
        return Slot(*self._slot.unpack_from(self._memory, at * self._slot.size))


def _worth(slot: Slot, client: int, minute: int) -> tuple[bool, bool, int]:
    """Sorts slots by what is lost if the client is counted there: its own comes first, then one of a past minute, then
    the one with the lowest count.
    """
    return slot[:2] != (client, minute), slot.minute == minute, slot.asked


class RateLimitMiddleware:
    """Answers 429 to a client that asks a view more often than its limit. For readers it costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.counts = SharedCounts()  # gunicorn makes it before it forks

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        limit = _limits().get(name, 0)
        if not limit or (name in FORMS and request.method != "POST"):
            return None
        if self.counts.add(f"{name} {_asker(request, name)}") <= limit:
            return None
        return _refusal(request, MINUTE - int(time.time()) % MINUTE)


def _asker(request: HttpRequest, name: str) -> str:
    """The name under which the request is counted: the client, in a login with the user, as a newsroom has one address.

    A change of the password is counted for the user, whatever the address.
    """
    if name == CHANGE and request.user.is_authenticated:
        return f"user {request.user.pk}"
    client = client_of(request)
    if name != LOGIN:
        return client
    try:
        user = request.POST.get("username", "")[:MAX_NAME]
    except UnreadablePostError:  # the client is gone
        return client
    return f"{client} {unicodedata.normalize('NFKC', user.strip())}"  # as the form reads it


def _limits() -> dict[str, int]:
    """How often each view may be asked in a minute; 0 stands for no limit."""
    searches = settings.SEARCHES_PER_MINUTE
    return {
        "blog:search": searches,
        "blog:search_suggestions": searches * SUGGESTIONS_PER_SEARCH,
        "admin_password_reset": RESETS_PER_MINUTE,
        LOGIN: LOGINS_PER_MINUTE,
        CHANGE: LOGINS_PER_MINUTE,
    }


def _refusal(request: HttpRequest, seconds: int) -> HttpResponse:
    reason = TOO_MANY.format(seconds=seconds)
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    if not request.accepts("text/html"):
        return JsonResponse({"error": reason}, status=429, headers=headers)
    page = render_to_string("too_many_requests.html", {"site_name": settings.SITE_NAME, "reason": reason})
    return HttpResponse(page, status=429, headers=headers)

"""After any edit, every stored page is what a page made anew would be.

An edit that does not move the generation fails here, and so does a page that time alone makes untrue.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blog.delivery import generation
from blog.delivery.generation import Generation, Mark
from blog.delivery.store import PageStore
from tests.delivery.oracle import site
from tests.delivery.oracle.edits import EDITS, Editor
from tests.delivery.reader import Received, ask

# A request gives back its connection; on PostgreSQL that would end the transaction that the test runs in.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

COMPARED = ("Content-Type", "Location", "Content-Security-Policy")
SHARE, EDITS_EACH = 0.3, 8


class Oracle:
    """A store in front of the site, and what it answers beside what the site answers now."""

    def __init__(self, mark: Mark, made_by: Callable[..., Any]) -> None:
        generation.present = Generation(mark)
        self.made_by = self.stored_from = made_by  # the store may ask another for a while
        self.store = PageStore(self._stored)
        self.known: set[str] = set()
        self.random = Random(0)

    def _stored(self, *request: Any) -> Any:
        return self.stored_from(*request)

    def stale(self, *, share: float = 1.0) -> list[str]:
        """Addresses at which the store has something else than the site; what it lacks, it stores meanwhile.

        A page that is wrong stays wrong until something touches it, so a `share` of all pages finds it in the end.
        """
        self.known.update(site.addresses())
        asked = self.random.sample(sorted(self.known), round(len(self.known) * share))
        return [url for url in asked if self.is_stale(url)]

    def is_stale(self, url: str) -> bool:
        stored = ask(self.store, url)
        return stored.outcome == "hit" and _seen(stored) != _seen(ask(self.made_by, url))


class Remembered:
    """The site as it was filled, which is asked for each page once: whoever undoes all edits gets the same again."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[str, list[tuple[str, str]], bytes]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        asked = environ["PATH_INFO"], environ["QUERY_STRING"]
        if asked not in self.answers:
            told: list[Any] = []
            with closing(WSGIHandler()(environ, lambda *answer: told.extend(answer))) as body:
                self.answers[asked] = told[0], told[1], b"".join(body)
        status, headers, body = self.answers[asked]
        start_response(status, [*headers])
        return [body]


@pytest.fixture
def filled() -> Remembered:
    return Remembered()


def _seen(received: Received) -> tuple[Any, ...]:
    return received.status, received.body, *(received.headers.get(name) for name in COMPARED)


@contextmanager
def as_filled() -> Iterator[Editor]:
    """The site as `small_site` left it; what is done with it is undone, and files that were removed are put back."""
    with tempfile.TemporaryDirectory() as kept:
        shutil.copytree(default_storage.location, kept, dirs_exist_ok=True)
        with time_machine.travel(site.NOW, tick=False) as clock, transaction.atomic():
            yield Editor(clock)
            transaction.set_rollback(True)
        shutil.copytree(kept, default_storage.location, dirs_exist_ok=True)


def first_stale(mark: Mark, seed: int, committed: Callable[..., None], filled: Remembered) -> str:
    """Does random edits until a stored page is wrong, and says after which; "" if none is."""
    random, done = Random(seed), []
    with as_filled() as editor:
        oracle = Oracle(mark, WSGIHandler())
        oracle.stored_from = filled  # until the first edit
        assert oracle.stale() == []
        oracle.stored_from = oracle.made_by
        for left in reversed(range(EDITS_EACH)):
            done.append((random.choice(sorted(EDITS)), random.randrange(10**6)))
            committed(editor.do, *done[-1])
            generation.present.look()  # as the thread does, for what machines did
            if stale := oracle.stale(share=SHARE if left else 1.0):
                return f"after {done}: {stale}"
    return ""


@given(seed=st.integers(0, 2**32))
@settings(max_examples=5, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_stored_pages_are_always_what_they_would_be_if_they_were_made_now(small_site, present, committed, filled, seed):
    assert first_stale(present.mark, seed, committed, filled) == ""


def test_time_alone_makes_no_stored_page_wrong(small_site, present):
    """Publications and picks come and end, articles are news no more and grow years old, days and months begin."""
    with as_filled() as editor:
        oracle = Oracle(present.mark, WSGIHandler())
        assert oracle.stale() == []
        for hours in (1, 1, 1, 2, 6, 13, 11, 13, 13, 24, 24, 24 * 10, 24 * 20):
            editor.clock.shift(timedelta(hours=hours, minutes=1))
            assert oracle.stale() == [], f"{hours} hours later"

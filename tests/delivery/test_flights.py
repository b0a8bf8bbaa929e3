"""Readers who ask for the same page at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest
from django.db import connections, transaction

from blog.delivery.generation import touch
from blog.delivery.store import PageStore
from tests.delivery.reader import Application, Received, ask
from tests.patience import PATIENCE

# Threads share no SQLite in memory.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql, pytest.mark.usefixtures("present")]
READERS = 20


class Slow(Application):
    """Answers once `may_end` is set; `begun` says that it was asked."""

    def __init__(self, **fields: object) -> None:
        super().__init__(**fields)
        self.begun, self.may_end, self.lock = Event(), Event(), Lock()

    def __call__(self, environ, start_response) -> list[bytes]:
        with self.lock:
            self.body = f"<p>{len(self.asked) + 1}</p>".encode()
            body = super().__call__(environ, start_response)
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        return body


def reading(store: PageStore) -> Received:
    try:
        return ask(store)
    finally:
        connections.close_all()


def test_page_that_many_want_is_made_once():
    application = Slow()
    store = PageStore(application)
    with ThreadPoolExecutor(READERS) as threads:
        readers = [threads.submit(reading, store) for _ in range(READERS)]
        assert application.begun.wait(PATIENCE)
        application.may_end.set()
    received = [reader.result() for reader in readers]
    assert len(application.asked) == 1
    assert {answer.body for answer in received} == {b"<p>1</p>"}
    assert sorted(answer.outcome for answer in received) == [*["hit"] * (READERS - 1), "miss"]


def test_who_asks_after_a_change_gets_a_page_made_after_it():
    application = Slow()
    store = PageStore(application)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(reading, store)
        assert application.begun.wait(PATIENCE)
        with transaction.atomic():
            touch()
        second = threads.submit(reading, store)
        application.may_end.set()
    assert first.result().body == b"<p>1</p>"
    assert second.result().body == b"<p>2</p>"


def test_each_gets_an_answer_of_their_own_where_none_may_be_shared():
    application = Slow(headers={"Cache-Control": "private"})
    store = PageStore(application)
    with ThreadPoolExecutor(3) as threads:
        readers = [threads.submit(reading, store) for _ in range(3)]
        assert application.begun.wait(PATIENCE)
        application.may_end.set()
    assert {reader.result().body for reader in readers} == {b"<p>1</p>", b"<p>2</p>", b"<p>3</p>"}


def test_error_of_the_application_leaves_nobody_waiting():
    def broken(environ, start_response):
        raise RuntimeError("broken on purpose")

    store = PageStore(broken)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ask(store)

"""Readers who ask for the same page at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest
import time_machine
from django.db import connections, transaction

from blog.delivery.freshness import touch
from blog.delivery.store import PageStore
from tests.delivery.store.reader import Application, Received, ask
from tests.patience import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]  # threads share no SQLite in memory

READERS = 20


class Held(Application):
    """Answers once `may_end` is set; `begun` tells that it was asked."""

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


def reading(store: PageStore, url: str = "/") -> Received:
    try:
        return ask(store, url)
    finally:
        connections.close_all()


def test_page_that_many_want_is_made_once():
    application = Held()
    store = PageStore(application)
    with ThreadPoolExecutor(READERS) as threads:
        readers = [threads.submit(reading, store) for _ in range(READERS)]
        assert application.begun.wait(PATIENCE)
        application.may_end.set()
    received = [reader.result() for reader in readers]
    assert len(application.asked) == 1
    assert {answer.body for answer in received} == {b"<p>1</p>"}
    assert sorted(answer.outcome for answer in received) == [*["hit"] * (READERS - 1), "miss"]


def test_who_asks_after_a_change_waits_for_a_page_made_after_it():
    application = Held()
    store = PageStore(application)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(reading, store)
        assert application.begun.wait(PATIENCE)
        with transaction.atomic():
            touch("post:1")
        second = threads.submit(reading, store)
        application.may_end.set()
    assert first.result().body == b"<p>1</p>"
    assert second.result().body == b"<p>2</p>"


def test_each_gets_an_answer_of_their_own_where_none_may_be_shared():
    application = Held(headers={})
    store = PageStore(application)
    with ThreadPoolExecutor(3) as threads:
        readers = [threads.submit(reading, store) for _ in range(3)]
        assert application.begun.wait(PATIENCE)
        application.may_end.set()
    assert {reader.result().body for reader in readers} == {b"<p>1</p>", b"<p>2</p>", b"<p>3</p>"}


def test_page_that_time_alone_ended_is_sent_while_it_is_made_anew():
    application = Held(headers={"Surrogate-Key": "site", "X-Page-Until": "1775012460"})
    application.may_end.set()
    store = PageStore(application)
    with time_machine.travel(1775012400, tick=False) as now, ThreadPoolExecutor(1) as threads:
        assert ask(store).outcome == "miss"
        now.shift(61)
        application.begun.clear()
        application.may_end.clear()
        maker = threads.submit(reading, store)
        assert application.begun.wait(PATIENCE)
        meanwhile = ask(store)
        application.may_end.set()
    assert (meanwhile.outcome, meanwhile.body) == ("stale", b"<p>1</p>")
    assert (maker.result().outcome, maker.result().body) == ("miss", b"<p>2</p>")


def test_error_of_the_application_leaves_nobody_waiting():
    def broken(environ, start_response):
        raise RuntimeError("broken on purpose")

    store = PageStore(broken)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            ask(store)

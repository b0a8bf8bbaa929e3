"""What is stored, for how long and in how much memory; the application behind is a small one."""

import gc
import logging
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from blog.delivery import freshness
from blog.delivery.freshness import touch
from blog.delivery.store import PageStore
from blog.delivery.store.page_store import SECONDS_BETWEEN_LINES
from tests.delivery.store.reader import Application, ask

# A request gives back its connection; on PostgreSQL that would end the transaction that the test runs in.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = timedelta(days=1)


@pytest.fixture
def change(committed) -> Callable[..., None]:
    return lambda *keys: committed(touch, *keys)


def gone_database(*args) -> None:
    raise OperationalError("gone")


def outcomes(store: PageStore, *urls: str) -> list[str]:
    return [ask(store, url).outcome for url in urls]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", {}),
        ("500 Internal Server Error", {"Surrogate-Key": "site"}),
        ("302 Found", {"Surrogate-Key": "site"}),
        ("200 OK", {"Surrogate-Key": "site", "Set-Cookie": "a=b"}),
        ("200 OK", {"Surrogate-Key": "site", "Cache-Control": "private"}),
        ("200 OK", {"Surrogate-Key": "site", "Cache-Control": "max-age=0, No-Store"}),
        ("200 OK", {"Surrogate-Key": "site", "Vary": "Cookie"}),
        ("200 OK", {"Surrogate-Key": "site", "Vary": "Accept-Encoding, Cookie"}),
        ("200 OK", {"Surrogate-Key": "site", "Vary": "*"}),
        ("200 OK", {"Surrogate-Key": "site", "Content-Encoding": "gzip"}),
    ],
)
def test_what_may_not_be_for_everybody_is_never_stored(status, headers):
    application = Application(status, headers={**headers, "X-Page-Until": "9999999999"})
    store = PageStore(application)
    received = [ask(store) for _ in range(2)]
    assert [answer.outcome for answer in received] == ["bypass"] * 2
    assert len(application.asked) == 2
    assert "X-Page-Until" not in received[0].headers
    assert received[0].headers["Cache-Control"] == headers.get("Cache-Control", "private, no-cache")


@pytest.mark.parametrize("status", ["200 OK", "301 Moved Permanently", "404 Not Found", "410 Gone"])
def test_page_is_made_once_and_then_sent_from_memory(status):
    application = Application(status, headers={"Surrogate-Key": "site post:1", "X-Request-ID": "of the first"})
    store = PageStore(application)
    first, second = ask(store), ask(store)
    assert (first.outcome, second.outcome, len(application.asked)) == ("miss", "hit", 1)
    assert first.status == second.status == int(status[:3])
    assert first.body == second.body == application.body
    assert second.headers["Surrogate-Key"] == "site post:1"
    assert not {"X-Page-Until", "X-Request-ID"} & second.headers.keys()
    assert "no-cache" not in second.headers["Cache-Control"]
    assert second.headers["Cache-Control"].startswith("max-age=0, s-maxage=1, stale-while-revalidate=")


def test_change_ends_the_pages_that_show_it_and_the_others_are_looked_at_once(change):
    store = PageStore(Application())
    assert outcomes(store, "/a/", "/a/") == ["miss", "hit"]
    change("post:2")
    assert outcomes(store, "/a/", "/a/") == ["revalidated", "hit"]
    change("post:1")
    assert outcomes(store, "/a/", "/a/") == ["miss", "hit"]


def test_change_while_a_page_is_made_is_later_than_the_page(change):
    application = Application()

    def busy(environ, start_response):
        change("post:1")
        return application(environ, start_response)

    store = PageStore(busy)
    assert outcomes(store, "/", "/") == ["miss", "miss"]


def test_time_ends_a_page_at_the_moment_that_it_names():
    with time_machine.travel("2026-04-01T03:00:00Z", tick=False) as now:
        until = int(timezone.now().timestamp()) + 60
        store = PageStore(Application(headers={"Surrogate-Key": "site", "X-Page-Until": str(until)}))
        assert outcomes(store, "/", "/") == ["miss", "hit"]
        now.shift(59)
        assert outcomes(store, "/") == ["hit"]
        now.shift(1)
        assert outcomes(store, "/") == ["miss"]


def test_what_is_not_there_is_known_for_ten_seconds_or_until_anything_changes(change):
    with time_machine.travel("2026-04-01T03:00:00Z", tick=False) as now:
        store = PageStore(Application("404 Not Found"))
        assert outcomes(store, "/", "/") == ["miss", "hit"]
        change("post:2")
        assert outcomes(store, "/", "/") == ["miss", "hit"]
        now.shift(10)
        assert outcomes(store, "/") == ["miss"]


def test_without_memory_nothing_is_stored(settings):
    settings.PAGE_STORE_BYTES = 0
    application = Application(headers={"Surrogate-Key": "site", "X-Page-Until": "1"})
    store = PageStore(application)
    assert outcomes(store, "/", "/") == ["bypass"] * 2
    assert "X-Page-Until" not in ask(store).headers


# --- when the database is gone ---


@pytest.mark.parametrize("memory", [0, 100_000])
def test_process_looks_for_the_database_from_its_first_request_on(memory, settings, monkeypatch):
    started = []
    monkeypatch.setattr("blog.delivery.store.page_store.start", lambda: started.append(True))
    settings.PAGE_STORE_BYTES = memory
    ask(PageStore(Application()))
    assert started


def test_without_a_database_pages_are_stale_for_a_day():
    application = Application()
    with time_machine.travel("2026-04-01T03:00:00Z", tick=False) as now:
        store = PageStore(application)
        outcomes(store, "/")
        freshness.mark.renew()  # something changed; nobody can say what
        with connection.execute_wrapper(gone_database):
            assert outcomes(store, "/", "/") == ["stale"] * 2
            now.shift(DAY - timedelta(seconds=1))
            assert outcomes(store, "/") == ["stale"]
            now.shift(1)
            application.status = "503 Service Unavailable"
            assert ask(store).status == 503


def test_page_is_fresh_again_when_the_database_is():
    with time_machine.travel("2026-04-01T03:00:00Z", tick=False) as now:
        store = PageStore(Application())
        outcomes(store, "/")
        for _ in range(2):  # the day begins anew
            freshness.mark.renew()
            with connection.execute_wrapper(gone_database):
                assert outcomes(store, "/") == ["stale"]
                now.shift(DAY * 2 / 3)
                assert outcomes(store, "/") == ["stale"]
            assert outcomes(store, "/") == ["hit"]


def test_without_a_database_nothing_is_sent_that_is_known_to_be_touched(change):
    application = Application()
    store = PageStore(application)
    outcomes(store, "/a/", "/b/")
    change("post:1")
    outcomes(store, "/b/")  # now the process knows of the change
    application.status = "503 Service Unavailable"
    freshness.mark.renew()
    with connection.execute_wrapper(gone_database):
        assert ask(store, "/a/").status == 503
        assert ask(store, "/b/").outcome == "stale"


def test_without_a_database_a_page_is_sent_past_its_moment():
    """What comes due shows later than it should, and nothing earlier. What was withdrawn is touched, not ended."""
    with time_machine.travel("2026-04-01T03:00:00Z", tick=False) as now:
        until = int(timezone.now().timestamp()) + 60
        application = Application(headers={"Surrogate-Key": "site", "X-Page-Until": str(until)})
        store = PageStore(application)
        outcomes(store, "/")
        application.status = "503 Service Unavailable"
        freshness.mark.renew()
        with connection.execute_wrapper(gone_database):
            assert ask(store).outcome == "stale"
            now.shift(DAY - timedelta(seconds=1))
            assert ask(store).outcome == "stale"
            now.shift(1)
            assert ask(store).status == 503


def test_without_a_database_nobody_knows_for_longer_that_there_is_nothing():
    with time_machine.travel("2026-04-01T03:00:00Z", tick=False) as now:
        application = Application("404 Not Found")
        store = PageStore(application)
        outcomes(store, "/")
        application.status = "503 Service Unavailable"
        freshness.mark.renew()
        with connection.execute_wrapper(gone_database):
            assert (ask(store).status, ask(store).outcome) == (404, "stale")
            now.shift(10)
            assert ask(store).status == 503


# --- memory ---


def test_least_recently_used_pages_go_first(settings):
    settings.PAGE_STORE_BYTES = 10 * 8_000
    store = PageStore(Application(body=Random(1).randbytes(1_000)))
    assert outcomes(store, "/kept/") == ["miss"]
    for number in range(30):
        assert outcomes(store, f"/{number}/", "/kept/") == ["miss", "hit"]
    assert outcomes(store, "/29/", "/0/") == ["hit", "miss"]


def test_page_that_would_push_out_all_others_is_not_stored(settings):
    settings.PAGE_STORE_BYTES = 400_000
    application = Application()
    store = PageStore(application)
    outcomes(store, "/small/")
    application.body = Random(1).randbytes(60_000)
    assert outcomes(store, "/large/", "/large/", "/small/") == ["miss", "miss", "hit"]


@pytest.mark.parametrize("status", ["301 Moved Permanently", "404 Not Found", "410 Gone"])
def test_flood_of_addresses_without_a_page_ends_no_page(status):
    application = Application()
    store = PageStore(application)
    outcomes(store, "/page/")
    application.status = status
    for number in range(1_000):
        outcomes(store, f"/{number}/")
    assert outcomes(store, "/page/", "/0/", "/999/") == ["hit", "miss", "hit"]


@pytest.mark.parametrize("statuses", [("200 OK", "301 Moved"), ("301 Moved", "200 OK"), ("200 OK", "404 Not Found")])
def test_address_whose_time_ended_may_hold_another_kind_of_answer(statuses):
    with time_machine.travel("2026-04-01T03:00:00Z", tick=False) as now:
        headers = {"Surrogate-Key": "site", "X-Page-Until": str(int(timezone.now().timestamp()) + 60)}
        application = Application(statuses[0], headers=headers)
        store = PageStore(application)
        assert outcomes(store, "/", "/") == ["miss", "hit"]
        now.shift(60)
        application.status, application.headers = statuses[1], {"Surrogate-Key": "site"}
        assert outcomes(store, "/", "/") == ["miss", "hit"]
        assert ask(store).status == int(statuses[1][:3])


@pytest.mark.parametrize("keys", [3, 100])
def test_memory_is_what_the_setting_says(settings, keys):
    """As it is used, by all that a page takes: also where nothing but short pages under long addresses is asked for."""
    settings.PAGE_STORE_BYTES = 3_000_000
    application = Application(body=b"short")
    store = PageStore(application)
    gc.collect()
    tracemalloc.start()
    for number in range(1_000):
        first = number * keys
        application.headers["Surrogate-Key"] = " ".join(f"post:{key}" for key in range(first, first + keys))
        ask(store, f"/{number}/".ljust(2_000, "x"))
        application.asked.clear()
    gc.collect()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < settings.PAGE_STORE_BYTES
    assert ask(store, "/999/".ljust(2_000, "x")).outcome == "hit"
    assert ask(store, "/0/".ljust(2_000, "x")).outcome == "miss"


def test_log_counts_the_answers(caplog):
    with time_machine.travel("2026-04-01T03:00:00Z", tick=False) as now, caplog.at_level(logging.INFO):
        store = PageStore(Application())
        outcomes(store, "/", "/", "/?q=1")
        assert "since the start" not in caplog.text
        now.shift(SECONDS_BETWEEN_LINES + 1)
        outcomes(store, "/")
        assert "since the start" not in caplog.text, "a hit looks at no clock for it"
        outcomes(store, "/?q=2")
    assert "2 hit, 0 revalidated, 1 miss, 0 stale, 1 bypass since the start" in caplog.text

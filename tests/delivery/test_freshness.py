"""What is fresh, and what is not: the changes that a process finds, late, out of order, or not at all."""

import os
import runpy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import Error, OperationalError, connection, transaction
from django.http import HttpResponse

from blog.delivery import freshness, known_changes
from blog.delivery.freshness import FreshnessUnknown, current, is_fresh, pay_debts, shows, together, touch
from blog.delivery.known_changes import KnownChanges, forget_changes
from blog.delivery.shared_mark import SharedMark
from blog.models import Change
from tests.patience import PATIENCE

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)


@pytest.fixture
def other_process(mark) -> KnownChanges:
    """What another process of this host knows."""
    return KnownChanges(SharedMark(mark.path))


def change(*keys: str) -> None:
    with transaction.atomic():
        touch(*keys)


def told() -> list[str]:
    """The keys of each change that is written, without what is owed."""
    return [row.keys for row in Change.objects.exclude(keys=Change.OWED).order_by("pk")]


def test_page_names_what_it_shows_and_the_earliest_end():
    response = HttpResponse()
    shows(response, "post:1", "lists", until=NOON)
    shows(response, "post:2", "post:1", until=NOON - timedelta(hours=1))
    shows(response, until=NOON + timedelta(hours=1))
    assert response["Surrogate-Key"] == "site post:1 lists post:2"
    assert response["X-Page-Until"] == str(int(NOON.timestamp()) - 3600)


def test_page_whose_keys_are_not_named_bears_none():
    assert "Surrogate-Key" not in HttpResponse()


def test_change_ends_only_pages_that_bear_a_touched_key(transactional_db, mark):
    page = current()
    assert is_fresh(page, ["site", "post:1"])
    change("post:2", "lists")
    assert is_fresh(page, ["site", "post:1"])
    assert not is_fresh(page, ["site", "post:1", "lists"])
    assert is_fresh(current(), ["site", "lists"])


def test_each_later_change_counts_for_a_page_and_no_earlier_one(transactional_db, mark):
    pages = []
    for key in ("post:1", "post:2", "post:3"):
        pages.append(current())
        change(key)
    current()
    fresh = [[is_fresh(page, [f"post:{number}"]) for number in (1, 2, 3)] for page in pages]
    assert fresh == [[False, False, False], [True, False, False], [True, True, False]]


def test_change_that_is_rolled_back_ends_nothing(transactional_db, mark):
    page = current()
    with transaction.atomic():
        touch("post:1")
        transaction.set_rollback(True)
    assert is_fresh(page, ["post:1"])


def test_batch_waits_for_its_end_unless_something_is_gone(transactional_db, mark):
    with together():
        change("post:1")
        change("post:2", "lists")
        assert told() == []
        with transaction.atomic():
            touch("post:3", gone=["/3/"])
        assert told() == ["post:1 post:2 lists post:3"]
        change("post:4")
    assert told()[1:] == ["post:4"]


def test_long_batch_tells_meanwhile_what_it_has_done(transactional_db, mark, monkeypatch):
    monkeypatch.setattr(freshness, "BATCH", 3)

    @together()
    def run():
        for number in range(4):
            change(f"post:{number}")
        raise SystemExit

    with pytest.raises(SystemExit):
        run()
    assert told() == ["post:0 post:1 post:2", "post:3"]


def test_batch_remembers_what_a_transaction_took_back(transactional_db, mark):
    with together():
        change("post:1")
        with transaction.atomic():
            touch("post:2", gone=["/2/"])
            transaction.set_rollback(True)
        assert told() == []
    assert told() == ["post:1 post:2"]


def test_what_a_killed_block_owes_ends_every_page_once_it_is_paid(transactional_db, mark, monkeypatch):
    @together()
    def run(stack: ExitStack) -> None:
        change("post:1")
        stack.enter_context(connection.execute_wrapper(GoneDatabase()))  # as after a kill, nothing more is written

    page = current()
    with ExitStack() as stack, pytest.raises(OperationalError):
        run(stack)
    assert is_fresh(page, ["site", "post:1"]), "nobody was told"
    change("post:4")
    with monkeypatch.context() as patched:
        patched.setattr(known_changes, "KEPT", 0)
        forget_changes()
    call_command("tidy")
    assert not is_fresh(page, ["site"])
    page = current()
    with together():
        with transaction.atomic():
            touch("post:2")
            transaction.set_rollback(True)
        change("post:3")
    pay_debts()
    assert is_fresh(page, ["site"])


def test_touching_without_a_transaction_is_refused(transactional_db, mark):
    with pytest.raises(transaction.TransactionManagementError):
        touch("post:1")
    assert not Change.objects.exists()


def test_other_process_sees_the_change_at_once(transactional_db, other_process):
    other_process.look()
    page = other_process.generation
    assert not other_process.is_behind()
    change("post:1")
    assert other_process.is_behind()
    other_process.catch_up()
    assert other_process.is_touched(page, ["post:1"])


def test_crash_between_commit_and_mark_is_found_by_the_next_look(transactional_db, mark):
    page = current()
    with mock.patch.object(mark, "renew"):
        change("post:1")
    assert is_fresh(page, ["post:1"]), "nobody was told"
    freshness.known.look()
    assert not is_fresh(page, ["post:1"])


def test_nothing_is_asked_while_nothing_changes(transactional_db, mark, django_assert_num_queries):
    page = current()
    with django_assert_num_queries(0):
        assert is_fresh(page, ["post:1"])
        assert current() == page
    change("post:2")
    with django_assert_num_queries(1):
        assert is_fresh(page, ["post:1"])
        assert is_fresh(page, ["post:1"])


@pytest.mark.postgresql
def test_transaction_that_ends_late_ends_pages_made_before(transactional_db, mark):
    """Its row has the lower number, and was not there when the row with the higher one was found."""
    has_touched, may_end = Event(), Event()

    def save_slowly() -> None:
        try:
            with transaction.atomic():
                touch("post:1")
                has_touched.set()
                assert may_end.wait(PATIENCE)
        finally:
            connection.close()

    slow = Thread(target=save_slowly)
    slow.start()
    assert has_touched.wait(PATIENCE)
    change("post:2")
    page = current()
    may_end.set()
    slow.join(PATIENCE)
    assert not is_fresh(page, ["post:1"])
    assert is_fresh(page, ["post:2"])


@pytest.mark.postgresql
def test_change_is_found_while_every_thread_of_the_server_asks_something(transactional_db, mark):
    number = runpy.run_path(str(settings.BASE_DIR / "deploy" / "gunicorn.conf.py"))["threads"]
    may_end, holding = Event(), Barrier(number + 1)

    def ask_slowly() -> None:
        try:
            connection.ensure_connection()
            holding.wait(PATIENCE)
            may_end.wait(PATIENCE)
        except Error:
            holding.abort()
        finally:
            connection.close()

    page = current()
    change("post:1")
    connection.close()  # whoever looks has none yet
    with ThreadPoolExecutor(number) as threads:
        try:
            for _ in range(number):
                threads.submit(ask_slowly)
            holding.wait(PATIENCE)
            assert not is_fresh(page, ["post:1"])
            assert not freshness.known.has_failed
        finally:
            may_end.set()


def test_more_changes_than_are_kept_end_every_page(transactional_db, mark, monkeypatch):
    monkeypatch.setattr(known_changes, "KEPT", 3)
    page = current()
    Change.objects.bulk_create(Change(keys="post:1") for _ in range(3))
    mark.renew()
    assert is_fresh(page, ["post:2"])
    Change.objects.bulk_create(Change(keys="post:1") for _ in range(4))
    mark.renew()
    assert not is_fresh(page, ["post:2"])
    assert is_fresh(current(), ["post:1", "post:2"])


@pytest.mark.parametrize("given_again", [0, 1, 2], ids=["no number", "the newest number", "a later number"])
def test_database_that_was_set_back_ends_every_page_and_is_followed_from_there(transactional_db, mark, given_again):
    for _ in range(3):
        change("post:1")
    page, (*_, two, three) = current(), Change.objects.values_list("pk", flat=True).order_by("pk")
    Change.objects.filter(pk=three).delete()  # as a restore does it, or a copy that lags
    Change.objects.bulk_create(Change(pk=two + number, keys="post:3") for number in range(1, 1 + given_again))
    mark.renew()
    assert not is_fresh(page, ["post:2"])
    later = current()
    assert is_fresh(later, ["post:2", "post:3"])
    Change.objects.create(pk=Change.objects.latest("pk").pk + 1, keys="post:2")
    mark.renew()
    assert is_fresh(later, ["post:1", "post:3"])
    assert not is_fresh(later, ["post:2"])


def test_more_keys_than_are_kept_in_mind_end_every_page(transactional_db, mark, monkeypatch):
    monkeypatch.setattr(known_changes, "MOST_TOUCHED", 3)
    page = current()
    change("post:1", "post:2")
    change("post:3")
    assert is_fresh(page, ["post:9"])
    change("post:4")
    assert not is_fresh(page, ["post:9"])
    later = current()
    change("post:5")
    assert [is_fresh(later, [f"post:{number}"]) for number in (1, 4, 5)] == [True, True, False]


def test_numbers_that_never_come_are_forgotten(transactional_db, mark, monkeypatch):
    monkeypatch.setattr(known_changes, "KEPT", 5)
    rows = Change.objects.bulk_create(Change(keys="post:1") for _ in range(4))
    Change.objects.filter(pk__in=[row.pk for row in rows[1:3]]).delete()
    current()
    assert {row.pk for row in rows[1:3]} <= freshness.known.missing
    for _ in range(5):
        change("post:2")
        current()
    assert not freshness.known.missing


class GoneDatabase:
    def __call__(self, *args) -> None:
        raise OperationalError("gone")


def test_without_a_database_only_what_is_known_to_be_touched_is_told(transactional_db, mark):
    page = current()
    change("post:1")
    assert not is_fresh(page, ["post:1"])
    mark.renew()  # something else changed
    with connection.execute_wrapper(GoneDatabase()):
        assert not is_fresh(page, ["post:1"])
        with pytest.raises(FreshnessUnknown):
            is_fresh(page, ["post:2"])
        assert current() < current() + 1, "a page may still be made"
    assert is_fresh(page, ["post:2"])


def test_what_was_withdrawn_as_the_database_went_is_told_without_it(transactional_db, mark, other_process, monkeypatch):
    monkeypatch.setattr(freshness, "known", other_process)
    page = current()
    with transaction.atomic():
        touch("post:1", "lists", gone=["/a/"])
    change("post:2")
    with connection.execute_wrapper(GoneDatabase()):
        assert not is_fresh(page, ["post:1"])
        assert not is_fresh(page, ["lists", "post:3"])
        with pytest.raises(FreshnessUnknown):  # readers get the text of before
            is_fresh(page, ["post:2"])
    later = current()
    with connection.execute_wrapper(GoneDatabase()):
        mark.renew()
        with pytest.raises(FreshnessUnknown):  # made after all of this
            is_fresh(later, ["post:1"])


def test_while_the_thread_finds_no_database_requests_do_not_ask(transactional_db, mark, django_assert_num_queries):
    page, known = current(), freshness.known
    known.is_polled = True
    with connection.execute_wrapper(GoneDatabase()), pytest.raises(FreshnessUnknown):
        known.look()
    mark.renew()
    with django_assert_num_queries(0), pytest.raises(FreshnessUnknown):
        is_fresh(page, ["post:1"])
    known.look()
    assert is_fresh(page, ["post:1"])


def test_process_whose_thread_is_late_asks_for_itself(transactional_db, mark, monkeypatch):
    page, known = current(), freshness.known
    with mock.patch.object(mark, "renew"):
        change("post:1")
    known.is_polled, known.looked_at = True, known.looked_at - known_changes.PATIENCE - 1
    assert not is_fresh(page, ["post:1"])


def test_thread_goes_on_after_an_error_of_ours(mark, monkeypatch, caplog):
    looked_again = Event()

    def look() -> None:
        if caplog.records:
            looked_again.set()
            Event().wait()  # for ever: the tests that come next want no thread
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(freshness, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(freshness.known, "look", look)
    freshness.start()
    assert looked_again.wait(PATIENCE)
    assert "broken on purpose" in caplog.text


def test_request_does_not_wait_for_a_look_that_hangs(transactional_db, mark, monkeypatch):
    monkeypatch.setattr(known_changes, "PATIENCE", 0.01)
    page = current()
    mark.renew()
    with freshness.known.lock, pytest.raises(FreshnessUnknown):
        is_fresh(page, ["post:1"])


def test_site_does_not_start_where_it_cannot_open_the_mark(tmp_path):
    """It may be a file of another user, which keeps nothing from root, who may be running this; here it is a folder."""
    mark = tmp_path / "freshness"
    mark.mkdir()
    environment = os.environ | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "allforces.settings"}
    command = [sys.executable, "-c", "import allforces.wsgi"]
    started = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert started.returncode
    assert str(mark) in started.stderr

"""When stored pages end: by a change here, by one of another host, by time alone, and not without a reason."""

import os
import runpy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, Thread
from unittest import mock

import pytest
import time_machine
from django.conf import settings
from django.db import Error, OperationalError, connection, transaction

from blog.delivery import generation
from blog.delivery.generation import Generation, GenerationUnknown, Mark, forget_changes, touch
from blog.editing.saving import save_post
from blog.models import Change, FrontPick, Image, Page, Post, PostRevision
from tests.factories import make_draft, make_image, make_page, make_post, make_scheduled
from tests.patience import PATIENCE

NOW = "2026-04-01T03:00:00Z"


@pytest.fixture
def other_process(present) -> Generation:
    return Generation(Mark(present.mark.path))


def change(**about: bool) -> None:
    with transaction.atomic():
        touch(**about)


def test_change_ends_every_page_at_its_commit(transactional_db, present):
    page = present.catch_up()
    with transaction.atomic():
        touch()
        assert present.is_present(page)
    assert not present.is_present(page)
    assert present.is_present(present.catch_up())


def test_change_that_is_rolled_back_ends_nothing(transactional_db, present):
    page = present.catch_up()
    with transaction.atomic():
        touch()
        transaction.set_rollback(True)
    assert present.catch_up() == page


def test_nothing_is_asked_while_nothing_changes(transactional_db, present, django_assert_num_queries):
    page = present.catch_up()
    with django_assert_num_queries(0):
        assert present.is_present(page)
        assert present.begin() == (page, present.withdrawn)


def test_other_process_sees_the_change_at_once_and_makes_its_pages_anew_once(transactional_db, other_process):
    page = other_process.catch_up()
    change()
    assert not other_process.is_present(page)
    later = other_process.catch_up()
    other_process.look()
    assert other_process.catch_up() == later == page + 1


def test_crash_between_commit_and_mark_is_found_by_the_next_look(transactional_db, present):
    page = present.catch_up()
    with mock.patch.object(present.mark, "move"):
        change()
    assert present.is_present(page), "nobody said so"
    present.look()
    assert not present.is_present(page)


def test_what_machines_do_ends_pages_once_a_minute(transactional_db, present):
    with time_machine.travel(NOW, tick=False) as now:
        page = present.catch_up()
        now.shift(61)
        change(soon=True)
        assert present.is_present(page), "the mark did not move"
        for seconds, number in ((0, page + 1), (59, page + 1), (1, page + 2)):
            now.shift(seconds)
            present.look()
            assert present.catch_up() == number
            change(soon=True)


@pytest.mark.postgresql
def test_transaction_that_ends_late_ends_pages_made_before(transactional_db, present):
    """Its row has the lower number, and was not there when the row with the higher one was found."""
    has_touched, may_end = Event(), Event()

    def save_slowly() -> None:
        try:
            with transaction.atomic():
                touch()
                has_touched.set()
                assert may_end.wait(PATIENCE)
        finally:
            connection.close()

    slow = Thread(target=save_slowly)
    slow.start()
    assert has_touched.wait(PATIENCE)
    change()
    page = present.catch_up()
    may_end.set()
    slow.join(PATIENCE)
    assert present.catch_up() != page


@pytest.mark.postgresql
def test_change_is_found_while_every_thread_of_the_server_asks_something(transactional_db, present):
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

    page = present.catch_up()
    change()
    connection.close()  # whoever looks has none yet
    with ThreadPoolExecutor(number) as threads:
        try:
            for _ in range(number):
                threads.submit(ask_slowly)
            holding.wait(PATIENCE)
            assert present.catch_up() != page
        finally:
            may_end.set()


def test_database_that_was_set_back_ends_every_page(transactional_db, present):
    for _ in range(3):
        change()
    page = present.catch_up()
    Change.objects.latest("pk").delete()  # as a restore does it, or a copy that lags
    present.look()
    assert present.catch_up() != page


def test_rows_of_before_are_forgotten(transactional_db, present):
    with time_machine.travel(NOW, tick=False) as now:
        change()
        now.shift(generation.KEPT + timedelta(seconds=1))
        change()
        forget_changes()
        assert Change.objects.count() == 1


class GoneDatabase:
    def __call__(self, *args) -> None:
        raise OperationalError("gone")


def test_while_the_thread_finds_no_database_requests_do_not_ask(transactional_db, present, django_assert_num_queries):
    present.catch_up()
    present.is_polled = True
    with connection.execute_wrapper(GoneDatabase()), pytest.raises(GenerationUnknown):
        present.look()
    assert present.is_database_away
    present.mark.move()
    with django_assert_num_queries(0), pytest.raises(GenerationUnknown):
        present.catch_up()
    present.look()
    assert not present.is_database_away


def test_process_whose_thread_is_late_asks_for_itself(transactional_db, present):
    page = present.catch_up()
    with mock.patch.object(present.mark, "move"):
        change()
    present.is_polled, present.looked_at = True, present.looked_at - generation.PATIENCE - 1
    assert present.catch_up() != page


def test_request_does_not_wait_for_a_look_that_hangs(transactional_db, present, monkeypatch):
    monkeypatch.setattr(generation, "PATIENCE", 0.01)
    present.catch_up()
    present.mark.move()
    with present.lock, pytest.raises(GenerationUnknown):
        present.catch_up()


def test_thread_goes_on_after_an_error_of_ours(tmp_path, monkeypatch, caplog):
    present, looked_again = Generation(Mark(tmp_path / "generation")), Event()

    def look() -> None:
        if caplog.records:
            looked_again.set()
            Event().wait()  # for ever: the tests that come next want no thread
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(generation, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(present, "look", look)
    present.start()
    assert looked_again.wait(PATIENCE)
    assert "broken on purpose" in caplog.text


def test_mark_is_shared_by_forks_and_by_processes_that_open_it(tmp_path):
    mark = Mark(tmp_path / "mark")
    before = mark.read(), mark.read_withdrawals()
    program = (
        "import os, sys; from pathlib import Path; from blog.delivery.generation import Mark\n"
        "mark = Mark(Path(sys.argv[1])); before = mark.read(); child = os.fork()\n"
        "if not child: mark.withdraw(); os._exit(0)\n"
        "os.waitpid(child, 0); print(mark.read() != before)"
    )
    program = f"import django; django.setup(); {program}"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", program, str(tmp_path / "mark")]
    run = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True)
    assert run.stdout == "True\n"
    assert before[0] != mark.read()
    assert before[1] != mark.read_withdrawals()


def test_site_does_not_start_where_it_cannot_open_the_mark(tmp_path):
    """It may be a file of another user, which keeps nothing from root, who may be running this; here it is a folder."""
    mark = tmp_path / "generation"
    mark.mkdir()
    environment = os.environ | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "allforces.settings"}
    command = [sys.executable, "-c", "import allforces.wsgi"]
    started = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert started.returncode
    assert str(mark) in started.stderr


# --- what moves it ---


def moves(edit) -> str:
    """How the edit moves the generation: not, soon, at once, or as a withdrawal."""
    Change.objects.all().delete()
    edit()
    rows = list(Change.objects.all())
    if any(row.withdraws for row in rows):
        return "withdraws"
    return "" if not rows else "soon" if all(row.is_soon for row in rows) else "now"


def edited(row, **values):
    def edit() -> None:
        for name, value in values.items():
            setattr(row, name, value)
        save_post(row) if isinstance(row, Post) else row.save()

    return edit


@pytest.mark.django_db
def test_generation_moves_for_what_readers_see_alone():
    draft, public, scheduled = make_draft(), make_post(slug="a", tags=["円安"]), make_scheduled(slug="b")
    hidden, page = make_page("/案/", is_published=False), make_page("/案内/")
    assert moves(edited(draft, title="下書きの題")) == ""
    assert moves(edited(hidden, title="下書きの題")) == ""
    assert moves(lambda: make_image("red")) == ""
    assert moves(edited(public, title="題")) == "now"
    assert moves(edited(scheduled, title="予約の題")) == "now", "its moment may be another"
    assert moves(edited(page, title="題")) == "now"
    assert moves(edited(public.category, name="部門")) == "now"
    assert moves(edited(public.author, name="記者")) == "now"
    assert moves(edited(public.tag_list[0], name="円")) == "now"
    assert moves(edited(Image.objects.get(), alt="赤")) == "now"
    assert moves(lambda: FrontPick.objects.create(post=public)) == "now"
    assert moves(lambda: save_post(public, kind=PostRevision.Kind.IMPORTED)) == "soon"
    public.unpublish()
    assert moves(lambda: save_post(public)) == "withdraws"
    assert moves(edited(page, is_published=False)) == "withdraws"
    assert moves(Page.objects.get(pk=page.pk).delete) == ""

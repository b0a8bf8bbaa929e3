"""Passwords: how they are stored, which are refused, and how somebody gets a new one by mail."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, identify_hasher, make_password
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks import TaskResultStatus

import allforces.settings
from blog.editing.permissions import WRITER
from blog.models import QueuedTask
from tests.factories import make_user
from tests.queue import do_queued_tasks, try_queued_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

ASK, CHANGE = reverse("admin_password_reset"), reverse("admin:password_change")
NEW = "kinoko-no-yama-2026"
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def writer():
    user = make_user("writer", role=WRITER)
    user.email = "writer@example.jp"
    user.save()
    return user


def asked(client, address="writer@example.jp", number=1, **headers):
    """The answer; the mails have left when it returns."""
    response = client.post(ASK, {"email": address}, follow=True, REMOTE_ADDR=f"192.0.2.{number}", headers=headers)
    do_queued_tasks()
    return response


def link():
    return re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.outbox[-1].body)[1]


def set_password(client, path, password=NEW):
    form = client.get(path, follow=True)
    where = form.redirect_chain[-1][0] if form.redirect_chain else path
    return client.post(where, {"new_password1": password, "new_password2": password})


# --- as they are stored ---


def test_new_password_is_hashed_with_argon2_and_an_old_one_is_still_known():
    hashers = allforces.settings.PASSWORD_HASHERS  # the tests run with a faster one
    with override_settings(PASSWORD_HASHERS=hashers):
        stored = make_password(NEW)
        assert identify_hasher(stored).algorithm == "argon2"
        assert check_password(NEW, stored)
        assert check_password(NEW, make_password(NEW, hasher="pbkdf2_sha256"))


GUESSES = """
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import django
django.setup()
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
def peak():
    return int(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1])
stored = make_password("kinoko-no-yama-2026")
before = peak()
with ThreadPoolExecutor(12) as threads:
    list(threads.map(make_password, ["unknown"] * 6))
    list(threads.map(lambda _: check_password("wrong", stored), range(6)))
print(peak() - before)
"""


def test_guesses_that_come_together_take_no_more_memory_than_two():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "allforces.settings", "DEBUG": "1"}
    run = subprocess.run([sys.executable, "-c", GUESSES], env=environment, capture_output=True, text=True, check=True)
    one = Argon2PasswordHasher.memory_cost  # kilobytes
    assert int(run.stdout) < 2 * one  # the first guess took as much before


@pytest.mark.parametrize("password", ["short-1!", "123456789012", "password1234", "writer@example.jp"])
def test_weak_password_is_refused_in_japanese(client, writer, password):
    client.force_login(writer)
    data = {"old_password": "pass", "new_password1": password, "new_password2": password}
    response = client.post(CHANGE, data)
    assert re.search("[ぁ-ん]", str(response.context["form"].errors["new_password2"]))
    writer.refresh_from_db()
    assert writer.check_password("pass")


def test_site_begins_without_any_account():
    call_command("import_jekyll", settings.BASE_DIR / "blog" / "sample_content", verbosity=0)
    assert not User.objects.exists()


# --- by mail ---


def test_mail_leads_to_a_new_password_in_japanese(client, writer):
    asked(client)
    sent = mail.outbox[0]
    assert sent.to == [writer.email]
    assert sent.subject == "【ALLFORCES】パスワードの再設定"
    assert "1時間以内に" in sent.body
    assert set_password(client, link()).status_code == 302
    writer.refresh_from_db()
    assert writer.check_password(NEW)


def test_answer_does_not_tell_whether_the_address_is_known(client, writer):
    known, unknown = asked(client), asked(client, "nobody@example.jp")
    assert len(mail.outbox) == 1
    assert known.redirect_chain == unknown.redirect_chain
    assert known.content == unknown.content


def test_request_does_the_same_work_for_every_address_and_leaves_the_mail_to_the_worker(client, writer):
    """Otherwise the time it takes would tell that the address is known."""
    client.get(ASK)  # what is loaded once is loaded
    work = []
    for address in (writer.email, "nobody@example.jp"):
        with CaptureQueriesContext(connection) as queries:
            assert client.post(ASK, {"email": address}).status_code == 302
        work.append([query["sql"].partition("'")[0].partition(" VALUES ")[0] for query in queries])
    assert work[0] == work[1]
    assert not any("auth_user" in sql for sql in work[0])
    assert not mail.outbox
    do_queued_tasks()
    assert [sent.to for sent in mail.outbox] == [[writer.email]]


def test_link_works_once(client, writer):
    asked(client)
    path = link()
    assert set_password(client, path).status_code == 302
    again = Client().get(path, follow=True)
    assert "この案内はもう使えません" in again.text
    assert set_password(Client(), path, "takenoko-no-sato-2026").status_code == 200
    writer.refresh_from_db()
    assert writer.check_password(NEW)


def test_link_works_for_an_hour(client, writer):
    with time_machine.travel(NOON, tick=False) as clock:
        asked(client)
        clock.shift(timedelta(minutes=59))
        assert "パスワードを変える" in Client().get(link(), follow=True).text
        clock.shift(timedelta(minutes=2))
        assert "この案内はもう使えません" in Client().get(link(), follow=True).text


@pytest.mark.postgresql
def test_link_leads_to_the_site_whatever_host_the_request_names(client, writer):
    asked(client, host="localhost")
    assert "http://127.0.0.1:8000/admin/password-reset/" in mail.outbox[0].body
    assert "localhost" not in mail.outbox[0].body


@pytest.mark.postgresql
def test_who_may_not_log_in_gets_no_mail(client, writer):
    User.objects.update(is_active=False)
    asked(client)
    assert not mail.outbox


def test_one_address_gets_three_mails_an_hour_whoever_asks(client, writer):
    with time_machine.travel(NOON, tick=False) as clock:
        for number in range(5):
            asked(client, writer.email.upper() if number % 2 else writer.email, number=number)
        assert len(mail.outbox) == 3
        clock.shift(timedelta(minutes=61))
        asked(client)
    assert len(mail.outbox) == 4


@pytest.mark.parametrize("path", ["x/y", "MQ/set-password", "%00/%00", "あ/い", "MQ/" + "x" * 5_000])
def test_made_up_link_is_refused(client, path):
    response = client.get(f"/admin/password-reset/{path}/", follow=True)
    assert "この案内はもう使えません" in response.text


@pytest.mark.parametrize("address", ["a\x00@example.jp", "a\nBcc: b@example.jp", "x" * 10_000 + "@example.jp", ""])
def test_odd_address_sends_nothing(client, writer, address):
    assert asked(client, address).status_code == 200
    assert not mail.outbox


# --- what a change ends ---


@pytest.mark.postgresql
def test_change_of_the_password_ends_all_other_sessions(client, writer):
    other = Client()
    for browser in (client, other):
        browser.force_login(writer)
    data = {"old_password": "pass", "new_password1": NEW, "new_password2": NEW}
    assert client.post(CHANGE, data).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
    assert other.get(reverse("admin:index")).status_code == 302


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1)
def test_mail_that_the_server_refuses_waits_to_be_tried_again(client, writer):
    client.post(ASK, {"email": writer.email})
    try_queued_tasks()
    assert QueuedTask.objects.get().status == TaskResultStatus.FAILED


def test_reset_by_mail_ends_all_sessions(client, writer):
    client.force_login(writer)
    asked(Client())
    set_password(Client(), link())
    assert client.get(reverse("admin:index")).status_code == 302


# --- guesses at the old one ---


def guess(client, old, number=1):
    data = {"old_password": old, "new_password1": NEW, "new_password2": NEW}
    return client.post(CHANGE, data, REMOTE_ADDR=f"198.51.100.{number}")


def test_who_finds_an_open_session_guesses_at_the_password_as_often_as_at_the_login(client, writer):
    with time_machine.travel(NOON, tick=False) as clock:
        client.force_login(writer)
        for number in range(4):
            answer = guess(client, f"wrong-{number}")
            assert "元のパスワードが間違っています" in str(answer.context["form"].errors["old_password"])
        assert guess(client, "wrong-5").status_code == 429
        clock.shift(timedelta(minutes=14))
        assert guess(client, "pass").status_code == 429
        writer.refresh_from_db()
        assert writer.check_password("pass")
        clock.shift(timedelta(minutes=2))
        assert guess(client, "pass").status_code == 302
    said = LogEntry.objects.filter(user=writer).order_by("pk").values_list("change_message", flat=True)
    assert [message.partition("（")[0] for message in said][-6:] == [
        *["ログインの失敗"] * 4,
        "ログインの停止",
        "パスワードを変えました。",
    ]

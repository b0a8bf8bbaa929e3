"""The second factor: setting it up, logging in with it, losing it."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog.admin.account import second_factor
from blog.editing.permissions import ADMINISTRATOR, WRITER
from tests.factories import make_user
from tests.queue import do_queued_tasks

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DESK, LOGIN = reverse("admin:index"), reverse("admin:login")
CODE, SET_UP, RECOVERY = reverse("second_factor"), reverse("second_factor_setup"), reverse("recovery_codes")
ARTICLES = reverse("admin:blog_post_changelist")
PREVIEW = "/admin/markdownx/markdownify/"
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def writer():
    return make_user("writer", role=WRITER)


def code_of(user, confirmed=True):
    """What the user's app shows now."""
    device = TOTPDevice.objects.get(user=user, confirmed=confirmed)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = datetime.now(UTC).timestamp()
    return f"{totp.token():06}"


def with_phone(user, clock):
    """The user's recovery codes, once an app is set up."""
    second_factor.begin(user)
    assert second_factor.confirm(user, code_of(user, confirmed=False))
    clock.shift(timedelta(minutes=1))  # a code is accepted once
    return second_factor.renew_recovery_codes(user)


def logged_in(user):
    client = Client()
    client.post(LOGIN, {"username": user.username, "password": "pass"})
    return client


# --- setting it up ---


def test_user_sets_up_an_app_and_sees_the_recovery_codes_once(client, writer):
    client.force_login(writer)
    page = client.get(SET_UP).text
    assert "<svg" in page
    assert " style=" not in page
    response = client.post(SET_UP, {"password": "pass", "code": code_of(writer, confirmed=False)})
    codes = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", response.text)
    assert len({*codes}) == second_factor.RECOVERY_CODES
    assert "no-store" in response["Cache-Control"]
    assert client.get(DESK).status_code == 200
    assert not [code for code in codes if code in client.get(SET_UP).text]


@pytest.mark.postgresql
def test_wrong_code_sets_up_nothing_and_keeps_the_secret_that_was_shown(client, writer):
    client.force_login(writer)
    client.get(SET_UP)
    key = TOTPDevice.objects.get().key
    response = client.post(SET_UP, {"password": "pass", "code": "000000"})
    assert "コードが違うか、期限が切れています" in response.text
    assert TOTPDevice.objects.get().key == key
    assert not second_factor.is_set_up(writer)


def test_secret_is_another_one_each_time_the_page_is_opened(client, writer):
    client.force_login(writer)
    keys = {client.get(SET_UP).context["key"] for _ in range(3)}
    assert len(keys) == 3
    assert TOTPDevice.objects.count() == 1


def test_new_phone_ends_the_codes_of_the_old_one(client, writer, clock):
    with_phone(writer, clock)
    client.force_login(writer)
    client.post(CODE, {"code": code_of(writer)})
    clock.shift(timedelta(minutes=1))
    client.get(SET_UP)
    old = code_of(writer)
    client.post(SET_UP, {"password": "pass", "current": old, "code": code_of(writer, confirmed=False)})
    assert TOTPDevice.objects.count() == 1
    clock.shift(timedelta(minutes=1))
    assert second_factor.verify(writer, old) is None


@pytest.fixture
def open_session(client, writer, clock):
    """A client that gave password and code and was left alone. Returns the recovery codes."""
    codes = with_phone(writer, clock)
    client.force_login(writer)
    client.post(CODE, {"code": code_of(writer)})
    clock.shift(timedelta(minutes=1))
    do_queued_tasks()
    mail.outbox.clear()
    return codes


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"password": "wrong"},  # pragma: allowlist secret
        {"password": "pass", "current": "000000"},  # pragma: allowlist secret
    ],
)
def test_open_session_alone_replaces_no_phone_and_draws_no_codes(client, writer, open_session, given):
    given = {"current": open_session[0], **given} if given else given
    client.get(SET_UP)
    key = TOTPDevice.objects.get(user=writer, confirmed=True).key
    codes = set(StaticToken.objects.values_list("token", flat=True))
    assert client.post(SET_UP, {"code": code_of(writer, confirmed=False), **given}).context["form"].errors
    assert client.post(RECOVERY, given).context["form"].errors
    assert TOTPDevice.objects.get(user=writer, confirmed=True).key == key
    assert set(StaticToken.objects.values_list("token", flat=True)) == codes


def test_owner_is_told_by_mail_of_a_new_phone_and_of_new_codes(client, writer, open_session):
    User.objects.filter(pk=writer.pk).update(email="writer@example.jp")
    client.get(SET_UP)
    sent = {"password": "pass", "current": open_session[0], "code": code_of(writer, confirmed=False)}
    new = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", client.post(SET_UP, sent).text)
    client.post(RECOVERY, {"password": "pass", "current": new[0]})
    do_queued_tasks()
    assert [message.to for message in mail.outbox] == [["writer@example.jp"]] * 3
    assert [message.subject.partition("】")[2] for message in mail.outbox] == [
        "二段階認証を設定しました。",
        "リカバリーコードを作り直しました。",
        "リカバリーコードを作り直しました。",
    ]


def test_guesses_at_the_password_of_an_open_session_lock_as_those_at_the_login_do(client, writer, open_session):
    answers = [client.post(RECOVERY, {"password": f"wrong-{number}", "current": "x"}) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2


@pytest.mark.postgresql
def test_setting_makes_every_user_set_it_up_first(client, writer):
    client.force_login(writer)
    with override_settings(TWO_FACTOR_REQUIRED=True):
        assert client.get(ARTICLES)["Location"] == f"{SET_UP}?{urlencode({'next': ARTICLES})}"
        assert client.get(SET_UP).status_code == 200
        client.post(SET_UP, {"password": "pass", "code": code_of(writer, confirmed=False)})
        assert client.get(ARTICLES).status_code == 200


# --- logging in with it ---


@pytest.mark.parametrize("path", [DESK, ARTICLES, SET_UP, "/admin/no-such-page/", reverse("admin:password_change")])
def test_password_alone_opens_nothing(writer, clock, path):
    with_phone(writer, clock)
    client = logged_in(writer)
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(CODE)


def test_password_alone_lets_no_script_in(writer, clock):
    with_phone(writer, clock)
    client = logged_in(writer)
    response = client.post(PREVIEW, {"content": "x"}, headers={"accept": "application/json"})
    assert response.status_code == 403
    assert "二段階認証" in response.json()["error"]
    assert client.post(RECOVERY).status_code == 302
    assert StaticToken.objects.count() == second_factor.RECOVERY_CODES


@pytest.mark.postgresql
def test_code_leads_on_to_what_was_asked_for(writer, clock):
    with_phone(writer, clock)
    client = logged_in(writer)
    key = client.session.session_key
    response = client.post(f"{CODE}?next={ARTICLES}", {"code": code_of(writer)})
    assert response["Location"] == ARTICLES
    assert client.get(ARTICLES).status_code == 200
    assert client.session.session_key != key


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "javascript:alert(1)"])
def test_code_leads_nowhere_else(writer, clock, target):
    with_phone(writer, clock)
    assert logged_in(writer).post(f"{CODE}?next={target}", {"code": code_of(writer)})["Location"] == DESK


@pytest.mark.postgresql
def test_code_is_accepted_as_people_type_it(writer, clock):
    with_phone(writer, clock)
    code = code_of(writer)
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert logged_in(writer).post(CODE, {"code": f"{wide[:3]} {wide[3:]}"}).status_code == 302


def test_code_is_accepted_once(writer, clock):
    with_phone(writer, clock)
    code = code_of(writer)
    assert logged_in(writer).post(CODE, {"code": code}).status_code == 302
    assert logged_in(writer).post(CODE, {"code": code}).status_code == 200


@pytest.mark.postgresql
def test_recovery_code_opens_the_desk_once(writer, clock):
    codes = with_phone(writer, clock)
    assert logged_in(writer).post(CODE, {"code": codes[0].upper()}).status_code == 302
    assert logged_in(writer).post(CODE, {"code": codes[0]}).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert logged_in(writer).post(CODE, {"code": codes[1]}).status_code == 302


def test_who_guesses_waits_twice_as_long_each_time(writer, clock):
    with_phone(writer, clock)
    client = logged_in(writer)
    waits = []
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
        page = client.post(CODE, {"code": code_of(writer)}).text
        waits.append(int(re.search(r"あと(\d+)秒", page)[1]))
        clock.shift(timedelta(seconds=waits[-1]))
    assert waits[-1] >= 4 * waits[-3]
    assert client.post(CODE, {"code": code_of(writer)}).status_code == 302


@pytest.mark.postgresql
@pytest.mark.parametrize("code", ["", "\x00", "あいうえお", "x" * 10_000, "-1", "1e5", "９" * 6, "' OR 1=1", "²²²²²²"])
def test_odd_code_is_refused(writer, clock, code):
    with_phone(writer, clock)
    assert logged_in(writer).post(CODE, {"code": code}).status_code == 200


def test_code_of_another_user_is_refused(writer, clock):
    with_phone(writer, clock)
    other = make_user("other", role=WRITER)
    codes = with_phone(other, clock)
    for code in (code_of(other), codes[0]):
        assert logged_in(writer).post(CODE, {"code": code}).status_code == 200


def test_session_that_began_before_is_asked_for_a_code_soon(writer, clock):
    client = logged_in(writer)
    assert client.get(DESK).status_code == 200
    with_phone(writer, clock)
    clock.shift(timedelta(minutes=5))
    assert client.get(DESK)["Location"].startswith(CODE)


@pytest.mark.parametrize("required", [False, True])
def test_session_that_began_before_cannot_set_up_a_phone_of_its_own(writer, clock, settings, required):
    settings.TWO_FACTOR_REQUIRED = required
    thief = logged_in(writer)
    with_phone(writer, clock)
    key = TOTPDevice.objects.get(user=writer).key
    assert thief.get(SET_UP)["Location"].startswith(CODE)
    assert thief.post(SET_UP, {"code": "123456"})["Location"].startswith(CODE)
    assert TOTPDevice.objects.get(user=writer).key == key
    assert thief.get(DESK)["Location"].startswith(CODE)


# --- losing it ---


@pytest.mark.postgresql
def test_administrator_lets_a_user_begin_anew(client, writer, clock):
    with_phone(writer, clock)
    client.force_login(make_user("keeper", role=ADMINISTRATOR))
    data = {"action": "remove_second_factor", "_selected_action": [writer.pk]}
    client.post(reverse("admin:auth_user_changelist"), data)
    assert not second_factor.is_set_up(writer)
    assert not StaticToken.objects.exists()
    assert logged_in(writer).get(DESK).status_code == 200


@pytest.mark.postgresql
def test_nobody_takes_the_second_factor_of_a_superuser_away(client, clock):
    chief = make_user("chief", is_superuser=True)
    with_phone(chief, clock)
    client.force_login(make_user("keeper", role=ADMINISTRATOR))
    client.post(
        reverse("admin:auth_user_changelist"), {"action": "remove_second_factor", "_selected_action": [chief.pk]}
    )
    assert second_factor.is_set_up(chief)


def test_secrets_are_nowhere_in_the_admin(client):
    client.force_login(make_user("chief", is_superuser=True))
    for url in ("/admin/otp_totp/totpdevice/", "/admin/otp_static/staticdevice/", "/admin/axes/accessattempt/"):
        assert client.get(url).status_code == 404


def test_stranger_is_sent_to_the_login(client):
    for url in (CODE, SET_UP):
        assert client.get(url)["Location"].startswith(LOGIN)

"""Who fails to log in too often is locked out, from where the trusted proxies say, and for so long."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import override_settings
from django.urls import reverse

from blog.editing.permissions import WRITER
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LOGIN = reverse("admin:login")
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def writer():
    return make_user("writer", role=WRITER)


@pytest.fixture
def log_in(client):
    def log_in(password="wrong", name="writer", address=HERE, **headers):
        data = {"username": name, "password": password}
        return client.post(LOGIN, data, REMOTE_ADDR=address, headers=headers)

    return log_in


def fail(log_in, number, **options):
    return [log_in(**options).status_code for _ in range(number)]


def test_fifth_failure_locks_out_whatever_the_password(log_in):
    assert fail(log_in, 5) == [200] * 4 + [429]
    refused = log_in("pass")
    assert refused.status_code == 429
    assert "15分ほど待ってから" in refused.text
    assert refused["Retry-After"] == "900"
    assert refused["Cache-Control"] == "no-store"
    assert '<html lang="ja">' in refused.text


@pytest.mark.postgresql
def test_lock_ends_after_a_quarter_of_an_hour_however_often_it_was_tried(log_in, clock):
    fail(log_in, 5)
    clock.shift(timedelta(minutes=14))
    assert fail(log_in, 3) == [429] * 3
    clock.shift(timedelta(minutes=2))
    assert log_in("pass").status_code == 302


def test_lock_holds_for_one_user_at_one_address(log_in):
    make_user("other", role=WRITER)
    fail(log_in, 5)
    assert log_in("pass", name="other").status_code == 302
    assert log_in("pass", address=ELSEWHERE).status_code == 302


@pytest.mark.postgresql
def test_login_forgets_the_failures_before_it(log_in, clock):
    for _ in range(3):
        fail(log_in, 4)
        assert log_in("pass").status_code == 302
        clock.shift(timedelta(minutes=1))


def test_unknown_user_is_locked_out_just_the_same(log_in):
    known, unknown = fail(log_in, 6), fail(log_in, 6, name="nobody", address=ELSEWHERE)
    assert known == unknown == [200] * 4 + [429] * 2


@override_settings(FAILURES_PER_ADDRESS=8)
def test_address_that_fails_for_many_users_is_locked_out_for_all(log_in):
    assert [log_in(name=f"user{number}").status_code for number in range(8)] == [200] * 8
    assert log_in("pass").status_code == 429
    assert log_in("pass", address=ELSEWHERE).status_code == 302


@override_settings(FAILURES_PER_ADDRESS=8)
def test_customer_of_ipv6_has_one_address(log_in):
    for number in range(8):
        log_in(name=f"user{number}", address=f"2001:db8:1:2::{number}")
    assert log_in("pass", address="2001:db8:1:2:ffff::1").status_code == 429
    assert log_in("pass", address="2001:db8:1:3::1").status_code == 302


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_header_of_a_client_ends_no_lock(log_in, proxies):
    """Each proxy appends whom it saw; a client may write anything before that."""
    seen = {0: "", 1: f", {HERE}", 2: f", {HERE}, 198.51.100.7"}[proxies]
    with override_settings(TRUSTED_PROXIES=proxies):
        for number in range(5):
            log_in(x_forwarded_for=f"203.0.113.{number}{seen}", user_agent=f"browser {number}")
        assert log_in("pass", x_forwarded_for=f"203.0.113.99{seen}").status_code == 429


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("x" * 1_000, {}),
        ("あ" * 300, {"user_agent": "あ" * 500}),
        ("a\x00b", {}),
        ("\ud800".encode("utf-8", "replace").decode(), {"x_forwarded_for": "\x00"}),
        ("", {"user_agent": ""}),
    ],
)
def test_failure_with_odd_names_and_headers_is_stored_or_refused(log_in, name, headers):
    with override_settings(TRUSTED_PROXIES=1):
        assert {*fail(log_in, 2, name=name, **headers)} == {200}


def test_no_password_is_stored_with_a_failure(log_in):
    log_in("my-real-password-with-a-typo")
    attempt = AccessAttempt.objects.get()
    assert "typo" not in f"{attempt.post_data}{attempt.get_data}"


def test_script_that_asks_for_a_login_gets_no_door_for_other_sites(log_in):
    """axes would answer it in JSON that every origin may read."""
    fail(log_in, 5)
    response = log_in(x_requested_with="XMLHttpRequest")
    assert response.status_code == 429
    assert "Access-Control-Allow-Origin" not in response

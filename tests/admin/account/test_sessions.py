"""How long a login lasts."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.editing.permissions import WRITER
from tests.factories import make_post, make_user

# About when a session ends: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DESK = reverse("admin:index")
NOON = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(client, clock):
    client.force_login(make_user(role=WRITER))
    return client


def test_session_ends_after_eight_hours_without_a_request(desk, clock):
    clock.shift(timedelta(hours=7, minutes=59))
    assert desk.get(DESK).status_code == 200
    clock.shift(timedelta(hours=7, minutes=59))
    assert desk.get(DESK).status_code == 200
    clock.shift(timedelta(hours=8, minutes=1))
    assert desk.get(DESK)["Location"] == f"{reverse('admin:login')}?next={DESK}"


@pytest.mark.postgresql
def test_session_ends_after_seven_days_however_busy(desk, clock):
    for _ in range(7 * 24 // 4):
        clock.shift(timedelta(hours=4))
        assert desk.get(DESK).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert desk.get(DESK).status_code == 302
    assert not Session.objects.exists()


def test_script_is_told_that_the_login_has_ended(desk, clock):
    clock.shift(timedelta(days=8))
    response = desk.post("/admin/markdownx/markdownify/", {"content": "x"}, headers={"accept": "application/json"})
    assert response.status_code == 403
    assert "期限" in response.json()["error"]


def test_session_of_before_these_rules_is_over(desk):
    session = desk.session
    del session["began"]
    session.save()
    assert desk.get(DESK).status_code == 302


def test_busy_session_is_not_written_with_each_request(desk, clock):
    desk.get(DESK)
    clock.shift(timedelta(seconds=200))
    with CaptureQueriesContext(connection) as queries:
        desk.get(DESK)
    assert not [query for query in queries if "django_session" in query["sql"] and "UPDATE" in query["sql"]]


def test_public_page_leaves_the_session_alone(desk, clock):
    make_post()
    clock.shift(timedelta(hours=1))
    response = desk.get("/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")

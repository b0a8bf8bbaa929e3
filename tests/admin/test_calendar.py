"""The calendar of the board: what comes out when, in Tokyo."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from blog.editing.permissions import EDITOR
from tests.factories import make_post, make_user

# About how days are drawn: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
URL = reverse("admin:index")
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)  # a Wednesday, noon in Tokyo


@pytest.fixture
def shown(client):
    with time_machine.travel(NOW, tick=False):
        client.force_login(make_user(role=EDITOR))
        yield lambda **query: client.get(URL, query).context["calendar"]


def entries(found):
    return {day.day.isoformat(): [entry.title for entry in day.entries] for day in found.days if day.entries}


@pytest.mark.postgresql
def test_week_begins_today_and_shows_what_comes_out_in_tokyo(shown):
    make_post("火曜の朝", at=datetime(2026, 11, 30, 15, 0, tzinfo=UTC))
    make_post("火曜の夜", at=datetime(2026, 12, 1, 14, 59, tzinfo=UTC))
    make_post("次の週", at=datetime(2026, 12, 1, 15, 0, tzinfo=UTC))
    found = shown()
    assert [day.day.day for day in found.days] == [25, 26, 27, 28, 29, 30, 1]
    assert [day.weekday for day in found.days] == list("水木金土日月火")
    assert entries(found) == {"2026-12-01": ["火曜の朝", "火曜の夜"]}
    assert [day.is_today for day in found.days].index(True) == 0
    assert found.number == 2
    assert entries(shown(week=found.after[6:16])) == {"2026-12-02": ["次の週"]}


def test_entry_leads_to_the_field_with_its_time(shown, client):
    post = make_post("予約", at=NOW + timedelta(hours=2))
    (entry,) = [entry for day in shown().days for entry in day.entries]
    path, _, field = entry.url.partition("#")
    assert path == reverse("admin:blog_post_change", args=[post.pk])
    assert f'id="{field}"' in client.get(path).content.decode()


def test_month_fills_its_weeks_and_cuts_a_full_day(shown, client):
    for hour in range(5):
        make_post(f"{hour}時", at=NOW + timedelta(days=1, hours=hour))
    found = shown(month="2026-11")
    assert (found.days[0].day, found.days[-1].day) == (date(2026, 11, 1), date(2026, 12, 5))
    assert [day.day.day for day in found.days if day.is_outside] == [1, 2, 3, 4, 5]
    (full,) = [day for day in found.days if day.entries]
    assert (len(full.entries), full.more) == (3, 2)
    assert full.week == "?week=2026-11-26#calendar"
    assert len(entries(shown(week="2026-11-26"))["2026-11-26"]) == 5


def test_past_days_tell_what_was_published_and_lead_to_its_edition(shown, client):
    make_post(at=NOW - timedelta(days=1))
    make_post(at=NOW - timedelta(days=1, hours=1))
    (day,) = [day for day in shown(week="2026-11-22").days if day.published]
    assert (day.day, day.published) == (date(2026, 11, 24), 2)
    assert client.get(day.edition).status_code == 200

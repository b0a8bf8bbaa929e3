from datetime import UTC, date, datetime, timedelta

import pytest

from blog.queries.post_list import Day
from blog.views.archives import calendar_of
from tests.factories import PUBLISHED_AT, make_post, make_scheduled

# About what a page of an archive shows: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def archive():
    """Slug: post. The second is of the evening in UTC, which is the next day in Tokyo."""
    times = {
        "new-year": datetime(2026, 1, 1, 3, tzinfo=UTC),
        "evening": datetime(2026, 3, 31, 16, tzinfo=UTC),
        "noon": PUBLISHED_AT,
        "last-year": datetime(2025, 12, 31, 3, tzinfo=UTC),
    }
    return {slug: make_post(slug=slug, at=at) for slug, at in times.items()}


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("path", "slugs", "heading"),
    [
        ("/2026/04/", ["noon", "evening"], "2026年4月"),
        ("/2026/04/01/", ["noon", "evening"], "2026年4月1日"),
    ],
)
def test_span_holds_the_articles_of_its_days_in_tokyo(client, archive, path, slugs, heading):
    response = client.get(path)
    assert [post.slug for post in response.context["posts"]] == slugs
    assert response.context["heading"] == heading


@pytest.mark.postgresql
@pytest.mark.parametrize("path", ["/2026/", "/0000/", "/authors/"])
def test_page_of_a_year_and_the_index_of_authors_lead_to_the_archive(client, archive, path):
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (301, "/archive/")


def test_month_leads_to_its_days_and_the_months_around_it(client, archive):
    make_post(at=PUBLISHED_AT + timedelta(days=34))
    context = client.get("/2026/04/").context
    assert (context["older"], context["newer"]) == (("2026年1月", "/2026/01/"), ("2026年5月", "/2026/05/"))
    text = client.get("/2026/04/").text
    assert 'href="/2026/04/01/" aria-label="4月1日、2本">1</a>' in text
    assert '<span class="calendar__none">2</span>' in text
    assert client.get("/2026/05/").context["newer"] is None


def test_calendar_gives_the_busiest_day_the_most_ink_and_a_quiet_month_little():
    month, day = date(2026, 2, 1), date(2026, 2, 3)
    weeks = calendar_of(month, [Day(day, 1)])
    assert [len(week) for week in weeks] == [7, 7, 7, 7]
    assert weeks[0][0] == (month, 0, 0)
    assert weeks[0][2] == (day, 1, 1)
    inks = [cell.ink for cell in calendar_of(month, [Day(month, 12), Day(day, 1)])[0]]
    assert inks == [5, 0, 1, 0, 0, 0, 0]
    assert calendar_of(date(2026, 4, 1), [])[0][:3] == [None, None, None]


def test_day_is_an_edition_with_its_number_and_those_around_it(client, archive, time_machine):
    make_scheduled(after=timedelta(days=9))
    context = client.get("/2026/01/01/").context
    assert (context["number"], context["is_today"]) == (2, False)
    assert (context["older"], context["newer"]) == (("12月31日", "/2025/12/31/"), ("4月1日", "/2026/04/01/"))
    text = client.get("/2026/04/01/").text
    assert "第92号" in text
    assert 'rel="next"' not in text
    assert "きょうの紙面 第" not in text
    time_machine.move_to(PUBLISHED_AT)
    assert "きょうの紙面 第92号" in client.get("/2026/04/01/").text


@pytest.mark.postgresql
def test_today_leads_to_the_newest_edition(client, archive):
    make_scheduled()
    response = client.get("/today/")
    assert (response.status_code, response["Location"]) == (302, "/2026/04/01/")
    assert 'href="/today/">最新の紙面</a>' in client.get("/archive/").text  # of months ago, not of today
    assert "きょうの紙面" not in client.get("/archive/").text

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import PUBLISHED_AT, make_post, make_scheduled

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def posts(count, **fields):
    """Newest first, an hour apart."""
    return [make_post(at=PUBLISHED_AT - timedelta(hours=number), **fields) for number in range(count)]


def test_site_without_articles_says_so(client):
    response = client.get("/")
    assert response.status_code == 200
    assert "まだ記事がありません" in response.text
    assert client.get("/?page=2").status_code == 404


def test_page_says_how_old_its_news_is_once_it_is_older_than_a_day(client, time_machine):
    a_day_later = PUBLISHED_AT + timedelta(hours=24)
    time_machine.move_to(a_day_later - timedelta(seconds=1), tick=False)
    posts(12)
    make_scheduled(after=timedelta(minutes=1))
    assert "最終更新" not in client.get("/").text
    time_machine.shift(1)
    expected = '最終更新 <time datetime="2026-04-01T12:00:00+09:00">2026年4月1日</time>'
    assert expected in client.get("/").text


def test_river_says_the_day_once_and_the_time_of_each(client):
    posts(11)
    text = client.get("/").text
    assert text.count('<span class="river__day">4月1日</span>') == 1
    for clock in ("09:00", "08:00", "07:00", "06:00"):
        assert f'<time datetime="2026-04-01T{clock}:00+09:00">{clock}</time>' in text


def test_date_in_the_masthead_is_tokyos(client, time_machine):
    time_machine.move_to(datetime(2026, 4, 1, 15, 30, tzinfo=UTC))  # half past midnight of the 2nd in Tokyo
    text = client.get("/").text
    assert '<time datetime="2026-04-02">2026年4月2日' in text
    assert "木曜日" in text


def test_front_page_leads_to_all_articles_and_has_no_further_pages(client):
    posts(30)
    assert '<a class="more" href="/articles/">すべての記事</a>' in client.get("/").text
    assert client.get("/?page=1")["Location"] == "/"
    for number in ("0", "2", "02", "x", ""):
        assert client.get("/", {"page": number}).status_code == 404

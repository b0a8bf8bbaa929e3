from datetime import UTC, datetime, timedelta

import pytest

from blog.pictures.uploads import store_image
from tests.factories import PUBLISHED_AT, make_category, make_post, make_scheduled
from tests.views.test_media import picture

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def posts(count, **fields):
    """Newest first, an hour apart."""
    return [make_post(at=PUBLISHED_AT - timedelta(hours=number), **fields) for number in range(count)]


def test_site_without_articles_says_so(client):
    response = client.get("/")
    assert response.status_code == 200
    assert "まだ記事がありません" in response.text
    assert client.get("/?page=2").status_code == 404


@pytest.mark.postgresql
def test_newest_article_leads_and_the_next_follow_in_order(client):
    newest = posts(16)
    context = client.get("/").context
    assert context["lead"] == newest[:1]
    assert context["seconds"] == newest[1:3]
    assert context["river"] == newest[3:9]


def test_single_article_leads_and_stands_nowhere_else(client):
    post = make_post("ひとつだけの記事")
    text = client.get("/").text
    assert text.count(post.get_absolute_url()) == 1
    assert "新着" not in text


def test_no_article_stands_twice(client):
    for number in range(3):
        posts(6, category=make_category(f"部門{number}", f"section-{number}"))
    context = client.get("/").context
    by_subject = [post for _, first, others in context["sections"] for post in (first, *others)]
    everything = [*context["lead"], *context["seconds"], *context["river"], *by_subject]
    assert len(everything) == len(set(everything)) == 18


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


def test_section_shows_its_newest_articles_and_an_exhausted_one_is_left_out(client):
    posts(3, category=make_category("新しい部門", "new"))
    older = [
        make_post(at=PUBLISHED_AT - timedelta(days=9, hours=n), category=make_category("部門", "old")) for n in range(9)
    ]
    sections = client.get("/").context["sections"]
    assert [(section.name, [first, *others]) for section, first, others in sections] == [("部門", older[5:9])]


@pytest.mark.postgresql
def test_sections_stand_in_the_editors_order(client):
    posts(12)
    for name, position in (("二", 2), ("一", 1), ("三", 3)):
        make_post(at=PUBLISHED_AT - timedelta(days=9), category=make_category(name, name, position=position))
    assert [section.name for section, _, _ in client.get("/").context["sections"]] == ["市場", "一", "二", "三"]


@pytest.mark.postgresql
def test_scheduled_article_leads_as_soon_as_it_is_due(client, time_machine):
    time_machine.move_to(PUBLISHED_AT)
    make_scheduled("これからの記事", after=timedelta(minutes=5))
    assert "これからの記事" not in client.get("/").text
    time_machine.move_to(PUBLISHED_AT + timedelta(minutes=5))
    assert "これからの記事" in client.get("/").text


def test_date_in_the_masthead_is_tokyos(client, time_machine):
    time_machine.move_to(datetime(2026, 4, 1, 15, 30, tzinfo=UTC))  # half past midnight of the 2nd in Tokyo
    text = client.get("/").text
    assert '<time datetime="2026-04-02">2026年4月2日' in text
    assert "木曜日" in text


def test_lead_shows_its_picture_with_its_size(client):
    image = store_image(picture(), alt="半導体の写真")
    make_post(lead_image=image)
    assert f'src="{image.file.url}" width="8" height="4" alt="半導体の写真"' in client.get("/").text


def test_front_page_leads_to_all_articles_and_has_no_further_pages(client):
    posts(30)
    assert '<a class="more" href="/articles/">すべての記事</a>' in client.get("/").text
    assert client.get("/?page=1")["Location"] == "/"
    for number in ("0", "2", "02", "x", ""):
        assert client.get("/", {"page": number}).status_code == 404

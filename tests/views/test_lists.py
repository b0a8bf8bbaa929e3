"""Sections, tags, authors, and what all lists in pages have in common."""

from datetime import timedelta

import pytest
from django.conf import settings

from blog.models import Tag, TagGroup
from blog.pictures.uploads import store_image
from tests.factories import PUBLISHED_AT, make_author, make_category, make_post
from tests.views.test_media import picture

# About what a list shows of its rows: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def posts(count, **fields):
    return [make_post(at=PUBLISHED_AT - timedelta(hours=number), **fields) for number in range(count)]


# --- pages of a list ---


@pytest.mark.parametrize("page", ["0", "2", "9999", "２", "01", "", "9" * 5_000, "%00"])
def test_page_that_is_not_there_is_a_404_that_helps(client, page):
    posts(1)
    response = client.get(f"/category/markets/?page={page}")
    assert response.status_code == 404
    assert "ページが見つかりません" in response.text


def test_pager_says_from_when_to_when_the_page_goes(client):
    for number in range(70):
        make_post(at=PUBLISHED_AT - timedelta(days=30 * (number // 10), minutes=number))
    links = client.get("/articles/").context["pager"].links
    assert [link.dates for link in links] == ["2026年4月〜2025年12月", ""]
    text = client.get("/articles/?page=2").text
    assert 'aria-label="2ページ（2025年11月〜10月）"' in text
    assert client.get("/2026/04/").context["pager"].links == []


# --- sections ---


def test_newest_article_of_a_section_leads_its_first_page_and_stands_there_once(client):
    newest = posts(52)
    first = client.get("/category/markets/")
    assert first.context["lead"] == newest[:1]
    assert first.context["rows"] == newest[1:6]
    assert first.context["dense"] == newest[6:50]
    assert first.text.count(f'href="{newest[0].get_absolute_url()}"') == 1
    second = client.get("/category/markets/?page=2")
    assert second.context["lead"] == second.context["rows"] == []
    assert second.context["dense"] == newest[50:]


def test_empty_section_is_there_and_says_so(client):
    make_category("空", "empty")
    assert "まだ記事がありません" in client.get("/category/empty/").text


# --- tags ---


def index_of_tags(client, **query):
    index = client.get("/tags/", query).context["index"]
    sections = {str(section.group or ""): [tag.name for tag in section.tags] for section in index.sections}
    return sections, [(tag.name, tag.post_count) for tag in index.others]


@pytest.mark.postgresql
def test_tag_index_shows_groups_in_their_order_and_the_others_on_a_second_page(client):
    company, topic = (TagGroup.objects.create(name=name, position=at) for name, at in (("企業", 2), ("技術", 1)))
    for _ in range(3):
        make_post(tags=["NVIDIA", "Google", "LLM", "投資", "OpenAI"])
    make_post(tags=["Google", "OpenAI", "新顔"])
    TagGroup.objects.create(name="空", position=0)
    Tag.objects.filter(name__in=["NVIDIA", "Google", "OpenAI", "新顔"]).update(group=company)
    Tag.objects.filter(name="NVIDIA").update(position=1)
    Tag.objects.filter(name="LLM").update(group=topic)
    sections, others = index_of_tags(client)
    assert list(sections.items()) == [("技術", ["LLM"]), ("企業", ["NVIDIA", "Google", "OpenAI"]), ("", ["投資"])]
    assert others == [("新顔", 1)]
    first, second = client.get("/tags/").text, client.get("/tags/?page=2").text
    assert "そのほか" in first
    assert 'href="/tags/?page=2">ほかのタグ</a>' in first
    assert "新顔" not in first
    assert "新顔" in second
    assert "NVIDIA" not in second
    assert f'<link rel="canonical" href="{settings.SITE_URL}/tags/?page=2">' in second


def test_a_site_whose_tags_are_all_rare_shows_them_all_on_one_page(client):
    make_post(tags=["半導体", "AI"])
    assert index_of_tags(client) == ({"": ["AI", "半導体"]}, [])
    assert client.get("/tags/?page=2").status_code == 404


@pytest.mark.parametrize("name", ["C++", "C#", "R&D", "日本語 と English", "!?", "ＡＩ"])
def test_tag_with_any_name_has_a_page(client, name):
    post = make_post(tags=[name])
    assert client.get(post.tag_list[0].get_absolute_url()).context["posts"] == [post]


# --- authors ---


def test_author_page_shows_who_they_are_and_what_they_wrote(client):
    image = store_image(picture(), alt="似顔絵")
    author = make_author(
        "調査班", "research", bio="一行目。\n二行目。", avatar=image, links="公式サイト https://example.jp/?a=1&b=2"
    )
    post = make_post(author=author)
    make_post("別の人の記事")
    response = client.get("/authors/research/")
    assert response.context["posts"] == [post]
    for part in (
        "一行目。<br>二行目。",
        f'src="{image.file.url}"',
        'alt="似顔絵"',
        '<a href="https://example.jp/?a=1&amp;b=2" rel="me">公式サイト</a>',
    ):
        assert part in response.text

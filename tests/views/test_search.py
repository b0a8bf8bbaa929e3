"""The page of results: what it shows, how it is narrowed, and what it says when nothing is found."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from blog.editing.renaming import merge_tags
from blog.models import Tag
from blog.search import finding
from blog.search.engine import TooSlow
from blog.views.search import results
from tests.factories import PUBLISHED_AT, make_author, make_category, make_draft, make_post

pytestmark = pytest.mark.django_db


def search(client, question, status=200, **parameters):
    response = client.get("/search/", {"q": question, **parameters})
    assert response.status_code == status
    return response


def titles(response):
    return [hit.post.title for hit in response.context["posts"]]


def narrowed(response):
    """The links that narrow the results, by their words."""
    return {choice.name: choice for kind in response.context["kinds"] for choice in kind.choices}


# --- results ---


def test_word_is_marked_in_a_headline_across_the_ends_of_phrases(client):
    make_post("荷主が変える海運業界の明日｜変える海運の費用と進め方を解説")
    html = search(client, "変える海運").text
    assert "荷主が<wbr><mark>変える<wbr>海運</mark>業界の<wbr>明日" in html
    assert "<mark>変える<wbr>海運</mark>の" in html


@pytest.mark.sqlite
def test_page_of_what_is_named_is_offered_though_particles_stand_behind_it(client):
    make_post("記事", tags=["Amazon Bedrock", "半導体"])
    cases = {"半導体の": "半導体", "amazon bedrockとは？": "Amazon Bedrock", "半導体の 料金": "半導体"}
    for asked, name in cases.items():
        assert [str(item) for item in search(client, asked).context["named"]] == [name]


@pytest.mark.sqlite
def test_row_tells_by_its_label_its_text_or_its_tags_why_it_was_found(client):
    make_post("【生成AI】道具の選び方", excerpt="費用を比べる。")
    make_post("道具の値段", excerpt="道具の値段。", body="はじめに。\n\n1. 生成AIの精度を測る")
    make_post("値段の話", excerpt="安い順に。", tags=["生成AI", "料金"])
    make_post("値段の続報", excerpt="値段の続報。", tags=["生成AI"], body="## 見出し\n\n本文のはじめ。")
    html = search(client, "生成AI").text
    assert '<span class="headline__label"><mark>生成AI</mark></span>' in html
    assert "はじめに。\n<mark>生成AI</mark>の精度を測る</p>" in html
    assert "安い順に。</p>" in html
    assert '<p class="post-row__tags">タグ：<mark>生成AI</mark></p>' in html
    assert html.count("post-row__tags") == 2
    assert "見出し\n本文のはじめ。</p>" in html  # its standfirst says the title again, and is not shown


def test_page_says_which_other_names_were_searched_for_too_and_marks_them(client, monkeypatch):
    post = make_post("NVIDIAの決算")
    found = finding.Found([post.pk], also={"エヌビディア": ["NVIDIA"]})
    monkeypatch.setattr(results, "find", lambda query, **options: found)
    response = search(client, "エヌビディア")
    assert "「NVIDIA」も含めて検索しました。" in response.text
    assert "<mark>NVIDIA</mark>の決算" in response.text


def test_what_the_words_name_is_offered_unless_readers_do_not_know_it(client):
    make_post(
        "投資の記事", tags=["投資", "AI"], author=make_author("田中", "tanaka"), category=make_category("市場", "m")
    )
    make_draft("下書き", tags=["秘密"], author=make_author("匿名", "anonymous"))
    named = search(client, "投資 田中 市場 秘密 匿名").context["named"]
    assert {item.name for item in named} == {"投資", "田中", "市場"}
    assert search(client, "記事").context["named"] == []


@pytest.mark.sqlite
def test_hits_are_paged_and_question_and_filters_stay(client):
    for _ in range(21):
        make_post("投資の&記事")
    make_post("投資の&記事", category=make_category("技術", "technology"))
    response = search(client, "投資 &", section="markets")
    following = response.context["pager"].next
    assert parse_qs(urlsplit(following).query) == {"q": ["投資 &"], "section": ["markets"], "page": ["2"]}
    response = client.get(following)
    assert len(titles(response)) == 1
    assert "named" not in response.context
    search(client, "投資", status=404, page=3)
    moved = search(client, "投資", status=301, page="1")
    assert parse_qs(urlsplit(moved["Location"]).query) == {"q": ["投資"]}


# --- filters ---


@pytest.fixture
def varied():
    other = {"category": make_category("技術", "technology"), "author": make_author("佐藤", "sato")}
    last_year = PUBLISHED_AT - timedelta(days=365)
    make_post("投資A", tags=["株式", "AI"], author=make_author("田中", "tanaka"))
    make_post("投資B", tags=["株式"], at=last_year, **other)
    make_post("投資C", tags=["債券"], at=last_year, **other)


def test_filters_are_links_with_the_number_of_articles_they_leave(client, varied):
    choices = narrowed(search(client, "投資"))
    assert {name: choice.number for name, choice in choices.items()} == {
        "技術": 2,
        "市場": 1,
        "株式": 2,
        "AI": 1,
        "債券": 1,
        "佐藤": 2,
        "田中": 1,
        "2026年": 1,
        "2025年": 2,
    }
    for name, choice in choices.items():
        assert len(titles(client.get(choice.url))) == choice.number, name


def test_filters_are_combined_and_each_is_taken_away_alone(client, varied):
    response = client.get(narrowed(search(client, "投資"))["技術"].url)
    response = client.get(narrowed(response)["債券"].url)
    assert titles(response) == ["投資C"]
    assert narrowed(response) == {}  # nothing narrows one article
    without = {filter.name: filter.url for filter in response.context["chosen"]}
    assert titles(client.get(without["債券"])) == ["投資C", "投資B"]
    assert titles(client.get(without["技術"])) == ["投資C"]
    assert set(without) == {"債券", "技術"}
    assert "外す" in response.text


@pytest.mark.parametrize("name", ["section", "tag", "author"])
@pytest.mark.parametrize("value", ["unknown", "秘密", "a/b", "/", "\t", "'", "%", "あ" * 5_000])
def test_filter_that_names_nothing_that_readers_know_does_not_exist(client, name, value):
    make_draft("下書き", tags=["秘密"], author=make_author("秘密", "秘密"))
    search(client, "投資", status=404, **{name: value})


@pytest.mark.sqlite
def test_filter_by_a_tag_that_was_merged_is_that_of_its_successor(client):
    make_post("人材の記事", tags=["AI人材"])
    make_post("育成の記事", tags=["AI人材育成"])
    merge_tags([Tag.objects.get(name="AI人材育成")], Tag.objects.get(name="AI人材"))
    response = search(client, "記事", tag="ai人材育成")
    assert titles(response) == ["育成の記事", "人材の記事"]
    assert response.context["chosen"][0].name == "AI人材"


def test_search_that_takes_too_long_says_so(client, monkeypatch):
    def find(query, **options):
        raise TooSlow

    make_post("投資")
    monkeypatch.setattr(results, "find", find)
    for page in ({}, {"page": 2}, {"page": 50}):
        response = search(client, "投資", status=503, **page)
        assert "途中でやめました" in response.text
        assert "data-hits" not in response.text
    assert search(client, "投資", status=301, page=1).url == "/search/?q=%E6%8A%95%E8%B3%87"


# --- questions ---


def test_without_a_question_there_is_only_the_form(client):
    make_post("投資")
    for path in ("/search/", "/search/?q=", "/search/?q=%20%E3%80%80", "/search/?section=markets"):
        response = client.get(path)
        assert response.status_code == 200
        assert "data-hits" not in response.text
        assert response.context["posts"] == []
    assert "除くための" in search(client, "-投資").text


def test_long_question_is_cut_and_the_page_says_so(client):
    response = search(client, "あ" * 5_000)
    assert response.context["question"] == "あ" * 100
    assert "あ" * 101 not in response.text
    assert "はじめの100字" in response.text
    assert "はじめの100字" not in search(client, "あ" * 100).text
    assert "8語まで" in search(client, "一 二 三 四 五 六 七 八 九").text

from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.factories import PUBLISHED_AT, make_draft, make_post, make_scheduled

pytestmark = pytest.mark.django_db


def search(client, question, **parameters):
    response = client.get("/search/", {"q": question, **parameters})
    assert response.status_code == 200
    return response


def titles(response):
    return [post.title for post in response.context["posts"]]


def test_articles_are_found_by_their_title_newest_first(client):
    make_post("半導体の投資", at=PUBLISHED_AT - timedelta(days=1))
    make_post("投資の基本")
    make_post("別の話題")
    response = search(client, "投資")
    assert titles(response) == ["投資の基本", "半導体の投資"]
    assert 'data-hits="2"' in response.text


def test_every_word_must_be_in_the_title(client):
    make_post("AIと投資")
    make_post("AIと規制")
    assert titles(search(client, "投資　AI")) == ["AIと投資"]


@pytest.mark.parametrize("question", ["ai", "AI", "ＡＩ", "  ai  "])
def test_case_and_width_of_the_question_do_not_matter(client, question):
    make_post("AIと投資")
    assert titles(search(client, question)) == ["AIと投資"]


@pytest.mark.parametrize("title", ["信託報酬0.1％と1.0％の差", "GPU（半導体）：なぜ高い？", "ＡＩ・投資！"])
def test_title_copied_to_the_character_is_found(client, title):
    make_post(title)
    assert titles(search(client, title)) == [title]


def test_unpublished_articles_are_neither_found_nor_counted(client):
    make_draft("投資の下書き")
    make_scheduled("投資の予定")
    assert 'data-hits="0"' in search(client, "投資").text


def test_without_a_question_there_is_only_the_form(client):
    make_post("投資")
    for path in ("/search/", "/search/?q=", "/search/?q=%20%E3%80%80"):
        response = client.get(path)
        assert response.status_code == 200
        assert "data-hits" not in response.text
        assert response.context["posts"] == []


def test_question_without_hits_says_so(client):
    response = search(client, "ありません")
    assert 'data-hits="0"' in response.text
    assert "見つかりませんでした" in response.text


def test_hits_are_paged_and_the_question_stays(client):
    for _ in range(21):
        make_post("投資の&記事")
    response = search(client, "投資 &")
    assert response.context["pager"].next == f"/search/?q={quote('投資')}+%26&page=2"
    assert len(titles(search(client, "投資", page=2))) == 1
    assert client.get("/search/?q=a&page=2").status_code == 404
    moved = client.get("/search/", {"q": "投資", "page": "1"})
    assert (moved.status_code, moved["Location"]) == (301, f"/search/?q={quote('投資')}")


def test_long_question_is_cut(client):
    response = search(client, "あ" * 5_000)
    assert response.context["question"] == "あ" * 100
    assert "あ" * 101 not in response.text


@pytest.mark.parametrize(
    "question",
    ["%", "_", "\\", "'", '"', "' OR 1=1 --", "<script>alert(1)</script>", "\x00", "a\x00b", "\ufffe", "🗾", "( ) * ^"],
)
def test_hostile_question_finds_nothing_and_breaks_nothing(client, question):
    make_post("投資の記事")
    response = search(client, question)
    assert titles(response) == []
    assert "<script>alert" not in response.text


def test_many_words_are_one_bounded_query(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert titles(search(client, "あ い " * 2_000)) == []


def test_broken_encoding_in_the_question_is_answered(client):
    assert client.get("/search/?q=%FF%E3%81").status_code == 200

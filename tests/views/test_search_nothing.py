"""What the page of results says when nothing is found: what comes nearest."""

import pytest

from blog.editing.tags import set_spellings
from blog.models import Tag
from blog.text.phrases import BOUND
from tests.factories import make_post
from tests.views.test_search import search

pytestmark = pytest.mark.django_db


def test_where_nothing_is_found_the_nearest_is_and_the_page_says_what_was_left_out(client):
    make_post("投資の基本")
    make_post("ハルシネーションとは")
    response = search(client, "投資 宇宙エレベーター")
    assert 'data-hits="0"' in response.text
    assert [hit.post.title for hit in response.context["nearest_hits"]] == ["投資の基本"]
    assert "「宇宙エレベーター」を除いて検索した結果です。" in response.text
    response = search(client, "ハルシネイション")
    assert "「ハルシネイション」を「ハルシネ」に縮めて検索した結果です。" in response.text
    response = search(client, "投資 -基本")
    assert f"「-{BOUND}基本」を除いて" in response.text


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("asked", "shortened"),
    [
        ("AIエージェントの導入で失敗しないためにはどうすればよいですか？", "aiエージェント 導入 失敗"),
        ("欧州AI法", "欧州 ai"),
        ("サムアルトマン", "アルトマン"),
    ],
)
def test_of_a_question_without_hits_its_words_are_looked_for(client, asked, shortened):
    make_post(
        "AIエージェント導入の失敗", body="欧州の話と2030年の市場の規模と市場規模。GPT-5とGPT-5.1とサム・アルトマン。"
    )
    response = search(client, asked)
    assert response.context["nearest"].shortened == [(asked.lower().replace("？", "?"), shortened)]
    assert len(response.context["nearest_hits"]) == 1


@pytest.mark.parametrize("asked", ["7203", "1,000億ドル", "3,000社", "Geminis", "歯医者", "アンソロピック"])
def test_no_part_of_a_number_or_of_a_latin_word_is_looked_for(client, asked):
    make_post("720円と2,000億ドルと4,000社のGeminiは医者のトピック")
    assert search(client, asked).context["nearest"] is None


def test_tags_that_are_spelt_alike_are_offered(client):
    make_post("記事", tags=["NVIDIA", "半導体"])
    assert not search(client, "NISA").context["like_tags"]
    response = search(client, "nvidea")
    assert [tag.name for tag in response.context["like_tags"]] == ["NVIDIA"]
    set_spellings(Tag.objects.get(name="NVIDIA"), ["エヌビディア"])
    assert [tag.name for tag in search(client, "エヌビデア").context["like_tags"]] == ["NVIDIA"]
    assert "似た名前のタグ" in response.text

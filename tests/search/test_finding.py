"""What a search finds, in what order, and for whom."""

from datetime import timedelta

import pytest

from blog.editing.tags import set_spellings
from blog.models import Post, Tag
from blog.search import postgresql
from blog.search.engine import TooSlow
from blog.search.finding import Filters, facets_of, find
from blog.search.query import parse
from tests.factories import (
    PUBLISHED_AT,
    make_author,
    make_category,
    make_draft,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
)

pytestmark = pytest.mark.django_db


def titles(question: str, **options):
    found = find(parse(question), **options)
    posts = Post.objects.in_bulk(list(found.keys))
    return [posts[key].title for key in found.keys]


@pytest.mark.parametrize(
    ("question", "is_found"),
    [
        ("投資", True),
        ("ＡＩ", True),
        ("RAI", False),
        ("生成AIの活用", True),
        ("活用の", False),
        ("｢生成AI｣", True),
        ("ｻｰﾊﾞｰ", True),
        ('"GPT 4"', False),
        ("100%", True),
        ("投資 -株", False),
        ("machine learning", True),
        ("半導体", True),
        ("リード", True),
        ("見出し", True),
        ("隠し", False),
        ("信託投資", False),
    ],
)
def test_article_is_found_by_its_title_tags_excerpt_and_body(question, is_found):
    body = "## 見出し\n\n生成 AIの活用と株の投資信託、C++とGPT-4で100%。\n\nmachine learning <!-- 隠し -->\n"
    make_post("新しいサーバー", tags=["半導体"], excerpt="リード文。", body=body)
    assert bool(titles(question)) is is_found


def test_titles_come_first_then_heads_then_bodies_and_the_newest_within_each():
    day = timedelta(days=1)
    make_post("本文だけ", body="投資とAI。\n", at=PUBLISHED_AT + 5 * day)
    make_post("タグだけ", tags=["投資"], excerpt="AIです。", at=PUBLISHED_AT + 3 * day)
    make_post("リードに投資", excerpt="AIです。", at=PUBLISHED_AT + 4 * day)
    make_post("投資とAI、古い", at=PUBLISHED_AT)
    make_post("AIと投資、新しい", at=PUBLISHED_AT + day)
    make_post("どちらでもない", at=PUBLISHED_AT + 6 * day)
    in_order = ["AIと投資、新しい", "投資とAI、古い", "リードに投資", "タグだけ", "本文だけ"]
    assert titles("投資 AI") == in_order


def test_only_the_desk_finds_what_is_not_public():
    for maker in (make_draft, make_in_review, make_scheduled, make_unpublished, make_post):
        maker(f"投資 {maker.__name__}")
    assert titles("投資") == ["投資 make_post"]
    assert len(titles("投資", among=Post.objects.all())) == 5


def test_filters_combine_and_facets_count_what_was_found():
    section, author = make_category("政策", "policy"), make_author("記者", "writer")
    make_post("投資1", category=section, author=author, tags=["株", "債券"])
    make_post("投資2", category=section, tags=["株"], at=PUBLISHED_AT - timedelta(days=400))
    make_post("投資3", author=author)
    make_post("別の話", tags=["株"])
    tag = Tag.objects.get(name="株")
    assert titles("投資", filters=Filters(category=section.pk, tag=tag.pk, year=2025)) == ["投資2"]
    assert titles("投資", filters=Filters(author=author.pk, tag=tag.pk)) == ["投資1"]
    facets = facets_of(find(parse("投資")))
    assert [(str(value), number) for value, number in facets.sections] == [("政策", 2), ("市場", 1)]
    assert [(str(value), number) for value, number in facets.tags] == [("株", 2), ("債券", 1)]
    assert [(str(value), number) for value, number in facets.authors] == [("記者", 2), ("編集部", 1)]
    assert facets.years == [(2026, 2), (2025, 1)]


@pytest.mark.parametrize(
    ("asked", "found", "others"),
    [
        ("カスタマー", ["カスタマー対応", "カスタマの声", "カスタマ"], ["カスタマイズ", "カスタマリング"]),
        ("サーバーの費用", ["サーバの費用", "新サーバーの費用"], ["サーバルの費用", "サーバ費用"]),
        ("サーバ", ["サーバ", "サーバーの費用", "サーバル"], ["サーブ"]),
        ("ウエブ", ["ウェブの歴史", "ウエブの歴史"], ["ウェーブ"]),
        ("2025～2026年", ["2025〜2026年の株", "2025~2026年"], ["2025年、2026年"]),
        ("GPT-4", ["GPT‐4の力", "GPT−4"], ["GPT 4"]),
    ],
)
def test_other_ways_to_write_a_word_are_found_and_other_words_are_not(asked, found, others):
    for title in [*found, *others]:
        make_post(title)
    assert {*titles(asked)} == {*found}
    assert titles(f"{found[0]} -{asked}") == []


def test_tag_is_found_by_all_its_names_and_the_answer_says_so():
    make_post("エヌビディアの決算")
    make_post("決算", tags=["NVIDIA"])
    set_spellings(Tag.objects.get(name="NVIDIA"), ["エヌビディア", "輝達"])
    assert len(titles("nvidia")) == len(titles("エヌビディア")) == 2
    assert find(parse("エヌビディア 決算")).also == {"エヌビディア": ["NVIDIA", "輝達"]}
    assert find(parse("決算 -エヌビディア")).keys == []
    assert titles('"エヌビディア"') == ["エヌビディアの決算"]
    assert find(parse('"エヌビディア"')).also == {}


def test_tag_that_readers_do_not_know_lends_them_no_name():
    draft, post = make_draft("決算", tags=["極秘計画"]), make_post("噂とオリオン買収")
    later = make_scheduled("合併", tags=["来月の計画"])
    set_spellings(Tag.objects.get(name="極秘計画"), ["オリオン買収"])
    set_spellings(Tag.objects.get(name="来月の計画"), ["カシオペア"])
    for name in ("オリオン買収", "極秘計画", "カシオペア", "来月の計画"):
        assert find(parse(name)).also == {}
    assert find(parse("噂 -極秘計画")).keys == [post.pk]
    assert {*find(parse("オリオン買収"), among=Post.objects.all()).keys} == {draft.pk, post.pk}
    assert find(parse("カシオペア"), among=Post.objects.all()).keys == [later.pk]


@pytest.mark.postgresql
def test_search_that_takes_too_long_is_given_up(settings, monkeypatch):
    make_post("投資")
    slow = postgresql.SEARCH.replace("{conditions}", "pg_sleep(5) IS NOT NULL AND {conditions}")
    monkeypatch.setattr(postgresql, "SEARCH", slow)
    settings.STATEMENT_TIMEOUT = 1
    with pytest.raises(TooSlow):
        find(parse("投資"))

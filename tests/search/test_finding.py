"""What a search finds, in what order, and for whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.editing.tags import set_spellings
from blog.models import Post, Tag
from blog.search import postgresql
from blog.search.conditions import Condition, TooSlow
from blog.search.finding import Filters, facets_of, find
from blog.search.query import parse
from blog.text.japanese import normalise
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
        ("株", True),
        ("ＡＩ", True),
        ("ai", True),
        ("RAI", False),
        ("生成AIの活用", True),
        ("生成 AI", True),
        ("活用の", False),
        ("｢生成AI｣", True),
        ("ｻｰﾊﾞｰ", True),
        ("GPT-4", True),
        ("GPT 4", True),
        ('"GPT 4"', False),
        ("GPT-5", False),
        ("C++", True),
        ("C#", False),
        ("100%", True),
        ("投資 -株", False),
        ("投資 -Google", True),
        ("machine learning", True),
        ('"machine learning"', True),
        ('"learning machine"', False),
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
    assert len(titles("投資", drafts=True)) == 5


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


def test_number_of_hits_is_exact_up_to_a_limit():
    for number in range(3):
        make_post(f"投資{number}")
    assert find(parse("投資"), most=3).is_exact
    few = find(parse("投資"), most=2)
    assert (few.total, few.is_exact) == (2, False)


def test_titles_come_first_however_few_articles_are_asked_for():
    make_post("投資", at=PUBLISHED_AT - timedelta(days=9))
    for number in range(3):
        make_post(f"別の話{number}", body="投資。\n")
    assert [len(find(parse("投資"), most=most).keys) for most in (1, 2, 9)] == [1, 2, 4]
    assert titles("投資", most=1) == ["投資"]


@pytest.mark.postgresql
def test_word_of_many_titles_is_answered_by_the_titles_alone(monkeypatch):
    monkeypatch.setattr(postgresql, "SAMPLE", 3)
    monkeypatch.setattr(postgresql, "SMALL", 0)
    for number in range(3):
        make_post(f"投資{number}")
    with CaptureQueriesContext(connection) as asked:
        assert not find(parse("投資"), most=2).is_exact
    index = [query["sql"] for query in asked if "blog_searchdocument" in query["sql"]]
    assert len(index) == 2  # a sample, and the answer
    assert not [sql for sql in index if "blog_search_tokens" in sql]


@pytest.mark.postgresql
def test_small_archive_is_asked_by_its_candidates_alone(monkeypatch):
    monkeypatch.setattr(postgresql, "SAMPLE", 3)
    monkeypatch.setattr(postgresql, "SMALL", 3)
    for number in range(3):
        make_post(f"投資{number}")
    assert postgresql.shares(Condition([["投資"]], [], [], None)) == (0, 0, 0)
    make_post("投資3")
    assert postgresql.shares(Condition([["投資"]], [], [], None)) == (1, 1, 1)


@pytest.mark.postgresql
def test_word_of_the_newest_articles_is_found_in_the_old_ones_too(monkeypatch):
    monkeypatch.setattr(postgresql, "SAMPLE", 2)
    monkeypatch.setattr(postgresql, "SMALL", 0)
    for number in range(9):
        make_post(f"投資{number}" if number in (0, 7, 8) else "別の話", at=PUBLISHED_AT + timedelta(days=number))
    assert titles("投資", most=2) == ["投資8", "投資7"]
    assert titles("投資", most=3) == ["投資8", "投資7", "投資0"]


@pytest.mark.postgresql
@pytest.mark.parametrize("share", [0, 1])
def test_what_titles_have_answered_is_not_looked_for_in_texts_again(share):
    *texts, title = *(make_post("別の話", body="投資。\n") for _ in range(3)), make_post("投資")
    hits = postgresql.search(Condition([["投資"]], [], [], None), 2, 3, share, [title.pk])
    assert [hit.key for hit in hits] == [post.pk for post in texts[:0:-1]]


@pytest.mark.postgresql
@pytest.mark.parametrize("asked", ["年金の規制 -サーバー", "年金の規制 -NVIDIA", "サーバーの規制 -NVIDIA -メモリー"])
def test_index_alone_tells_which_texts_may_have_an_unwanted_word(asked):
    make_post("年金の規制", tags=["NVIDIA"])
    set_spellings(Tag.objects.get(name="NVIDIA"), ["エヌビディア"])
    plans = []

    def explain(execute, sql, params, many, context):
        if "blog_search_tokens" in sql and not sql.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                plans.extend(line for (line,) in cursor.fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        find(parse(asked))
    assert [line for line in plans if "blog_search_tokens" in line]
    assert not [line for line in plans if "Filter" in line and "blog_search_tokens" in line]


def test_unwanted_katakana_is_left_out_in_its_other_spellings():
    for title in ("決算とサーバ", "決算とサーバー", "決算とサーバント"):
        make_post(title)
    assert titles("決算 -サーバー") == ["決算とサーバント"]


def test_katakana_is_found_in_its_other_spellings():
    make_post("サーバとヴァイオリン")
    assert titles("サーバー バイオリン")
    assert not titles("サーバー", other_spellings=False)


def test_index_is_not_asked_for_a_spelling_that_contains_another():
    make_post("決算", tags=["NVIDIA"])
    set_spellings(Tag.objects.get(name="NVIDIA"), ["NVIDIA社員"])
    with CaptureQueriesContext(connection) as asked:
        find(parse("NVIDIA社員"))
    index = [query["sql"] for query in asked if "blog_searchdocument" in query["sql"]]
    assert index
    assert not [sql for sql in index if "社員" in sql]


@pytest.mark.parametrize(
    ("asked", "found", "others"),
    [
        ("カスタマー", ["カスタマー対応", "カスタマの声", "カスタマ"], ["カスタマイズ", "カスタマリング"]),
        ("クラスター", ["GPUクラスタ構築", "クラスタ、クラスター"], ["クラスタリング"]),
        ("サーバーの費用", ["サーバの費用", "新サーバーの費用"], ["サーバルの費用", "サーバ費用"]),
        ("サーバ費用", ["サーバー費用", "サーバ費用"], ["サーバーの費用"]),
        ("サーバ", ["サーバ", "サーバーの費用", "サーバル"], ["サーブ"]),
        ("ウエブ", ["ウェブの歴史", "ウエブの歴史"], ["ウェーブ"]),
        ("ウエアラブル", ["ウェアラブル端末"], ["ウェア"]),
        ("2025～2026年", ["2025〜2026年の株", "2025~2026年"], ["2025年、2026年"]),
        ("GPT-4", ["GPT‐4の力", "GPT−4"], ["GPT 4"]),
    ],
)
def test_other_ways_to_write_a_word_are_found_and_other_words_are_not(asked, found, others):
    for title in [*found, *others]:
        make_post(title)
    assert {*titles(asked)} == {*found}
    assert titles(f"{found[0]} -{asked}") == []


def test_shorter_spelling_is_ranked_by_where_it_stands():
    inside, head = make_post("導入例", body="カスタマの声。"), make_post("カスタマ対応")
    make_post("カスタマイズ", body="ほかの話。")
    assert find(parse("カスタマー")).keys == [head.pk, inside.pk]


def test_tag_whose_name_has_several_words_is_found_by_all_its_names():
    named, tagged = make_post("アマベドの料金"), make_post("料金", tags=["Amazon Bedrock"])
    apart = make_post("Bedrock と Amazon の料金")
    make_post("Amazonの料金")
    set_spellings(Tag.objects.get(name="Amazon Bedrock"), ["アマベド"])
    assert {*find(parse("amazon　Bedrock 料金")).keys} == {named.pk, tagged.pk, apart.pk}
    assert find(parse("料金 amazon bedrock")).also == {"amazon": ["アマベド"], "bedrock": ["アマベド"]}
    assert find(parse('"amazon" bedrock')).also == {}


def test_tag_is_found_by_all_its_names_and_the_answer_says_so():
    make_post("エヌビディアの決算")
    make_post("決算", tags=["NVIDIA"])
    set_spellings(Tag.objects.get(name="NVIDIA"), ["エヌビディア", "輝達"])
    assert len(titles("nvidia")) == len(titles("エヌビディア")) == 2
    assert find(parse("エヌビディア 決算")).also == {"エヌビディア": ["NVIDIA", "輝達"]}
    assert find(parse("決算 -エヌビディア")).keys == []
    assert titles('"エヌビディア"') == ["エヌビディアの決算"]
    assert find(parse('"エヌビディア"')).also == {}


@pytest.mark.parametrize("asked", ["élan.ai", "ÉLAN.AI", "Élan.ai"])
def test_case_of_a_tag_beyond_ascii_does_not_matter(asked):
    make_post("決算", tags=["Élan.AI"])
    make_post("エランの決算", tags=["Élan AI"])
    set_spellings(Tag.objects.get(name="Élan.AI"), ["エラン"])
    assert find(parse(asked)).also == {"élan.ai": ["エラン"]}
    assert len(titles(asked)) == 2


def test_tag_that_readers_do_not_know_lends_them_no_name():
    draft, post = make_draft("決算", tags=["極秘計画"]), make_post("噂とオリオン買収")
    later = make_scheduled("合併", tags=["来月の計画"])
    set_spellings(Tag.objects.get(name="極秘計画"), ["オリオン買収"])
    set_spellings(Tag.objects.get(name="来月の計画"), ["カシオペア"])
    for name in ("オリオン買収", "極秘計画", "カシオペア", "来月の計画"):
        assert find(parse(name)).also == {}
    assert find(parse("噂 -極秘計画")).keys == [post.pk]
    assert {*find(parse("オリオン買収"), drafts=True).keys} == {draft.pk, post.pk}
    assert find(parse("カシオペア"), drafts=True).keys == [later.pk]


@pytest.mark.postgresql
def test_index_narrows_however_many_names_a_term_has():
    make_post("投資", tags=["投資"])
    set_spellings(Tag.objects.get(name="投資"), [2 * chr(0x4E00 + number) for number in range(30)])
    with CaptureQueriesContext(connection) as asked:
        assert titles("投資") == ["投資"]
    assert not [query for query in asked if "@> '{}'" in query["sql"]]


@pytest.mark.parametrize("drafts", [False, True])
def test_search_asks_as_much_however_many_articles_there_are(drafts):
    make_post("投資")
    with CaptureQueriesContext(connection) as few:
        facets_of(find(parse("投資 AI -株"), drafts=drafts))
    for number in range(5):
        make_post(f"投資{number} AI", tags=[f"タグ{number}"])
    with CaptureQueriesContext(connection) as many:
        facets_of(find(parse("投資 AI -株"), drafts=drafts))
    assert len(few) <= len(many) <= 12


HOSTILE = [
    "\x00",
    "\ud800",
    "a" * 10_000,
    "あ" * 10_000,
    "語 " * 5_000,
    "-語 " * 5_000,
    "\u0301" * 10_000,
    'NEAR(投資 株, 2) OR title:投資 * ^投資 + "',
    "投資:* & !株 | (株 <-> 投資)",
    "%投資_ \\% ''; DROP TABLE blog_post; --",
    '"' * 99,
    "「" * 99,
    "{title} : 投資",
    "-",
    "- - -",
    "　",
]


@pytest.mark.parametrize("question", HOSTILE)
def test_hostile_question_is_answered(question):
    make_post("題", body=normalise("".join(dict.fromkeys(question))) + "\n")
    assert len(find(parse(question)).keys) <= 1


@pytest.mark.postgresql
def test_search_that_takes_too_long_is_given_up(settings, monkeypatch):
    make_post("投資")
    monkeypatch.setattr(postgresql, "COLUMNS", ("title", "head", "body || pg_sleep(5)"))
    settings.STATEMENT_TIMEOUT = 1
    with pytest.raises(TooSlow):
        find(parse("投資"))


@pytest.mark.postgresql
@pytest.mark.parametrize(("of_the_site", "of_a_search"), [(0, "5s"), (2, "2s"), (20, "5s")])
def test_search_has_a_limit_where_the_site_has_none(settings, of_the_site, of_a_search):
    settings.STATEMENT_TIMEOUT = of_the_site  # 0 behind a PgBouncer
    with postgresql.searching(), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (of_a_search,)


@pytest.mark.postgresql
def test_search_leaves_no_setting_behind():
    find(parse("投資"))
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)


@pytest.mark.postgresql
def test_spellings_that_differ_at_the_end_are_asked_for_together_first():
    make_post("サーバーの話")
    with CaptureQueriesContext(connection) as queries:
        assert titles("サーバー") == ["サーバーの話"]
    assert any("'サーバ') > 0 AND (" in query["sql"] for query in queries)


@pytest.mark.postgresql
def test_search_is_not_compiled():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = on")
        with postgresql.searching():
            cursor.execute("SHOW jit")
            assert cursor.fetchone() == ("off",)
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("on",)

"""Warnings about title and excerpt."""

from datetime import date

import pytest

from blog.text.desk import Draft, HouseWords, World
from blog.text.desk.front_matter import shared_tails
from tests.text.desk.asking import findings

SPRING, DECEMBER = date(2026, 4, 1), date(2026, 12, 1)
TAILS = World(words=HouseWords(tails=("の現在地と展望", "が変える明日", "｜徹底ガイド", "によるコスト削減")))


@pytest.mark.parametrize(
    "title",
    [
        "あ" * 33,
        "GPU and memory prices, and what they mean for the data centres of small publishers",
    ],
)
def test_long_title_is_found(title):
    assert len(findings("title_long", Draft(title=title))) == 1


@pytest.mark.parametrize(
    "title",
    [
        "あ" * 32,
        "a" * 64,
        "",
    ],
)
def test_title_of_thirty_two_full_width_characters_is_not_long(title):
    assert findings("title_long", Draft(title=title)) == []


@pytest.mark.parametrize(
    "title",
    [
        "電力不足は計算の値段をどう変えるのか？の現在地と展望",
        "なぜ翻訳は安くなったのかの現在地と展望",
        "物流を自動化する 3つの手順を読み解くによるコスト削減",
    ],
)
def test_stock_tail_behind_a_finished_title_is_found(title):
    assert len(findings("title_suffix", Draft(title=title), TAILS)) == 1


@pytest.mark.parametrize(
    "title",
    [
        "生成AIが変える明日",
        "電力市場の現在地と展望",
        "の現在地と展望",
        "電力不足は計算の値段をどう変えるのか？",
    ],
)
def test_tail_that_ends_the_sentence_is_no_stock_tail(title):
    assert findings("title_suffix", Draft(title=title), TAILS) == []


def test_tail_is_found_only_if_it_is_on_the_houses_list():
    title = "電力不足は計算の値段をどう変えるのか？の現在地と展望"
    assert findings("title_suffix", Draft(title=title), World(words=HouseWords(tails=("の行方", "")))) == []


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("2027年電力会社がデータセンターに投資する理由", SPRING),
        ("【2025年版】社内検索の作り方", SPRING),
        ("2027年中国の電力はどこへ向かうか", SPRING),
        ("【2028年版】社内検索の作り方", DECEMBER),
    ],
)
def test_year_stamp_that_is_not_the_articles_is_found(title, day):
    (finding,) = findings("year", Draft(title=title, day=day))
    assert f"{day.year}年" in finding.message


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("2026年電力会社がデータセンターに投資する理由", SPRING),
        ("2030年の電力需要を読む", SPRING),
        ("2020年代の電力を振り返る", SPRING),
    ],
)
def test_year_that_the_title_speaks_of_is_no_stamp(title, day):
    assert findings("year", Draft(title=title, day=day)) == []


FAIR = "2024年国際見本市の跡地を歩く"


@pytest.mark.parametrize(
    ("excerpt", "body"),
    [
        ("見本市が終わり、更地が残った。", f"見本市が終わり、更地が残った。{'地図を見る。' * 200}2024年のことである。"),
        ("国際見本市の跡地を歩く", "2024年に見本市が終わり、更地が残った。"),
        ("2024年に見本市が終わった。", "国際見本市の跡地を歩く\n\n見本市が終わり、更地が残った。"),
    ],
)
def test_year_that_stands_in_the_title_only_is_a_stamp(excerpt, body):
    assert len(findings("year", Draft(title=FAIR, excerpt=excerpt, body=body, day=SPRING))) == 1


BODY = "蓄電池の価格は十年で八割下がり、家庭用の設備でも元が取れる年数が短くなった。次に問われるのは置き場所である。\n"


@pytest.mark.parametrize(
    "excerpt",
    [
        "本記事では、蓄電池の選び方と費用を解説します。",
        "タイトル：蓄電池はどこに置くのか",
        "蓄電池の価格は十年で八割下がり、家庭用の設備でも元が取れる年数が短くなった。次に",
    ],
)
def test_excerpt_that_nobody_wrote_is_found(excerpt):
    assert len(findings("excerpt_template", Draft(title="題", excerpt=excerpt, body=BODY))) == 1


@pytest.mark.parametrize(
    "excerpt",
    [
        "蓄電池の価格は十年で八割下がった。残る問題は置き場所である。",
        "紹介制度が終わると、家庭用蓄電池の販売は半分になった。",
        "置き場所が決まらない",
        "",
    ],
)
def test_excerpt_that_says_something_passes(excerpt):
    assert findings("excerpt_template", Draft(title="題", excerpt=excerpt, body=BODY)) == []


def test_tails_behind_a_finished_sentence_that_many_titles_share_are_told():
    titles = [f"電力{number}は足りるのか？の最新動向" for number in range(5)]
    others = [f"電力{number}の最新動向" for number in range(9)] + [f"立地{number}は？の行方" for number in range(4)]
    asking = [f"誰が払うのか？{number}つの答え" for number in range(9)] + ["「誰が払うのか？」"] * 9
    assert shared_tails([*titles, *others, *asking]) == [("の最新動向", 5)]

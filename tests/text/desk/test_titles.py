"""Headlines found again inside titles that were lengthened."""

import pytest

from blog.text.desk import HouseWords
from blog.text.desk.titles import propose, shared_tails

WORDS = HouseWords(tails=("がもたらす産業構造の転換", "の最新動向と企業への影響"))
HEADLINE = "電力は計算資源の拡大に足りるのか？"
TOLD = f"{HEADLINE} 立地の選び方から考える。"


def proposed(title: str, *, excerpt: str = "", first: str = "", related: tuple[str, ...] = (), year: int = 2025):
    return propose(title, excerpt, first, related, WORDS, year)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        (f"{HEADLINE}がもたらす産業構造の転換", HEADLINE),
        (f"2026年{HEADLINE}がもたらす産業構造の転換", HEADLINE),
        (f"【2026年版】{HEADLINE}の最新動向と企業への影響", HEADLINE),
        (f"2026年{HEADLINE}", HEADLINE),
        (f"{HEADLINE}の知られざる全貌", HEADLINE),
        (f"2025年{HEADLINE}がもたらす産業構造の転換", HEADLINE),
        ("2026年電力は計算資源の拡大（甲・乙）の最新動向と企業への影響", HEADLINE),
    ],
)
@pytest.mark.parametrize("where", [{"excerpt": HEADLINE}, {"first": f"## {HEADLINE}"}, {"first": HEADLINE}])
def test_headline_that_a_text_holds_is_proposed(title, headline, where):
    assert proposed(title, **where) == headline


def test_headline_may_begin_a_longer_text_or_stand_in_a_related_list():
    title = f"2026年{HEADLINE}がもたらす産業構造の転換"
    assert proposed(title, excerpt=TOLD) == HEADLINE
    assert proposed(title, first=TOLD) == HEADLINE
    assert proposed(title, related=(HEADLINE,)) == HEADLINE


@pytest.mark.parametrize(
    ("title", "where"),
    [
        (HEADLINE, {"first": HEADLINE}),
        (f"2025年{HEADLINE}", {"first": HEADLINE}),
        (f"2026年{HEADLINE}がもたらす産業構造の転換", {"first": "本稿では電力の問題を取り上げる。"}),
        (f"2026年{HEADLINE}がもたらす産業構造の転換", {}),
        (f"{HEADLINE}がもたらす産業構造の転換", {"first": f"{HEADLINE}がもたらす産業構造の転換"}),
        (f"2026年{HEADLINE}", {"first": f"2026年{HEADLINE}"}),
        ("2030年代の電力を考える", {"first": "代の電力を考える"}),
        ("2026年3月の電力を考える", {"first": "3月の電力を考える"}),
        ("2026年電力は計算資源の拡大（甲・乙）の話", {"first": HEADLINE}),
        (f"{HEADLINE}2026年の需要から読む", {"first": TOLD}),
        ("電力がもたらす産業構造の転換", {"first": "電力がもたらすもの"}),
        (
            "2026年申し訳ありませんが情報が見つかりませんでした。の最新動向と企業への影響",
            {"first": "申し訳ありませんが情報が見つかりませんでした。"},
        ),
        ("", {"first": HEADLINE}),
        ("の最新動向と企業への影響", {"first": HEADLINE}),
    ],
)
def test_nothing_is_proposed_without_proof_or_need(title, where):
    assert proposed(title, **where) is None


def test_no_year_is_false_while_the_article_has_none():
    assert propose(f"2026年{HEADLINE}", "", HEADLINE, (), WORDS, None) is None


def test_tails_behind_a_finished_sentence_that_many_titles_share_are_told():
    titles = [f"電力{number}は足りるのか？の最新動向" for number in range(5)]
    others = [f"電力{number}の最新動向" for number in range(9)] + [f"立地{number}は？の行方" for number in range(4)]
    asking = [f"誰が払うのか？{number}つの答え" for number in range(9)]
    assert shared_tails([*titles, *others, *asking]) == [("の最新動向", 5)]


def test_brackets_behind_a_question_are_no_tail():
    assert shared_tails(["「誰が払うのか？」", "（払うのか？）", "誰が払うのか？"] * 9) == []

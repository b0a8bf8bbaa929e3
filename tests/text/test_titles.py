"""Stock tails, inserted names and false years: what is found, what is offered, and what is refused."""

import pytest

from blog.text.titles import MIN_TITLES, Refusal, stock_tails, suggest

TAIL = "の現在地と知っておきたい論点"
TAILS = [TAIL, "が動かす次世代の経営"]


def titles_with(tail: str, number: int) -> list[str]:
    return [f"{chr(0x4E00 + at)}電力の記事{at}{'？' if at % 2 else ''}{tail}" for at in range(number)]


def test_a_tail_is_what_many_different_titles_end_with():
    assert stock_tails(titles_with(TAIL, MIN_TITLES)) == [TAIL]


def test_an_end_of_fewer_titles_is_what_they_mean_to_say():
    assert stock_tails(titles_with(TAIL, MIN_TITLES - 1)) == []


def test_the_same_title_many_times_proves_no_tail():
    assert stock_tails([f"電力の記事{TAIL}"] * 50) == []


def test_a_bracket_behind_the_tail_does_not_hide_it():
    titles = [f"{title}（用語{at}・論点）" for at, title in enumerate(titles_with(TAIL, MIN_TITLES))]
    assert stock_tails(titles) == [TAIL]


def test_brackets_of_names_that_many_titles_end_with_are_a_tail():
    assert stock_tails(titles_with("（甲社・乙社・丙社）", MIN_TITLES)) == ["（甲社・乙社・丙社）"]


@pytest.mark.parametrize(
    ("title", "offered"),
    [
        (f"データセンターの電力は足りるのか？{TAIL}", "データセンターの電力は足りるのか？"),
        (f"データセンターの電力は足りるのか？（甲社・乙社）{TAIL}", "データセンターの電力は足りるのか？"),
        (f"データセンターの電力は足りるのか？{TAIL}（用語・論点）", "データセンターの電力は足りるのか？"),
        (f"データセンターの電力は足りるのか？{TAIL}（用語", "データセンターの電力は足りるのか？"),
        (f"データセンターの電力は足りるのか？（甲社・乙社）{TAIL[:6]}", "データセンターの電力は足りるのか？"),
        (f"データセンターの電力と送電網：{TAIL}", "データセンターの電力と送電網"),
        ("2026年データセンターの電力は足りるのか？", "データセンターの電力は足りるのか？"),
        ("【2026年版】データセンターの電力は足りるのか？", "データセンターの電力は足りるのか？"),
        (f"2026年「データセンターの「電力」は足りるのか？」{TAIL}", "データセンターの「電力」は足りるのか？"),
    ],
)
def test_the_title_without_what_was_added_is_offered(title: str, offered: str):
    suggestion = suggest(title, tails=TAILS, year=2025)
    assert suggestion == (offered, None)


@pytest.mark.parametrize(
    "title",
    [
        "データセンターの電力は足りるのか？",
        "2025年データセンターの電力",
        "2026年問題とは何かを調べる",
        "2026年4月の電力市場を読む",
    ],
)
def test_a_title_to_which_nothing_was_added_stays(title: str):
    assert suggest(title, tails=TAILS, year=2025) is None


def test_a_year_that_the_first_paragraph_is_about_stays():
    about = ["見出し", "政府は2026年4月から新しい制度を始める。"]
    assert suggest("2026年データセンターの新制度", tails=TAILS, year=2025, lines=about) is None


def test_a_title_that_was_cut_is_taken_from_the_text():
    lines = ["# データセンターの電力は足りるのか？"]
    suggestion = suggest(f"データセンターの電力は足（甲社・乙社）{TAIL}", tails=TAILS, year=2025, lines=lines)
    assert suggestion == ("データセンターの電力は足りるのか？", None)


@pytest.mark.parametrize(
    ("rest", "refusal"),
    [
        ("電力の話", Refusal.SHORT),
        ("（甲社・乙社・丙社・丁社）", Refusal.SHORT),
        ("新しい送電網「北の大地", Refusal.UNFINISHED),
        ("データセンターの電力", None),
        ("新しい送電網とデータの", Refusal.UNFINISHED),
        ("送電網への投資が五兆円突破へ", None),
    ],
)
def test_what_is_left_may_be_no_title(rest: str, refusal: Refusal | None):
    suggestion = suggest(rest + TAIL, tails=TAILS, year=2025)
    assert suggestion is not None
    assert suggestion.refusal == refusal

"""Paragraphs that end, or begin, where no sentence does."""

import pytest

from tests.text.desk.asking import in_body, lines

BEFORE = "データセンターの電気代は、計算の値段の三割を占める。\n\n"
AFTER = "\n\n残りの七割は、機械と人の値段である。"


@pytest.mark.parametrize(
    "cut",
    [
        "冷却を空気から水に替えると、電力は二割減る。ただし配管の",
        "冷却水は**川から引く。**だから夏は",
        "電力は二割減る。工事の手順は[冷却の工夫](/2026/04/01/cooling/)に",
    ],
)
def test_paragraph_cut_inside_is_found(cut):
    assert lines("cut_inside", BEFORE + cut + AFTER) == [3]


@pytest.mark.parametrize(
    "whole",
    [
        "冷却を空気から水に替えると、電力は二割減る。",
        "**冷却を空気から水に替える工事の費用と、その間に計算を移しておく隣の建物の電気代を比べた表を、次に示しておく**",
        "電力は二割減る。[1]",
        "冷却の工夫",
        "冷却の方法は次の三つで、いずれも工事を伴う\n\n- 水冷\n- 液浸",
        "「川の水や\n\n機械の熱や\n\n音がする」",
        "冷却を空気から水に替えると、電力は二割減る。[^1]",
        "電力は二割減った。（数字は各社の発表による）",
    ],
)
def test_paragraph_that_ends_and_what_is_no_sentence_pass(whole):
    assert in_body("cut_inside", BEFORE + whole + AFTER) == []


@pytest.mark.parametrize("below", ["…費用も減る。", "に替えると、電力は二割減る。", "**の値段**は下がる。"])
def test_short_line_above_a_paragraph_that_begins_inside_a_sentence_is_cut(below):
    assert lines("cut_inside", f"{BEFORE}水と空気\n\n{below}") == [3]


def test_last_paragraph_and_headline_are_not_cut_inside():
    assert lines("cut_inside", f"冷却が計算の値段を決める時代の{BEFORE}冷却を水に替えると、") == []
    assert lines("cut_inside", f"{BEFORE}冷却を水に替えると、ただし配管の\n\n[^1]: 各社の発表による。") == []
    assert (
        lines(
            "cut_inside",
            f"データセンターの冷却に使う水は川から引くのか、それとも海から引くのか、その答えを探る旅\n\n{BEFORE}",
        )
        == []
    )


@pytest.mark.parametrize(
    "paragraph",
    [
        "…水に替えると、電力は二割減る。",
        "、電力は二割減る。",
        "の工事には半年かかる。",
        "のである。水も足りない。",
    ],
)
def test_paragraph_that_begins_inside_a_sentence_is_found(paragraph):
    assert lines("starts_inside", BEFORE + paragraph) == [3]


@pytest.mark.parametrize(
    "paragraph",
    [
        "……そう言われて十年がたつ。",
        "というのも、電力が足りないからだ。",
        "もちろん電力は減る。",
        "ですから、電力は足りない。",
        "して、電力は足りるのか。",
        "xAIも電力を買う。",
        "がんの研究にも電力がいる。",
    ],
)
def test_word_that_begins_a_sentence_passes(paragraph):
    assert in_body("starts_inside", BEFORE + paragraph) == []


WHOLE = "半年の工事の間は、隣の建物に移した計算が滞りなく動くように見守っていかなければならない。ハルビンにも棟がある。"


@pytest.mark.parametrize("characters", [1_001, 1_500, 5_000, 20_000])
def test_paragraph_without_an_end_is_found(characters):
    assert lines("run_on", f"{BEFORE}{'読' * characters}") == [3]


@pytest.mark.parametrize(
    "body",
    [
        "読" * 1_000,
        f"{'読' * 600}\n\n{'読' * 600}",
        f"```\n{'x' * 2_000}\n```",
        f"| 甲 |\n|---|\n| {'読' * 1_500} |",
        f"> {'読' * 1_500}",
    ],
)
def test_paragraphs_of_a_thousand_characters_and_other_blocks_pass(body):
    assert in_body("run_on", BEFORE + body) == []

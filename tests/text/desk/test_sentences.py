"""Paragraphs that end, or begin, where no sentence does."""

import pytest

from tests.text.desk.asking import in_body, lines

BEFORE = "データセンターの電気代は、計算の値段の三割を占める。\n\n"
AFTER = "\n\n残りの七割は、機械と人の値段である。"


@pytest.mark.parametrize(
    "cut",
    [
        "冷却を空気から水に替えると、電力は二割減る。ただし配管の",
        "配管の工事には半年かかる。費用は電気代の",
        "冷却水は**川から引く。**だから夏は",
        "電力は二割減る。工事の手順は[冷却の工夫](/2026/04/01/cooling/)に",
        "「水に替えたら、電力は二割も減った。」――そう語る工場長の",
        "電力は二割減る。式は 費用 = 単価 × 量 で、単価を",
    ],
)
def test_paragraph_cut_inside_is_found(cut):
    assert lines("cut_inside", BEFORE + cut + AFTER) == [3]


def test_cut_is_found_at_the_line_that_is_cut():
    assert lines("cut_inside", f"{BEFORE}一行目は終わる。\n二行目は終わらない。だから{AFTER}") == [4]


@pytest.mark.parametrize(
    "whole",
    [
        "冷却を空気から水に替えると、電力は二割減る。",
        "電力は二割減る。担当者は「工事は半年で終わる。」",
        "**冷却を空気から水に替える工事の費用と、その間に計算を移しておく隣の建物の電気代を比べた表を、次に示しておく**",
        "「水に替えたら、電力は二割も減った。\n工事の間は、隣の建物に計算を移しておくほかになかったが、それでも費用は一年で取り戻せた」",
        "*冷却を空気から水に替える工事の費用と、その間に計算を移しておく隣の建物の電気代とを比べた表を、この次に示しておく*",
        "電力は二割減る。[1]",
        "冷却の工夫",
        "冷却の方法は次の三つで、いずれも工事を伴う\n\n- 水冷\n- 液浸",
        "[冷却の工夫を読む](/2026/04/01/cooling/)",
        "工事の費用（税込)",
        "「川の水や\n\n機械の熱や\n\n音がする」",
        "冷却を空気から水に替えると、電力は二割減る。[^1]",
        "工場長は電気代の明細を見せながら話す。「水に替えたら、電力は二割も減った」",
        "電力は二割減った。（数字は各社の発表による）",
        "電力は二割減った。請求書を三度も見直した（笑）",
    ],
)
def test_paragraph_that_ends_and_what_is_no_sentence_pass(whole):
    assert in_body("cut_inside", BEFORE + whole + AFTER) == []


COOLING = "冷却を空気から水に替える工事には、少なくとも半年の時間がかかる。"


@pytest.mark.parametrize("below", ["…費用も減る。", "に替えると、電力は二割減る。", "**の値段**は下がる。"])
def test_short_line_above_a_paragraph_that_begins_inside_a_sentence_is_cut(below):
    assert lines("cut_inside", f"{BEFORE}水と空気\n\n{below}") == [3]


@pytest.mark.parametrize("below", ["費用も減る。", "……費用も減る。", "- に替える", "## の値段"])
def test_short_line_above_anything_else_is_a_title(below):
    assert in_body("cut_inside", f"{BEFORE}水と空気\n\n{below}") == []


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
        "といった工夫がいる。",
        "っている電力は三割に達する。",
        "のである。水も足りない。",
        "ている建物では電力が減る。",
    ],
)
def test_paragraph_that_begins_inside_a_sentence_is_found(paragraph):
    assert lines("starts_inside", BEFORE + paragraph) == [3]


@pytest.mark.parametrize(
    "paragraph",
    [
        "……そう言われて十年がたつ。",
        "のだからといって、電力は減らない。",
        "というのも、電力が足りないからだ。",
        "もちろん電力は減る。",
        "にもかかわらず、電力は足りない。",
        "ですから、電力は足りない。",
        "ていねいに電力を測る。",
        "するどい指摘である。",
        "して、電力は足りるのか。",
        "しておけばよかった。",
        "・電力は二割減る。",
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

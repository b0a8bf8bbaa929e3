"""Text that stands twice in an article, and what its fix takes away."""

import pytest

from blog.text.desk import repeats
from tests.text.desk.texts import END, LONG, OTHER, THIRD, article, fixed, found

SHORT = "それは本当だろうか。"
NEW = "ここで初めて述べる事柄は、ほかのどの段落にも書かれていないので、そのまま残らなければならない。"
QUESTIONS = f"{SHORT}誰が払うのか。いつ払うのか。なぜ今なのか。ここではそれを順に見ていく。"
CUT = "電力の確保が計算資源の拡大を左右するようになり、立地の選び方はこの二年でまったく別の物"
QUARTER = "第{}四半期の売上高は前の年の同じ時期を上回り、営業利益は三年ぶりの高い水準となった。"
ITEMS = f"- **費用**：{OTHER}\n- **時期**：{THIRD}"

REPEATS = {
    "a paragraph": LONG,
    "in other widths and with other marks": LONG.replace("、", "，").replace("四", "**四**") + " ",
    "the last sentence of a paragraph": f"{SHORT}{OTHER}\n\n{OTHER}",
    "at the head of a paragraph that goes on": f"{LONG}{NEW}",
    "at the end of a paragraph": f"{NEW}{LONG}",
    "in the middle of a paragraph": f"{NEW}{LONG}{THIRD}",
    "on a line of a paragraph": f"{NEW}\n{LONG}",
    "strung together from short sentences": f"{QUESTIONS}\n\n{END}\n\n{QUESTIONS}",
    "a cut sentence": f"{CUT}\n\n## 次\n\n{CUT}",
    "a list within a list": f"{ITEMS}\n\n## 次\n\n- 論点\n  - **費用**：{OTHER}",
}
NEAR_MISSES = {
    "a shorter sentence": f"{SHORT}\n\n{NEW}\n\n{SHORT}",
    "one word is other": LONG.replace("四半期", "三か月"),
    "a sentence that goes on": LONG.replace("ている。", "ているが、それは表に出ない。"),
    "a heading": f"## {OTHER}\n\n{NEW}\n\n## {OTHER}\n\n{THIRD}",
    "a quotation within a sentence": f"前に「{LONG[:-1]}」と述べたのは、このことである。",
    "in code": f"```\n{LONG}\n{LONG}\n```\n\n```\n{LONG}\n```",
    "in a table": f"| 論点 | 中身 |\n|---|---|\n| 甲 | {LONG} |",
    "the same short list": "- 電力\n- 立地\n- 人材\n\n## 次\n\n- 電力\n- 立地\n- 人材",
    "the same lead of two lists": f"利点は次のとおり。\n\n- {OTHER}\n\n利点は次のとおり。\n\n- {THIRD}",
    "the same form with another word": f"{QUARTER.format('一')}\n\n{QUARTER.format('二')}",
    "in raw HTML": f"<div>\n{LONG}\n</div>",
}


@pytest.mark.parametrize("text", REPEATS.values(), ids=REPEATS)
def test_text_that_stands_earlier_is_a_repeat(text):
    assert len(found(article(text), "repeat")) == 1


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_text_that_is_not_the_same_or_may_stand_twice_is_no_repeat(text):
    assert found(article(text), "repeat") == []


def test_finding_tells_both_places():
    (finding,) = found(article(f"{NEW}\n{LONG}"), "repeat")
    assert (finding.line, finding.message[:4]) == (6, "3行目に")


FIXES = [
    (LONG, ""),
    (f"{OTHER}\n\n{LONG}\n\n{NEW}", f"{OTHER}\n\n{NEW}"),
    (f"{LONG}{NEW}", NEW),
    (f"{NEW} {LONG} {THIRD}", f"{NEW} {THIRD}"),
    (f"{LONG}\n{NEW}", NEW),
    (f"- {LONG}\n- {NEW}", f"- {NEW}"),
    (f"{ITEMS}\n\n### 次\n\n{NEW}\n\n{ITEMS}", f"{ITEMS}\n\n### 次\n\n{NEW}"),
    (f"{NEW}\n\n---\n\n{LONG}\n\n---", f"{NEW}\n\n---\n\n---"),
]


@pytest.mark.parametrize(("text", "left"), FIXES)
def test_fix_takes_the_repeated_text_and_its_gap(text, left):
    assert fixed(article(text)) == article(left).replace("\n\n\n\n", "\n\n")


@pytest.mark.parametrize("text", [text for text, _ in FIXES])
def test_fix_of_a_body_with_line_ends_of_windows_is_the_same(text):
    assert fixed(article(text).replace("\n", "\r\n")) == fixed(article(text)).replace("\n", "\r\n")


SECTION = f"### 電力\n\n{OTHER}\n\n{SHORT}\n\n{THIRD}\n\n以上が論点である。"


def test_whole_section_goes_with_its_heading_and_its_short_paragraphs():
    assert fixed(article(f"{SECTION}\n\n### 立地\n\n{NEW}\n\n{SECTION}")) == article(f"{SECTION}\n\n### 立地\n\n{NEW}")
    assert fixed(article(f"{SECTION}\n\n### 立地\n{NEW}\n\n### 電力\n{OTHER}\n\n### 次\n{END}")) == article(
        f"{SECTION}\n\n### 立地\n{NEW}\n\n### 次\n{END}"
    )


@pytest.mark.parametrize(
    "text",
    [f"{NEW}**{LONG}{THIRD}**", f"{NEW}「{LONG}{THIRD}」", f"{NEW}（{LONG}{THIRD}）", f"- {LONG}\n  - {NEW}"],
)
def test_repeat_that_cannot_go_without_harm_to_its_neighbours_has_no_fix(text):
    assert [finding.fix for finding in found(article(text), "repeat")] == [()]


@pytest.mark.parametrize(
    "behind", ["と{}は述べた。", "という{}がいた。", "って{}は言う。", "の{}版もある。", "**と{}は書く。"]
)
@pytest.mark.parametrize("end", ["。", "！？", "!"])
def test_quotation_does_not_go_from_the_sentence_that_it_stands_in(behind, end):
    said = f"{'**' * behind.startswith('*')}「{LONG[:-1]}{end}」{behind}"
    text = f"{said.format('社長')}\n\n{NEW}\n\n{said.format('専務')}"
    assert found(article(text), "repeat") == []


@pytest.mark.parametrize(("one", "other"), [("[^1]", "[^2]"), ("", "[^2]"), ("[^1]", " [^1] [^注]")])
def test_repeat_with_another_note_is_found_and_stays(one, other):
    body = article(f"{OTHER}{one}\n\n{NEW}\n\n{OTHER}{other}\n\n{THIRD}\n\n{NEW}{OTHER}{other}")
    assert [bool(finding.fix) for finding in found(body, "repeat")] == [False, True]
    assert fixed(body, "repeat").count(OTHER) == 3


@pytest.mark.parametrize("mark", ["### ", "*   **費用:** ", "1. "])
def test_mark_of_a_block_within_a_line_does_not_come_to_stand_at_its_begin(mark):
    (finding,) = found(article(f"{LONG}{mark}{NEW}"), "repeat")
    assert finding.fix == ()


FIGURES = "{}年度の決算によると、同社のデータセンター部門の営業利益率は前の年の同じ時期に比べて{}となった。"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("+1.2%", "-1.2%"), ("1.5%の増加", "15%の増加"), ("５％の低下", "−５％の低下"), ("$30", "€30")),
        *(("3/4の水準", "34の水準"), ("10:30の時点", "1030の時点"), ("C++の採用", "C#の採用"), ("▲8億円", "8億円")),
        *(("3〜5年の後", "35年の後"), ("3—5年の後", "35年の後"), ("(1,2)の組", "(12)の組"), ("1、2の順", "12の順")),
        *(("x>5の範囲", "x<5の範囲"), ("a≧5の範囲", "a=5の範囲"), ("5＜aの範囲", "5aの範囲"), ("★★★の評価", "★の評価")),
        *(("○の判定", "×の判定"), ("△の判定", "◎の判定"), ("↑の方向", "↓の方向")),
    ],
)
def test_sentences_whose_figures_differ_by_a_sign_are_no_repeats(one, other):
    text = f"{FIGURES.format(2025, one)}\n\n{NEW}\n\n{FIGURES.format(2025, other)}"
    assert found(article(text), "repeat") == []
    assert fixed(article(text)) == article(text)


def test_block_that_was_read_in_part_is_not_dropped(monkeypatch):
    monkeypatch.setattr(repeats, "MAX_SENTENCES", 3)
    body = f"{LONG}\n\n{OTHER}\n\n{LONG}{NEW}\n"
    assert fixed(body, "repeat") == body


LABEL = "**費用：** "
CHANGED = {  # what stands above, and what of the text below stays
    "a paragraph whose sentence stands whole in the next": ("", f"{CUT}\n\n{CUT}である。{NEW}", f"{CUT}である。{NEW}"),
    "a stub that stands whole above": (
        f"{CUT}である。",
        f"{NEW}\n\n{CUT}\n\nもちろん、別である。",
        f"{NEW}\n\nもちろん、別である。",
    ),
    "a sentence that was cut in two": (f"{OTHER}{NEW}", f"{OTHER[:20]}\n\n{OTHER[20:]}", ""),
    "the echo of the sentence above": ("", f"{NEW}{THIRD}\n\n{THIRD}", f"{NEW}{THIRD}"),
    "a sentence that lacks its joining word": (f"しかし{OTHER}", f"{OTHER}\n\n{NEW}", NEW),
    "what stands under the same label": (f"- {LABEL}{OTHER}", f"- {NEW}\n- {LABEL}{OTHER}", f"- {NEW}"),
    "a title with what was pasted behind it": (f"### 費用\n\n{OTHER}", f"{NEW} ### 費用 {OTHER}", NEW),
}
UNCHANGED = {
    "the label of what a sentence below points at": (f"- {LABEL}{OTHER}", f"- {LABEL}{OTHER}これは{NEW}"),
    "a sentence under another label": (f"- {LABEL}{OTHER}", f"- **時期：** {OTHER}"),
    "a sentence behind other words": (OTHER, f"反対派によれば、{OTHER}"),
    "a stub that may go on below": (f"{CUT}である。", f"{CUT}\n\n異なる。{NEW}"),
    "the begin of a finished sentence": ("", f"費用は下がる。\n\n費用は下がるが、{NEW}"),
    "a short label and its value": ("病理診断は、専門の業務である。", "**領域**: 病理診断"),
}


@pytest.mark.parametrize(("above", "text", "left"), CHANGED.values(), ids=CHANGED)
def test_what_goes_is_the_later_of_two(above, text, left):
    body = fixed(f"{LONG}\n\n{above}\n\n## 次\n\n{text}\n\n{END}\n", "repeat")
    assert body.split("## 次")[1].strip() == "\n\n".join(filter(None, (left, END)))


@pytest.mark.parametrize(("above", "text"), UNCHANGED.values(), ids=UNCHANGED)
def test_what_says_something_else_stays(above, text):
    body = f"{LONG}\n\n{above}\n\n## 次\n\n{text}\n\n{END}\n"
    assert fixed(body, "repeat") == body

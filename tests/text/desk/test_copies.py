"""Which of two equal passages a fix drops, so that no sentence, label or stub is left that needs the other."""

import pytest

from tests.text.desk.texts import OTHER, THIRD, article, fixed, found

NEW = "別の事情として、装置を作る会社の側にも、受注から納入までの長い待ち時間という悩みがある。"
POINTING = "これは、設備を持つ会社ほど有利になるという意味である。"
STUB = "読者に残る問いは、これらの費用を最終的に"
PART = f"{OTHER}{STUB}"
WHOLE = f"{OTHER}{THIRD}"


def changed(before: str, after: str) -> None:
    assert fixed(article(before), "repeat") == article(after)


@pytest.mark.parametrize(
    "leaning",
    [
        *(
            "これは、設備の話である。",
            "この差は大きい。",
            "その理由は三つある。",
            "そうした例は多い。",
            "彼らはそれを知っている。",
        ),
        *(
            "特に、冷却の費用が重い。",
            "例えば、変電所がそうだ。",
            "**しかし、**例外もある。",
            "なぜなら、土地が要るからだ。",
        ),
        *("さらに、人手も要る。", "「それでも」と言う人もいる。", "つまり、順番の問題である。"),
    ],
)
def test_earlier_copy_goes_where_a_sentence_leans_on_the_later(leaning):
    changed(f"{OTHER}\n\n{NEW}\n\n{OTHER}{leaning}", f"{NEW}\n\n{OTHER}{leaning}")


@pytest.mark.parametrize(
    "standing",
    [
        *("変電所の例がわかりやすい。", "費用は三割増えた。", "此の件は別に扱う。", "各社の返答はまちまちだった。"),
        *(
            "彼岸の頃には結論が出る。",
            "特例は認められない。",
            "例年より早い発表だった。",
            "第三者の委員会が調べている。",
        ),
    ],
)
def test_later_copy_goes_where_what_follows_stands_by_itself(standing):
    changed(f"{OTHER}\n\n{NEW}\n\n{OTHER}{standing}", f"{OTHER}\n\n{NEW}\n\n{standing}")


@pytest.mark.parametrize(
    "earlier",
    [
        f"{OTHER}これが結論である。",
        f"{OTHER}\n\nこの差は大きい。",
        f"{OTHER}\n\n- {NEW}",
        f"- {OTHER}",
        f"## {OTHER}\n\n{NEW}",
        f"### 電力\n\n{OTHER}\n\n### 立地\n\n{NEW}",
        f"### 電力\n\n**立地：** {OTHER}\n\n### 人材\n\n{NEW}",
    ],
    ids=["a sentence", "a paragraph", "a list", "in a list", "a heading", "a title", "a label"],
)
def test_earlier_copy_stays_where_something_needs_it_too(earlier):
    assert OTHER in fixed(article(f"{earlier}\n\n{THIRD}\n\n{OTHER}{POINTING}"), "repeat").split(THIRD)[0]


ADDING = "特に、冷却の費用が重い。"


@pytest.mark.parametrize(
    ("earlier", "later", "left"),
    [
        (f"{NEW}{OTHER}{THIRD}", f"{OTHER}{ADDING}", ADDING),
        (f"{NEW}{OTHER}", f"### 次\n\n{OTHER}{ADDING}", f"### 次\n\n{ADDING}"),
        (f"{OTHER}\n\n{NEW}", f"### 次\n\n{OTHER}{ADDING}\n\n{NEW}", f"### 次\n\n{ADDING}"),
        (f"{NEW}\n\n{OTHER}", f"### 次\n\n{NEW}\n\n{OTHER}{ADDING}", f"### 次\n\n{ADDING}"),
        (f"- {OTHER}\n- {NEW}", f"### 次\n\n- {OTHER}{ADDING}\n- {NEW}", f"### 次\n\n- {ADDING}"),
        (f"{OTHER}", f"### 次\n\n{OTHER}これまでの値は低い。", "### 次\n\nこれまでの値は低い。"),
    ],
    ids=["in a paragraph", "at its end", "above a copy", "below a copy", "in a list", "no pronoun"],
)
def test_earlier_paragraph_and_section_stay_in_one_piece_where_the_later_adds_to_it(earlier, later, left):
    changed(
        f"{earlier}\n\n### 別の話\n\n電力は足りる。\n\n{later}", f"{earlier}\n\n### 別の話\n\n電力は足りる。\n\n{left}"
    )


@pytest.mark.parametrize("label", ["", "**費用**：", "**費用：** "])
def test_item_stays_in_both_lists_where_a_sentence_points_at_the_later(label):
    text = f"- {label}{OTHER}\n- {{}}\n\n### 次\n\n- {label}{OTHER}{POINTING}{{}}"
    body = article(text.format(THIRD, f"\n- {THIRD}"))
    assert [bool(finding.fix) for finding in found(body, "repeat")] == [False, True]
    assert fixed(body, "repeat") == article(text.format(THIRD, ""))


def test_paragraph_goes_from_the_earlier_section_where_a_sentence_points_at_the_later():
    changed(
        f"{NEW}\n\n{OTHER}\n\n### 次\n\n{NEW}\n\n{OTHER}{POINTING}",
        f"{NEW}\n\n### 次\n\n{OTHER}{POINTING}",
    )


def test_title_goes_with_the_earlier_copy_where_its_equal_heads_the_later():
    again = f"### 電力\n\n{OTHER}\n\n### 電力\n\n{OTHER}{POINTING}"
    changed(again, f"### 電力\n\n{OTHER}{POINTING}")


def test_end_of_a_paragraph_goes_where_the_next_takes_it_up():
    changed(f"{NEW}{OTHER}\n\n{OTHER}{POINTING}", f"{NEW}\n\n{OTHER}{POINTING}")


def test_paragraph_that_strings_others_together_gives_up_all_but_what_is_leant_on():
    changed(f"{NEW}\n\n{OTHER}\n\n{NEW}{OTHER}{POINTING}", f"{NEW}\n\n{OTHER}{POINTING}")


def test_finding_at_the_earlier_copy_tells_of_the_later():
    (finding,) = found(article(f"{OTHER}\n\n{NEW}\n\n{OTHER}{POINTING}"), "repeat")
    assert (finding.line, finding.message) == (
        5,
        "9行目に、同じ文章がその続きとともにあります。どちらかを消してください。",
    )


# --- sentences that were left unfinished ---


@pytest.mark.parametrize(
    "between",
    [
        "",
        f"### 次\n\n{NEW}",
        f"もちろん、{NEW}",
        f"**次の論点**\n\n{NEW}",
        f"---\n\n### 次\n\n{NEW}",
        f"計算資源の費用\n{NEW}",
    ],
    ids=["nothing", "a heading", "a new beginning", "a bold title", "a rule and a heading", "the headline"],
)
def test_cut_paragraph_goes_where_it_stands_whole_below(between):
    changed("\n\n".join(filter(None, (PART, between, WHOLE))), "\n\n".join(filter(None, (between, WHOLE))))


@pytest.mark.parametrize(
    "below",
    [
        f"負担する会社はどこか。\n\n{NEW}",
        f"決める人の名である。\n\n{NEW}",
        f"…決める人の名である。\n\n{NEW}",
        f"- {NEW}",
    ],
)
def test_cut_paragraph_stays_where_its_sentence_may_go_on_below(below):
    assert fixed(article(f"{PART}\n\n{below}\n\n### 次\n\n{WHOLE}"), "repeat").count(STUB) == 2


def test_cut_paragraph_goes_where_the_next_begins_with_what_stands_elsewhere():
    changed(
        f"{NEW}\n\n{PART}\n\n{NEW}電力は足りる。\n\n### 次\n\n{WHOLE}", f"{NEW}\n\n電力は足りる。\n\n### 次\n\n{WHOLE}"
    )


def test_cut_paragraph_stays_where_the_next_holds_the_rest_of_its_sentence_although_it_stands_elsewhere_too():
    rest = THIRD.removeprefix("読者に残る問いは、これらの費用を最終的に")
    taken_up = f"{rest}{NEW}"
    body = article(f"{taken_up}\n\n### 次\n\n{PART}\n\n{taken_up}電力は足りる。\n\n### 次の話\n\n{WHOLE}")
    assert fixed(body, "repeat").count(STUB) == 2


def test_cut_paragraph_goes_where_it_stands_whole_above():
    changed(f"{WHOLE}\n\n{NEW}\n\n{PART}", f"{WHOLE}\n\n{NEW}")


def test_cut_paragraph_stays_below_the_whole_one_where_its_sentence_goes_on():
    changed(
        f"{WHOLE}\n\n### 次\n\n{PART}\n\n負担する会社はどこか。\n\n{NEW}",
        f"{WHOLE}\n\n### 次\n\n{STUB}\n\n負担する会社はどこか。\n\n{NEW}",
    )


@pytest.mark.parametrize("end", ["読者に残る問いは、それらの費用を", "費用を最終的に", f"{THIRD[:-1]}と"])
def test_unfinished_sentence_that_stands_nowhere_whole_stays(end):
    changed(f"{WHOLE}\n\n{NEW}\n\n{OTHER}{end}", f"{WHOLE}\n\n{NEW}\n\n{end}")


def test_finished_sentence_is_no_stub_of_a_longer_one():
    changed(f"{OTHER}電力は足りる。\n\n{NEW}\n\n{OTHER}電力は足りる", f"{OTHER}電力は足りる。\n\n{NEW}")
    longer = "電力は足りる。と聞いた。"
    changed(f"{OTHER}{longer}\n\n{NEW}\n\n{OTHER}電力は足りた。", f"{OTHER}{longer}\n\n{NEW}\n\n電力は足りた。")


def test_of_two_cut_paragraphs_the_longer_stays():
    longer = f"{OTHER}{STUB}誰が"
    changed(f"{PART}\n\n{longer}", longer)


# --- labels ---

LABEL = "**費用：**"
ON_ITS_LINE = f"{LABEL} {OTHER}{THIRD}"


@pytest.mark.parametrize(
    "earlier",
    [
        ON_ITS_LINE,
        f"{LABEL}\n{OTHER}{THIRD}",
        f"**費用**：{OTHER}{THIRD}",
        f"**費用**: {OTHER}{THIRD}",
        f"{LABEL}\n\n{OTHER}{THIRD}",
        f"**費用**：\n\n{OTHER}{THIRD}",
        f"### 費用\n\n{OTHER}{THIRD}",
        f"**費用**\n\n{OTHER}{THIRD}",
    ],
)
@pytest.mark.parametrize("later", [ON_ITS_LINE, f"**費用**：{OTHER}{THIRD}", f"{LABEL}\n{OTHER}{THIRD}"])
def test_label_goes_with_what_stands_under_the_same_label_before(earlier, later):
    changed(f"{earlier}\n\n### 次\n\n{NEW}\n\n{later}", f"{earlier}\n\n### 次\n\n{NEW}")


@pytest.mark.parametrize(
    "later",
    [
        f"**時期：** {OTHER}",
        f"{LABEL} {NEW}",
        f"{LABEL}\n{NEW}",
        f"**費用と時期：** {OTHER}",
        f"**費用**は{OTHER}",
        f"{LABEL} {NEW}{OTHER[:-1]}、という。",
        f"> {LABEL} {OTHER}",
        f"| {LABEL} | {OTHER} |\n|---|---|",
    ],
)
def test_label_stays_with_what_does_not_stand_under_it_before(later):
    changed(f"{LABEL} {OTHER}\n\n### 次\n\n{THIRD}\n\n{later}", f"{LABEL} {OTHER}\n\n### 次\n\n{THIRD}\n\n{later}")


@pytest.mark.parametrize("label", [LABEL, "**費用**：", "**費用**"])
def test_sentence_stays_below_a_label_on_its_own_line_that_stands_once(label):
    text = f"{OTHER}\n\n### 次\n\n{THIRD}\n{label}\n{OTHER}"
    changed(text, text)


@pytest.mark.parametrize(
    "below",
    [
        f"{LABEL}\n{OTHER}",
        f"**費用**：\n{OTHER}",
        f"**費用**\n{OTHER}",
        f"**費用**\n{OTHER}費用は三割増えた。",
        f"**費用**\n{OTHER}\n{NEW}",
        f"- **費用**\n  {OTHER}",
        f"冷却の話もある。\n**費用**\n{OTHER}",
        f"**費用は下がる。**\n**費用**\n{OTHER}",
    ],
)
def test_sentence_below_a_bold_line_of_its_own_is_a_repeat_for_an_editor_to_settle(below):
    body = article(f"{OTHER}\n\n### 次\n\n{THIRD}\n\n{below}")
    (finding,) = found(body, "repeat")
    assert (finding.excerpt, finding.fix) == (OTHER, ())
    assert body.split("\n")[finding.line - 1].strip().startswith(OTHER)


@pytest.mark.parametrize(
    "below",
    [
        f"**時期：** {OTHER}",
        f"**時期**：{OTHER}",
        f"- **時期：** {OTHER}",
        f"**費用**\n{NEW}",
        f"**費用**\n{NEW}と言う人もいた。",
        "**費用**\n電力は足りる。",
        f"**費用**\n> {OTHER}",
        f"**費用**\n「{OTHER[:-1]}」と人は言う。",
    ],
)
def test_another_statement_below_or_behind_a_label_is_no_repeat(below):
    assert found(article(f"{OTHER}\n\n### 次\n\n電力は足りる。{THIRD}\n\n{below}"), "repeat") == []


def test_label_goes_with_what_stands_under_it_although_its_first_heads_something_else():
    text = f"{THIRD}\n\n### 費用\n\n{NEW}\n\n### 次\n\n{{}}**費用**\n{OTHER}\n\n### 末\n\n電力は足りる。{{}}"
    changed(text.format(f"{THIRD}\n\n", f"\n\n**費用**\n{OTHER}"), text.format("", ""))


def test_sentence_that_stands_under_two_labels_stays_under_both():
    text = f"{LABEL} {OTHER}\n\n**時期：** {THIRD}\n\n### 次\n\n{LABEL} {THIRD}\n\n**時期：** {OTHER}"
    changed(text, text)


def test_sentences_behind_a_label_go_but_not_the_first_that_stands_under_no_such_label():
    changed(
        f"{OTHER}{THIRD}\n\n### 次\n\n{NEW}\n\n{LABEL} {OTHER}{THIRD}",
        f"{OTHER}{THIRD}\n\n### 次\n\n{NEW}\n\n{LABEL} {OTHER}",
    )


def test_label_that_heads_nothing_goes_where_it_heads_the_same_above():
    text = f"**費用**：\n\n{OTHER}\n\n### 次\n\n{NEW}\n\n**費用**：\n\n{OTHER}\n\n**時期**：\n\n{THIRD}"
    changed(text, f"**費用**：\n\n{OTHER}\n\n### 次\n\n{NEW}\n\n**時期**：\n\n{THIRD}")


# --- sections in one paragraph ---


@pytest.mark.parametrize(
    ("section", "pasted"),
    [
        (f"### 費用の行方\n\n{OTHER}", f"### 費用の行方 {OTHER}"),
        (f"## 費用の行方\n\n{OTHER}", f"### 費用の行方 {OTHER}"),
        (f"### 費用の行方：その 1\n\n{OTHER}", f"### 費用の行方：その 1 {OTHER}"),
        (f"### 費用の行方\n\n{OTHER}", f"**費用の行方** {OTHER}"),
        (f"**費用の行方**\n\n{OTHER}", f"**費用の行方** {OTHER}"),
        (f"1. **費用：** {OTHER}", f"1. **費用：** {OTHER}"),
        (f"1. **費用**: {OTHER}", f"2. **費用**: {OTHER}"),
    ],
)
def test_title_goes_with_what_was_pasted_behind_it_on_one_line(section, pasted):
    changed(
        f"{section}\n\n### 次\n\n{NEW} {pasted}\n\n### 末\n\n{THIRD}",
        f"{section}\n\n### 次\n\n{NEW}\n\n### 末\n\n{THIRD}",
    )


@pytest.mark.parametrize(
    "pasted",
    [
        f"### 費用の先行き {OTHER}",
        f"### 費用の行方と時期 {OTHER}",
        f"### 費用の行方{OTHER}",
        f"#費用の行方 {OTHER}",
        f"**費用**の行方 {OTHER}",
        f"1. 費用の行方、{OTHER}",
    ],
)
def test_other_title_stays_with_what_was_pasted_behind_it(pasted):
    text = f"### 費用の行方\n\n{OTHER}\n\n### 次\n\n{NEW} {pasted}\n\n### 末\n\n{THIRD}"
    changed(text, text)


def test_title_stays_where_another_section_was_pasted_behind_it():
    text = f"### 費用\n\n{OTHER}\n\n### 時期\n\n{THIRD}\n\n### 次\n\n{NEW} ### 費用 {THIRD}"
    changed(text, text)

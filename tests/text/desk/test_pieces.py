"""Repeats that are no whole sentence, or a short one: beginnings, ends, echoes and the headline."""

import pytest

from blog.text.desk import check
from tests.text.desk.texts import KNOWING, LONG, OTHER, THIRD, article, draft, fixed, found

NEW = "別の事情として、装置を作る会社の側にも、受注から納入までの長い待ち時間という悩みがある。"
ECHO = "その費用を最後に払うのは、いったい誰なのだろうか。"
BEGIN = "電力の確保が計算資源の拡大を左右するようになり、立地の選び"  # of OTHER, 28 word characters


def changed(before: str, after: str) -> None:
    assert fixed(article(before), "repeat") == article(after)


# --- ends and beginnings of sentences ---


@pytest.mark.parametrize("front", ["調査会社によると、", "社長が一度も認めないのは、", "費用と立地の話："])
def test_sentence_that_stands_elsewhere_behind_other_words_is_another_statement(front):
    assert found(article(f"{front}{OTHER}\n\n{THIRD}\n\n{OTHER}{NEW}"), "repeat") == []


BUILT = "億円を投じて変電所を川の向こう岸に移し、その跡地を新しい計算の棟のために空けておくと市は決めた。"
OPENED = "日に市は川の向こう岸の変電所を止め、その跡地を新しい計算の棟のために広く空けておくことにした。"
CLOSED = "の部門を川の向こう岸の会社に移し、その跡地を新しい計算の棟のために空けておくと市は決めた。"


@pytest.mark.parametrize(
    ("whole", "end"),
    [
        (f"県は120{BUILT}", f"20{BUILT}"),
        (f"県は1,200{BUILT}", f"200{BUILT}"),
        (f"工事は2025年11月1{OPENED}", f"1月1{OPENED}"),
        (f"不採算{CLOSED}", f"採算{CLOSED}"),
        (f"非公開{CLOSED}", f"公開{CLOSED}"),
    ],
)
def test_end_of_a_word_or_a_number_makes_no_repeat(whole, end):
    assert found(article(f"{whole}\n\n{THIRD}\n\n{end}{NEW}"), "repeat") == []


def test_heading_is_no_begin_of_a_sentence_that_was_cut_in_two():
    front = "調査会社の試算によると、"
    text = f"{front}{OTHER}\n\n{THIRD}\n\n### {front}\n\n{OTHER}\n\n{NEW}"
    changed(text, text)


def test_sentence_that_was_cut_in_two_goes_where_it_stands_whole():
    begin, end = "調査会社の試算によると、", OTHER
    changed(f"{begin}{end}\n\n{THIRD}\n\n{NEW}{begin}\n\n{end}", f"{begin}{end}\n\n{THIRD}\n\n{NEW}")


def test_sentence_that_was_cut_in_two_within_a_word_goes_too():
    changed(f"{OTHER}\n\n{THIRD}\n\n{NEW}{OTHER[:1]}\n\n{OTHER[1:]}", f"{OTHER}\n\n{THIRD}\n\n{NEW}")


@pytest.mark.parametrize("joining", ["しかし、", "例えば、", "そして", "一方で、"])
def test_sentence_that_stands_elsewhere_behind_a_joining_word_goes_with_its_paragraph(joining):
    changed(
        f"{joining}電力は足りる。{THIRD}\n\n{NEW}\n\n電力は足りる。{THIRD}",
        f"{joining}電力は足りる。{THIRD}\n\n{NEW}",
    )


@pytest.mark.parametrize("front", ["**費用：** ", "### 費用 "])
def test_sentence_behind_a_label_or_a_mark_does_not_make_the_same_without_it_a_repeat(front):
    assert found(article(f"{front}{OTHER}\n\n{THIRD}\n\n{OTHER}"), "repeat") == []


@pytest.mark.parametrize(
    "text", [f"しかし、{ECHO}\n\n{NEW}\n\n{ECHO}", f"{NEW}\n\n社長は、{ECHO}\n\n{THIRD}\n\n{ECHO}{LONG[:20]}。"]
)
def test_short_end_of_a_sentence_is_no_repeat(text):
    assert found(article(text), "repeat") == []


@pytest.mark.parametrize("text", [f"{NEW}{BEGIN}", BEGIN, f"- {BEGIN}方は"])
def test_unfinished_end_goes_where_the_sentence_stands_whole(text):
    changed(
        f"{OTHER}\n\n### 次\n\n{THIRD}\n\n{text}",
        f"{OTHER}\n\n### 次\n\n{THIRD}" + (f"\n\n{NEW}" if NEW in text else ""),
    )


@pytest.mark.parametrize(
    "text",
    [
        BEGIN[:20],
        f"**{BEGIN}**",
        f"### {BEGIN}",
        f"{BEGIN}。",
        f"[{BEGIN}](/2026/01/02/a/)",
        f"{BEGIN}方を変えた",
        f"{BEGIN}\n\n方は社によって違う。",
        f"- {BEGIN}",
    ],
    ids=["short", "a bold title", "a heading", "a sentence", "a link", "another one", "it goes on", "an item"],
)
def test_other_beginnings_of_a_sentence_stay(text):
    assert found(article(f"{OTHER}\n\n### 次\n\n{THIRD}\n\n{text}\n\n### 末\n\n{NEW}"), "repeat") == []


# --- echoes ---


@pytest.mark.parametrize("between", ["\n\n", "\n\n---\n\n"])
def test_paragraph_goes_that_says_the_sentence_right_above_again(between):
    changed(f"{NEW}{ECHO}{between}{ECHO}\n\n{THIRD}", f"{NEW}{ECHO}{between}{THIRD}")


def test_first_sentence_goes_that_says_the_one_right_above_again():
    changed(f"{NEW}{ECHO}\n\n{ECHO}{THIRD}", f"{NEW}{ECHO}\n\n{THIRD}")


@pytest.mark.parametrize(
    "text",
    [
        f"{NEW}{ECHO}\n\n{THIRD}\n\n{ECHO}",
        f"{NEW}{ECHO}\n\n### 次\n\n{ECHO}{THIRD}",
        f"{NEW}{ECHO}\n\n{THIRD}{ECHO}",
        f"{NEW}誰が払うのか。\n\n誰が払うのか。{THIRD}",
        f"{NEW}{ECHO}\n\n> {ECHO}",
    ],
    ids=["farther away", "below a heading", "at the end", "short", "a quote"],
)
def test_short_sentence_may_stand_twice_elsewhere(text):
    assert found(article(text), "repeat") == []


# --- the headline ---

TITLE = "2026年計算資源の費用を最後に誰が払うのか？の最新動向"
HEADLINE = "計算資源の費用を最後に誰が払うのか？"


def headlines(text: str, title: str = TITLE) -> list[int]:
    body = f"{text}\n\n{LONG}\n"
    return [finding.line for finding in check(draft(body, title=title), KNOWING) if finding.code == "repeat"]


def test_headline_by_itself_in_the_midst_is_a_repeat_of_the_first():
    assert headlines(f"{HEADLINE}\n\n{OTHER}\n\n{HEADLINE}\n\n{THIRD}\n\n{HEADLINE}") == [5, 9]


@pytest.mark.parametrize(
    "text",
    [
        f"{OTHER}\n\n{HEADLINE}",
        f"{HEADLINE}\n\n{OTHER}\n\n{HEADLINE}{THIRD}",
        f"{HEADLINE}\n\n{OTHER}\n\n### {HEADLINE}",
    ],
    ids=["once", "in a paragraph", "a heading"],
)
def test_headline_may_stand_once_in_a_paragraph_and_in_a_heading(text):
    assert headlines(text) == []


def test_short_line_that_is_no_headline_may_stand_twice():
    assert headlines(f"{HEADLINE}\n\n{OTHER}\n\n{HEADLINE}", title="電力の話") == []
    assert headlines(f"費用は？\n\n{OTHER}\n\n費用は？", title="電力の費用は？") == []

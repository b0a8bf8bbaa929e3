"""What readers see of a difference, and what of a page is compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.text.changes import MOST, from_json, passages, reading_text
from blog.text.markdown import render_markdown

LONG = "これは前置きの文で、" * 8


def marked(old: str, new: str) -> list[str]:
    signs = {"same": "{}", "removed": "-{}-", "added": "+{}+"}
    found = passages([("body", old, new)]).found
    return ["".join(signs[part.kind].format(part.text) for part in passage.parts) for passage in found]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("前。費用は30円です。後。", "前。費用は50円です。後。", ["前。費用は-30-+50+円です。後。"]),
        ("段落。\n次の段落。\n", "段落。\n挟む。\n次の段落。\n", ["+挟む。+"]),
        (f"{LONG}。値は1。{LONG}。", f"{LONG}。値は2。{LONG}。", [f"…{LONG[-39:]}。値は-1-+2+。{LONG[:40]}…"]),
        ("一。\n二。\n", "一。\n\n二。\n", []),
    ],
)
def test_changed_sentences_stand_with_a_little_around_them(old, new, shown):
    assert marked(old, new) == shown


def test_what_is_too_long_is_counted_and_not_shown():
    told = passages([("title", "前", "後"), ("body", "あ" * MOST, "い" * MOST), ("excerpt", "右", "左")])
    assert [passage.name for passage in told.found] == ["title", "excerpt"]
    assert told.left_out == 1


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_passage_holds_nothing_but_the_two_texts(old, new):
    for passage in passages([("body", old, new)]).found:
        for part in passage.parts:
            source = {"removed": [old], "added": [new], "same": [old, new]}[part.kind]
            text = part.text.strip("…\n")
            assert any(text in whole.replace("\r\n", "\n").replace("\r", "\n") for whole in source)


def test_page_is_read_without_what_it_does_not_show():
    body = "# 題\n\n本文<!-- 内密 -->と[リンク](/x/)。  \n次。\n\n- 甲\n- 乙\n\n| 列 | 値 |\n|---|---|\n| 一 | 1 |\n"
    html = render_markdown(f"{body}\n<!-- 内密 -->\n").html
    assert reading_text(html) == "題\n本文とリンク。\n次。\n甲\n乙\n列 ｜ 値\n一 ｜ 1\n"
    assert reading_text("<p><ruby>漢<rt>かん</rt></ruby>字 <img src=x alt='図'></p>") == "漢字 ［画像：図］\n"
    assert reading_text("") == ""


WRONG = (
    *(1, None, "ab", [1], [["body"]], [["body", 1]], [["body", [["same"]]]], [["body", [["changed", "x"]]]]),
    *([["body", [["same", "a\0"]]]], [["body", [["same", "\ud800"]]]], [["body", [["same", "\udfff"]]]]),
    *([["slug", [["same", "x"]]]], [["body", [["same", 1]]]], [["body", [["same", "x" * (MOST + 1)]]]]),
)


@pytest.mark.parametrize("value", WRONG)
def test_json_that_is_no_list_of_passages_is_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011  whatever it says
        from_json(value, ["body"])

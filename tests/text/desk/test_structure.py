"""Warnings about headings and the sections below them."""

import pytest

from blog.text.desk import Draft, World, apply
from blog.text.markdown import render_markdown
from tests.text.desk.asking import findings, in_body, lines

OURS = World(own_origin="https://magazine.example")


@pytest.mark.parametrize("body", ["# 一\n\n文。", "文。\n# 二\n文。", "#  三 #\n文。", "#\n文。"])
def test_heading_of_the_first_level_is_found(body):
    assert len(in_body("h1", body)) == 1


@pytest.mark.parametrize(
    "body", ["## 一\n\n文。", "#一\n\n文。", "```\n# 注釈\n```", "    # 字下げ", "C#の文。", r"\# 文。"]
)
def test_what_is_no_heading_of_the_first_level_passes(body):
    assert in_body("h1", body) == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("## 一\n文。\n#### 二\n文。", 3),
        ("### 一\n文。", 1),
    ],
)
def test_heading_that_skips_a_level_is_found(body, line):
    assert lines("jump", body) == [line]


@pytest.mark.parametrize(
    "body",
    [
        "## 一\n文。\n### 二\n文。\n#### 三\n文。",
        "# 一\n文。\n### 二\n文。",
        "## 一\n```\n#### 注釈\n```\n",
        "文。\n\n### あわせて読みたい\n\n- [前の記事](/2026/04/01/a/)",
    ],
)
def test_levels_in_their_order_pass(body):
    assert in_body("jump", body) == []


HEADINGS = "".join(f"{mark} 見出し\n\n文。\n\n" for mark in ("#", "###", "#####", "#####", "####", "##", "####"))


def test_shifting_headings_leaves_the_page_as_it_is():
    draft = Draft(title="題", body=HEADINGS)
    edits = [edit for code in ("h1", "jump") for finding in in_body(code, HEADINGS) for edit in finding.fix]
    fixed = apply(draft, edits).body
    assert render_markdown(fixed) == render_markdown(HEADINGS)
    assert in_body("h1", fixed) == in_body("jump", fixed) == []
    assert fixed.replace("#", "") == HEADINGS.replace("#", "")


@pytest.mark.parametrize("below", ["# 二", "## 二", "### 二", "#### 二", "文。"])
def test_shifting_headings_makes_no_section_empty_that_was_not(below):
    body = f"# 一\n\n{below}\n\n文。\n"
    (h1, *_) = in_body("h1", body)
    fixed = apply(Draft(body=body), h1.fix).body
    assert lines("empty_section", fixed) == lines("empty_section", body)


BELOW_HEADLINE = "# 電力の行方と計算の値段を考える\n\n本文です。\n\n### 費用\n\n本文です。\n"


def test_headline_that_a_fix_takes_away_leads_to_no_level():
    draft = Draft(title="電力の行方と計算の値段を考える", body=BELOW_HEADLINE)
    edits = [
        edit for code in ("jump", "head_repeat", "h1") for finding in findings(code, draft) for edit in finding.fix
    ]
    assert apply(draft, edits).body == "本文です。\n\n## 費用\n\n本文です。\n"


HIDDEN = ("<h3>二</h3>", "文の<h3 id='a'>二</h3>", "> ### 二", "- ### 二")


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize(
    "form", ["### 一\n\n{}\n\n### 三\n", "## 一\n\n{}\n\n##### 三\n", "{}\n\n### 一\n\n##### 三\n"]
)
def test_headings_are_not_shifted_where_one_is_hidden(form, hidden):
    jumps = in_body("jump", form.format(hidden))
    assert jumps
    assert [edit for finding in jumps for edit in finding.fix] == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("## 一\n\n## 二\n\n文。", 1),
        ("文。\n\n## 一\n\n---\n\n## 二\n文。", 3),
        ("## 一\n\n**費用**：\n\n---\n\n### 二\n\n文。", 3),
    ],
)
def test_section_without_text_is_found(body, line):
    assert lines("empty_section", body) == [line]


@pytest.mark.parametrize(
    "body",
    [
        "## 一\n\n### 二\n\n文。",
        "# 一\n\n文。\n\n## 二\n\n文。",
        "文。\n\n**電力こそが値段を決める**\n\n## 二\n\n文。",
        "## 一\n\n```\ncode\n```\n\n## 二\n\n文。",
    ],
)
def test_section_with_anything_in_it_passes(body):
    assert in_body("empty_section", body) == []

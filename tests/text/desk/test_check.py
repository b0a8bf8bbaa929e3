"""The check as a whole: order, fixes that need no second go, and a cost in proportion to the body."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blog.text.desk import CODES, Draft, Severity, World, apply, check
from blog.text.keys import word_key
from tests.text.desk.texts import END, KNOWING, LONG, OTHER, THIRD, article, draft, fix, fixed

ERRORS = ("marker", "fence", "cut", "repeat", "dead_link", "missing_image", "empty_body", "empty_excerpt")


def test_article_without_mistakes_has_no_errors():
    assert [finding for finding in check(draft(article(OTHER)), KNOWING) if finding.severity is Severity.ERROR] == []


def test_findings_stand_in_the_order_of_their_lines_and_errors_first():
    body = f"## 題\n\n{LONG}\n\n---END---\n\n{LONG}\n\n[記事](/nowhere/)と![](/no.png)\n\n{THIRD[:-3]}"
    findings = check(draft(body, excerpt=""), World())
    order = [(finding.line, finding.severity is Severity.WARNING) for finding in findings]
    assert order == sorted(order)
    assert [finding.code for finding in findings if finding.severity is Severity.ERROR] == [
        *("empty_excerpt", "marker", "repeat", "dead_link", "missing_image", "cut")
    ]
    assert {finding.code for finding in findings} <= set(CODES)


SHORT = "それは本当だろうか。"
pieces = st.sampled_from(
    [
        *(LONG, OTHER, THIRD, SHORT, END, f"{SHORT}{OTHER}", f"{LONG}{THIRD}", f"{OTHER} {LONG}", OTHER[:-9], "**"),
        *(
            "- ",
            "1. ",
            "  - ",
            "> ",
            "## 電力\n",
            "### 立地（続き）\n",
            "**要点**\n",
            "| a |\n|---|\n| b |\n",
            "「",
            "」",
        ),
        *(
            "---END---\n",
            "---END---",
            "<<<<<<< a\n",
            "=======\n",
            ">>>>>>> b\n",
            "---\n",
            "（続き）\n",
            "タイトル：題\n",
        ),
        *("```\n", "~~~\n", "    ", "<div>\n", "[記事](/old/)", "[記事](/gone/)", "![](/no.png)", "## 関連記事\n\n"),
        *("\n", "\n", "\n\n", "\n\n", "\n\n", " ", "　"),
    ]
)
bodies = st.lists(pieces, max_size=40).map("".join)
WORLD = World(moved={"/old/": "/new/"}, paths={"/new/"})


@settings(max_examples=300)
@given(bodies)
def test_after_the_fixes_nothing_is_left_to_fix(body):
    clean = fix(Draft(title="題", excerpt="要約", body=body), WORLD, ERRORS)
    assert [finding for finding in check(clean, WORLD) if finding.code in ERRORS and finding.fix] == []


RESIDUE = "I have completed the request.\n\n"
CONFLICT = "<<<<<<< ours\n\n=======\n\n>>>>>>> theirs\n\n"


@pytest.mark.parametrize("below", ["---END---\n\n", "（続き）\n\n", "---END---\n---END---\n\n", CONFLICT, RESIDUE])
@pytest.mark.parametrize("top", ["# 計算資源の費用\n\n", "---END---\n\n", RESIDUE])
def test_all_that_goes_from_the_top_goes_at_once(top, below):
    body = f"{top}{below}{LONG}\n\n{END}"
    assert fixed(body) == f"{LONG}\n\n{END}"
    assert fixed(body.replace("\n", "\r\n")) == f"{LONG}\r\n\r\n{END}"


@example("[記事](/old/)1. 市場の見通しは前の四半期から大きく変わり、各社は投資計画を静かに組み直しはじめている。" * 2)
@settings(max_examples=300)
@given(bodies)
def test_dropping_repeats_takes_nothing_that_does_not_stand_elsewhere(body):
    before = Draft(title="題", excerpt="要約", body=body)
    edits = [edit for finding in check(before, WORLD) if finding.code == "repeat" for edit in finding.fix]
    after = apply(before, edits)
    for edit in edits:
        assert not edit.text.strip()
        kept = word_key(after.body)
        for sentence in before.body[edit.start : edit.end].replace("\n", "。").split("。"):
            assert any(word_key(words) in kept for words in (sentence, ITEM_MARK.sub("", sentence)))


ITEM_MARK = re.compile(r"\s*\d+\. ")  # its figure is no part of the sentence

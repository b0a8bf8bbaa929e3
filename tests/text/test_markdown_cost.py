"""What 200,000 characters of anything cost, compared with as much plain text: a slow machine is slow for both.

What they become is read here too, so that each is rendered once.
"""

import functools
import time

import pytest

from blog.text.bounds import (
    CHARS_PER_ELEMENT,
    MAX_ELEMENTS_CONSTANT,
    MAX_HTML_CONSTANT,
    MAX_HTML_MULTIPLE,
    BodyRefused,
)
from blog.text.japanese import reading_minutes
from blog.text.markdown import render_markdown
from tests.text.checker import Checker
from tests.text.hostile import SIZE, repeated
from tests.text.test_markdown_hostile import MULTIPLYING, UNITS

PLAIN = repeated("a paragraph of plain words, one after another.\n\n", SIZE)
# 25 ms on the machine that measured it, on which 300 ms are promised.
TIMES_PLAIN = 12
ELEMENTS = MAX_ELEMENTS_CONSTANT + SIZE // CHARS_PER_ELEMENT
OTHERS = ("- " * 100, "- " * 7, "* [x] a\n", "1. ", "1) a\n", "+\t", "> - a\n")
# The most elements of a kind that are not refused, before text without any.
FULL = {"<p>a": 1, "- [ ] a\n": 2, "<rt>": 1, "- a\n": 1, "a*b*": 1, "[a](/b)": 1, "![](/a)": 1, "<tr><td>x": 2}
ALLOWED = {f"as many as may be of {unit!r}": unit * (ELEMENTS // each - 100) for unit, each in FULL.items()}
SOURCES = {**{repr(unit): repeated(unit, SIZE) for unit in (*UNITS, *OTHERS)}, **ALLOWED, **MULTIPLYING}


def rendered(source):
    """The CPU time of all that a request does with it, and the HTML. A text that is refused costs what it took to see
    that, and has none.
    """
    started, html = time.process_time(), ""
    try:
        html = render_markdown(source, find_picture=lambda src: None).html
        reading_minutes(html)
    except BodyRefused:
        pass
    return time.process_time() - started, html


def seconds(source):
    return rendered(source)[0]


@functools.cache
def least_of_plain_text():
    """Taken once for all sources: of so many turns one is not disturbed."""
    return min(seconds(PLAIN) for _ in range(5))


@pytest.mark.release
@pytest.mark.parametrize("name", SOURCES)
def test_anything_is_safe_and_costs_a_bounded_multiple_of_plain_text_or_is_refused(name):
    source = SOURCES[name].ljust(SIZE, "字")[:SIZE]
    took, html = rendered(source)
    ratios = [took / least_of_plain_text()]
    while ratios[-1] > TIMES_PLAIN and len(ratios) < 8:  # until one is not disturbed by what else the machine does
        plain = min(seconds(PLAIN) for _ in range(2))
        ratios.append(seconds(source) / plain)
    assert min(ratios) <= TIMES_PLAIN
    assert len(html) <= MAX_HTML_CONSTANT + MAX_HTML_MULTIPLE * len(source)
    assert html or name not in ALLOWED
    Checker(html)


@pytest.mark.parametrize("unit", ["- [ ] a\n", "- " * 99 + "a\n", "<p>a", "1. ", "[a](/b)"])
def test_more_elements_than_an_article_has_are_refused_in_words(unit):
    with pytest.raises(BodyRefused, match=r"本文の項目やタグが多すぎます（[0-9,]+個、この本文では[0-9,]+個まで）。"):
        render_markdown(repeated(unit, SIZE))


def test_what_looks_like_items_in_sentences_and_rules_is_no_reason_to_refuse():
    source = "2026 - 2027 - 2028 * 3 + 4\n\n- - - - -\n\n```\n- * + 1. \n```\n\n" * 1_000
    assert render_markdown(source).html.count("<hr>") == 1_000

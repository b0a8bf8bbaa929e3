"""Warnings about headings and the sections below them."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Edit, Finding, World
from blog.text.desk.headline import dropped_headline, headline_again
from blog.text.desk.prose import found
from blog.text.desk.reading import Reading, is_label
from blog.text.headings import ShownLevels

_LEVELS = 6  # of headings
_NO_CONTENT = (Kind.RULE, Kind.TEMPLATE, Kind.DEFINITION)
_HIDDEN_HEADING = re.compile(
    r"<h[1-6][\s>]|^[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])[ \t>]*#{1,6}[ \t]", re.IGNORECASE | re.MULTILINE
)


def h1(article: Reading, world: World) -> Iterator[Finding]:
    for block in article.blocks:
        if block.kind is Kind.HEADING and block.level == 1:
            message = "本文に第1レベルの見出し（#）があります。タイトルだけが第1レベルです。"
            yield found("h1", block, message, fix=(_at_level(article, block, 2),))


def jump(article: Reading, world: World) -> Iterator[Finding]:
    """Finds headings that skip a level; the title is the first. The fix writes the levels that the page already shows.

    Headings in raw HTML, in a quote or in an item are no blocks, but change the levels of the page: beside them there
    is no fix. Related sections and advertisements within the article are left out.
    """
    headline = dropped_headline(article)
    headings = [block for block in article.blocks if block.kind is Kind.HEADING and block is not headline]
    judged = {block.line for block in article.article if block.kind is Kind.HEADING}
    unread = (Kind.FENCE, Kind.CODE, Kind.HEADING)
    others = (block for block in article.blocks if block.kind not in unread)
    has_hidden = any(_HIDDEN_HEADING.search(article.draft.body, block.start, block.end) for block in others)
    levels = ShownLevels()
    shown = [levels.next(block.level) for block in headings]
    above = 1
    for at, block in enumerate(headings):
        level = max(block.level, 2)
        if level > above + 1 and block.line in judged:
            before = f"{'#' * above}の次が" if above > 1 else "最初の見出しが"
            message = f"見出しの段が飛んでいます（{before}{'#' * level}）。"
            section = _section(headings, at, above)
            fix = _shifts(article, headings, shown, section) if not has_hidden else ()
            yield found("jump", block, message, fix=tuple(fix))
        above = level


def _section(headings: Sequence[Block], at: int, above: int) -> range:
    """The places of the heading and of all that follow it in the same section."""
    return range(
        at, next((place for place in range(at, len(headings)) if headings[place].level <= above), len(headings))
    )


def _shifts(article: Reading, headings: Sequence[Block], shown: Sequence[int], section: range) -> Iterator[Edit]:
    """Moves all the headings of a section, so that siblings stay siblings."""
    for place in section:
        if headings[place].level != shown[place]:
            yield _at_level(article, headings[place], shown[place])


def _at_level(article: Reading, heading: Block, level: int) -> Edit:
    start = article.draft.body.index("#", heading.start)
    return Edit("body", start, start + heading.level, "#" * level)


def empty_section(article: Reading, world: World) -> Iterator[Finding]:
    """Finds headings with nothing below them, or only a heading of the same or a higher level. A label in bold counts
    as the lowest level, but may stand above another label. A repeated headline heads the whole article.
    """
    headline = headline_again(article)
    blocks = [block for block in article.article if block.kind not in _NO_CONTENT]
    for block, below in zip_longest(blocks, blocks[1:]):
        if (block.kind is not Kind.HEADING and not is_label(block)) or block is headline:
            continue
        deepest = max(block.level or _LEVELS, 2)
        if below is None or (below.kind is Kind.HEADING and below.level <= deepest):
            yield found("empty_section", block, "見出しの下に本文がありません。")

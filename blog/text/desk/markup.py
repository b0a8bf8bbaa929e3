"""Warns of Markdown syntax that readers would see."""

import re
from collections.abc import Iterator

from blog.text.desk.blanks import bare_text
from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import HEAD, Draft, Edit, Finding, World
from blog.text.desk.prose import PROSE, found, shortened, words
from blog.text.desk.reading import Reading

_MARKS = re.compile(
    r"^ {0,3}(?:#{1,6}|>|[-*+])[ \t]+"
    r"|(?<![0-9A-Za-z])\*{2,3}|\*{2,3}(?![0-9A-Za-z])"  # and not 2**10
    r"|~{2,}|`+"
    r"|!?\[(?P<text>[^\[\]\n]*)\]\([^()\n]*\)",
    re.MULTILINE,
)
# A run of three is bold and italic; between two Latin letters or digits it is an operator. The pattern begins with the
# sign, so that `re` skips the text between.
_BOLD = re.compile(r"\*(?<![\\*]\*)(?!(?<=[0-9A-Za-z]\*)\**[0-9A-Za-z])\*+")


# Marks of a heading that the renderer shows as they are: as the old site's kramdown (GFM) did, it wants a
# space behind them, and a line for the heading. One mark in front of a word is a tag of a social network (#AI).
_NO_SPACE = re.compile(r"^ {0,3}(?:#(?=\*\*)|#{2,6}(?=[^\s#]))(?=[^。\n]{1,80}$)", re.MULTILINE)
_IN_A_LINE = re.compile(r"(?<=[。！？!?]) ?#{2,6} (?=\S)")
# Arrows and other signs may well be all that a link shows.
_EMPTY_LINK = re.compile(r"(?<!!)\[[ \t　「」『』\"'“”‘’]*\]\((?=[/h])")


def markup(article: Reading, world: World) -> Iterator[Finding]:
    """Finds Markdown in title and excerpt, and marks in the body that are not rendered. The fix keeps every word."""
    for field, name in HEAD.items():
        text = _field(article.draft, field)
        edits = tuple(Edit(field, mark.start(), mark.end(), mark["text"] or "") for mark in _MARKS.finditer(text))
        if edits:
            signs = text[edits[0].start : edits[0].end].strip()
            message = f"{name}にMarkdownの記号「{signs}」があります。"
            yield Finding("markup", 0, shortened(text[edits[0].start :]), message, edits)
    for block in article.blocks:
        if block.kind in (Kind.PARAGRAPH, Kind.ITEM, Kind.HEADING):
            yield from _shown_marks(block)


def _shown_marks(block: Block) -> Iterator[Finding]:
    """Yields at most one finding of each kind, since a pasted line may hold many."""
    text = block.text
    if "#" in text and block.kind is not Kind.HEADING:
        yield from _marks_without_space(block)
    if "## " in text and (mark := _IN_A_LINE.search(text)):
        message = "見出しの記号「#」が文の後にあり、記号のまま表示されます。見出しを独立した行にしてください。"
        yield found("markup", block, message, at=mark.start())
    if "](" in text and "`" not in text and (link := _EMPTY_LINK.search(text)):
        yield found("markup", block, "リンクの文字がありません。", at=link.start())


def _marks_without_space(block: Block) -> Iterator[Finding]:
    """The fix makes a heading, which would tear a paragraph apart or stand in an item: only at the begin of a paragraph
    is one meant for sure. Four spaces may begin code.
    """
    mark = _NO_SPACE.search(bare_text(block, "x"))
    if mark:
        message = "見出しの記号「#」の後に空白がなく、記号のまま表示されます。"
        end = block.text_start + mark.end()
        is_meant = mark.start() == 0 and block.kind is Kind.PARAGRAPH and block.text_start - block.start < 4
        fix = (Edit("body", end, end, " "),) if is_meant else ()
        yield found("markup", block, message, at=mark.start(), fix=fix)


def _field(draft: Draft, field: str) -> str:
    return draft.title if field == "title" else draft.excerpt


def bold(article: Reading, world: World) -> Iterator[Finding]:
    for block in article.blocks:
        if block.kind not in PROSE or "**" not in block.text:
            continue
        runs = list(_BOLD.finditer(words(block.text)))
        if sum(len(run[0]) // 2 for run in runs) % 2:
            yield found("bold", block, "太字の記号「**」が対になっていません。", at=runs[-1].start())

"""Reads a Markdown body into blocks, with their places in it, which a renderer does not tell.

It goes once over the lines and looks at most at the next one, so its cost is in proportion to the body. It reads what
CommonMark reads, except that a list is flat (each item is a block, and so is an item's second paragraph) and that a
quote is one block, whatever stands in it. Underlined headings are not read, as the renderer ignores them.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import islice
from typing import NamedTuple


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    TABLE = "table"
    FENCE = "fence"
    CODE = "code"  # indented by four spaces
    QUOTE = "quote"
    RULE = "rule"
    HTML = "html"
    TEMPLATE = "template"  # {% include … %} and {: .class }
    DEFINITION = "definition"  # [^1]: a note, [name]: /address/
    MARKER = "marker"  # a line of Git's conflicts, or a label of the old site's text generator


# What a paragraph above introduces, so that it needs no full stop and means nothing without it.
INTRODUCED = (Kind.ITEM, Kind.TABLE, Kind.FENCE, Kind.CODE, Kind.QUOTE, Kind.HTML)
# What is passed over in search of the next block.
GAPS = (Kind.RULE, Kind.MARKER, Kind.TEMPLATE)


class Block(NamedTuple):
    """A block of the body. `line` counts from 1; `start` and `end` are the places of its lines, without the last line
    end. `text` stands at `text_start`, and is without the mark of a heading or an item; the source otherwise.

    `level` is that of a heading, else 0. `closed` is False for a fence, and for raw HTML, that lacks its end.
    """

    kind: Kind
    line: int
    start: int
    end: int
    text: str
    text_start: int
    level: int = 0
    closed: bool = True


_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|(\d{1,9})[.)])(?:[ \t]+|$)")
_BULLETS = "-*+"
_INDENT = re.compile(r"[ \t]*")
_MARKS = {Kind.HEADING: _HEADING, Kind.ITEM: _ITEM}
_QUOTE = re.compile(r" {0,3}>")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_DELIMITER_ROW = re.compile(r"[|:\- \t]+\r?$")
_TEMPLATE = re.compile(r" {0,3}(?:\{%[^\n]*%\}|\{\{[^\n]*\}\}|\{:[^\n]*\})\s*$")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]]{1,200}\]:")
_MARKER = re.compile(r"(?:<{7}|>{7}|={7}|\|{7})(?:[ \r]|$)|-{3,} ?END ?-{3,}\s*$", re.IGNORECASE)
_LABEL = re.compile(
    r"[.…\s]{0,5}[（(]続き[）)][.…\s]*$"
    r"|[.…\s]{0,5}[【（(\[](?:既存|提供された|元)の?記事の(?:最後|末尾|終わり|続き|冒頭)[^【】（）()\[\]\n]{0,40}[】）)\]][.…\s]*$"
    r"|[*\s]{0,5}[【（(\[](?:Web|ウェブ)検索(?:の?結果)?[】）)\]][*\s]*$",
    re.IGNORECASE,
)
_HTML_TO_BLANK = re.compile(
    r" {0,3}</?(?:address|article|aside|blockquote|center|details|dialog|div|d[dlt]|fieldset|fig(?:caption|ure)|footer"
    r"|form|h[1-6r]|header|iframe|legend|li|link|main|menu|nav|[ou]l|option|p|section|summary|table|t(?:body|[dhr]"
    r"|foot|head))(?=\s|/?>|$)",
    re.IGNORECASE,
)
_RAW_TEXT = "(?:pre|script|style|textarea)"
# What begins the raw HTML that may hold blank lines, and what the line that ends it holds.
_HTML_TO_END = re.compile(rf" {{0,3}}<(?:(!--)|(\?)|(![a-z])|(!\[CDATA\[)|({_RAW_TEXT})(?=[\s>]|$))", re.IGNORECASE)
_HTML_ENDS = [re.compile(end, re.IGNORECASE) for end in ("-->", r"\?>", ">", r"\]\]>", f"</{_RAW_TEXT}>")]
# Alone in its line, any tag begins raw HTML up to a blank line; but it must be one, with each quote closed.
_LONE_TAG = re.compile(
    r"""
    \ {0,3}<(?:
      /[a-z][a-z0-9-]*+ \s*+
    | [a-z][a-z0-9-]*+ (?:\s++ [a-z_:][\w.:-]*+ (?:\s*+=\s*+(?:[^\s"'=<>`]++|"[^"]*+"|'[^']*+'))?)*+ \s*+/?
    )>\s*$
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


# The longest article of the archive has 500. What follows in a longer body is not read, and so not checked.
MAX_BLOCKS = 20_000


def read_blocks(body: str) -> list[Block]:
    """Returns the first MAX_BLOCKS blocks in their order. Blank lines belong to none."""
    return list(islice(_Reader(body).blocks(), MAX_BLOCKS))


class _Reader:
    def __init__(self, body: str) -> None:
        self.body = body
        self.lines = body.split("\n")
        self.at = 0  # the line to read next, and
        self.start = 0  # where it begins
        self.columns: list[int] = []  # where the text begins of the items around the line
        self.is_at_item = False  # whether the line is known to begin one

    def blocks(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            text = self.lines[self.at]
            if not text or text.isspace():
                self._pass()
                continue
            if not self.is_at_item and self.columns and _indent(text) < 2 and not _ITEM.match(text):
                self.columns = []
            kind = Kind.ITEM if self.is_at_item else self._kind(text, after_text=False)
            self.is_at_item = False
            if kind is Kind.ITEM:
                self._open_item(text)
            yield self._block(kind, text)

    def _open_item(self, text: str) -> None:
        indent, mark = _indent(text), _ITEM.match(text)[0].lstrip(" \t")  # type: ignore[index]  # it is an item
        gap = len(mark) - len(mark.rstrip(" \t"))
        column = indent + len(mark) - gap + (gap if 1 <= gap <= 4 else 1)  # of more, all but one belong to code
        self.columns = [*(around for around in self.columns if around <= indent), column]

    def _column(self, text: str) -> int:
        """Where the text begins of the item that the line belongs to; 0 outside of all."""
        indent = _indent(text) if self.columns else 0
        return next((column for column in reversed(self.columns) if column <= indent), 0)

    def _in_item(self, text: str) -> str:
        """The line without the spaces that make it a part of its item."""
        column = self._column(text)
        return " " * (_indent(text) - column) + text.lstrip(" \t") if column else text

    def _pass(self) -> None:
        self.start += len(self.lines[self.at]) + 1
        self.at += 1

    def _kind(self, text: str, *, after_text: bool) -> Kind:
        """What begins with the line. `after_text`: whether a paragraph stands above, which some blocks cannot end."""
        if not self.columns and _indent(text) >= 4:
            return Kind.PARAGRAPH if after_text else Kind.CODE
        mark = text.lstrip(" \t")[:1]
        for kind, begins in _BEGINNINGS_BY_SIGN.get(mark, ()):
            if begins(text):
                return kind
        if mark == "<" and (is_html if after_text else begins_html)(self._in_item(text)):
            return Kind.HTML
        if mark == "[" and not after_text and _DEFINITION.match(text):
            return Kind.DEFINITION
        may_be_item = mark in _BULLETS or mark.isdecimal()
        if may_be_item and (item := _ITEM.match(text)) and (not after_text or self.columns or _may_follow_text(item)):
            return Kind.ITEM
        return Kind.TABLE if "|" in text and self._is_above_delimiters() else Kind.PARAGRAPH

    def _is_above_delimiters(self) -> bool:
        """Whether the line below makes a table of the line to read next."""
        below = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
        return "-" in below and "|" in below and _DELIMITER_ROW.match(below) is not None

    def _block(self, kind: Kind, first: str) -> Block:
        line, start, closed = self.at + 1, self.start, True
        self._pass()
        match kind:
            case Kind.FENCE:
                closed = self._to_fence_end(fence_mark(first))
            case Kind.HTML:
                closed = self._to_html_end(self._in_item(first), self._column(first))
            case Kind.CODE:
                while self.at < len(self.lines) and _indent(self.lines[self.at]) >= 4:
                    self._pass()
            case Kind.TABLE:
                self._pass()
                self._to_next_block(kind)
            case Kind.ITEM:
                self._to_item_end(_ITEM.sub("", first, count=1))
            case Kind.PARAGRAPH | Kind.QUOTE | Kind.DEFINITION:
                self._to_next_block(kind)
            case _:
                pass
        return _block(kind, line, start, self.body[start : self.start - 1], closed=closed)

    def _to_next_block(self, block: Kind) -> None:
        while self.at < len(self.lines):
            text = self.lines[self.at]
            if not text or text.isspace():
                return
            kind = self._kind(text, after_text=True)
            if kind is not Kind.PARAGRAPH and not kind is block is Kind.QUOTE:
                self.is_at_item = kind is Kind.ITEM
                return
            self._pass()

    def _to_item_end(self, words: str) -> None:
        """Passes over the rest of an item, whose words may begin code, raw HTML or a quote."""
        if mark := fence_mark(words):
            self._to_fence_end(mark, in_item=True)
        elif html_end(words):
            self._to_html_end(words, self.columns[-1])
        else:
            self._to_next_block(Kind.QUOTE if _QUOTE.match(words) else Kind.ITEM)

    def _to_fence_end(self, mark: str, *, in_item: bool = False) -> bool:
        while self.at < len(self.lines):
            text = self.lines[self.at].strip(" \t\r")
            if in_item and text and _indent(self.lines[self.at]) < 2:  # the code ends with its item
                return False
            self._pass()
            if text.startswith(mark) and not text.strip(mark[0]):
                return True
        return False

    def _to_html_end(self, first: str, column: int) -> bool:
        """Passes over raw HTML. In an item, whose text begins at the column, it ends with the item."""
        end = html_end(first)
        if not end:
            while self.at < len(self.lines) and self.lines[self.at].strip():
                self._pass()
            return True
        found = end.search(first)  # it may share signs with what begins it: `<!-->` is a whole comment
        while not found and self.at < len(self.lines):
            text = self.lines[self.at]
            if _indent(text) < column and text.strip():
                return True
            found = end.search(text)
            self._pass()
        return found is not None


def _block(kind: Kind, line: int, start: int, source: str, *, closed: bool) -> Block:
    mark = _MARKS.get(kind, _INDENT).match(source)
    before = mark.end() if mark else 0
    text = source[before:].rstrip()
    level = source[:before].count("#") if kind is Kind.HEADING else 0
    if level:
        text = _without_closing_marks(text)
    return Block(kind, line, start, start + len(source), text, start + before, level, closed)


def _indent(text: str) -> int:
    """The columns before the text; a tab counts as four."""
    if text[:1] not in (" ", "\t"):
        return 0
    blank = text[: len(text) - len(text.lstrip(" \t"))]
    return len(blank) + 3 * blank.count("\t")


def _is_rule(text: str) -> bool:
    signs = text.replace(" ", "").replace("\t", "").rstrip("\r")
    return len(signs) >= 3 and not signs.strip(signs[0])


def fence_mark(text: str) -> str:
    """The mark if the line opens a fence, else ""."""
    mark = _FENCE.match(text)
    return mark[1] if mark and (mark[1][0] == "~" or "`" not in text[mark.end() :]) else ""


def is_html(text: str) -> bool:
    """Whether the line begins raw HTML, also under a paragraph. Other tags are part of the text."""
    return html_end(text) is not None or _HTML_TO_BLANK.match(text) is not None


def begins_html(text: str) -> bool:
    """Whether the line begins raw HTML where no paragraph stands above."""
    return is_html(text) or _LONE_TAG.match(text) is not None


def html_end(text: str) -> re.Pattern[str] | None:
    """What is in the line that ends the raw HTML that the line begins, unless a blank line ends it."""
    begin = _HTML_TO_END.match(text)
    return _HTML_ENDS[begin.lastindex - 1] if begin and begin.lastindex else None


def _may_follow_text(item: re.Match[str]) -> bool:
    """A paragraph's line that begins with a year and a full stop is no list: only a bullet or a 1 begins one."""
    return item[1] in (None, "1") and item.end() < len(item.string)


def _without_closing_marks(heading: str) -> str:
    bare = heading.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else heading


#: What a line begins with, and may begin with under a paragraph too: the block, its first signs, and the full test.
_BEGINNINGS: tuple[tuple[Kind, str, Callable[[str], object]], ...] = (
    (Kind.FENCE, "`~", fence_mark),
    (Kind.MARKER, "<=>|-", _MARKER.match),
    (Kind.MARKER, ".…【（([*", _LABEL.match),
    (Kind.RULE, "-*_", _is_rule),
    (Kind.HEADING, "#", _HEADING.match),
    (Kind.QUOTE, ">", _QUOTE.match),
    (Kind.TEMPLATE, "{", _TEMPLATE.match),
)
# Most lines begin with none of the signs.
_BEGINNINGS_BY_SIGN = {
    sign: [(kind, begins) for kind, among, begins in _BEGINNINGS if sign in among]
    for sign in "".join(signs for _, signs, _ in _BEGINNINGS)
}

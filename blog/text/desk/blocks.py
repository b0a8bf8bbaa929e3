"""Reads a Markdown body into blocks, with their places in it: comrak itself says on which lines each stands.

A list is flat (each item is a block, and so is an item's second paragraph), and a quote is one block, whatever stands
in it. Of comrak's columns nothing is used, since they count bytes.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import comrak

from blog.text.commonmark import PARSING, bounded, extensions_for


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
MAX_BLOCKS = 20_000  # the longest article of the archive has 500; what follows in a longer body is not checked


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


_LINE_END = re.compile(r"\r\n?|\n")  # as in comrak: U+2028 ends no line
_PLACED = re.compile(r'<(p|h[1-6]|li|pre|table|hr|blockquote) data-sourcepos="(\d+):\d+-(\d+):(\d+)"( id="fn-)?')
_KINDS = {"p": Kind.PARAGRAPH, "li": Kind.ITEM, "table": Kind.TABLE, "hr": Kind.RULE, "blockquote": Kind.QUOTE}
# These stand by themselves wherever a line begins with them, except in code: comrak would join them to a paragraph.
_MARKER = re.compile(
    r"(?:<{7}|>{7}|={7}|\|{7})(?:[ \r]|$)|-{3,} ?END ?-{3,}\s*$|[.…\s]{0,5}[（(]続き[）)][.…\s]*$"
    r"|[.…\s]{0,5}[【（(\[](?:既存|提供された|元)の?記事の(?:最後|末尾|終わり|続き|冒頭)[^【】（）()\[\]\n]{0,40}[】）)\]][.…\s]*$"
    r"|[*\s]{0,5}[【（(\[](?:Web|ウェブ)検索(?:の?結果)?[】）)\]][*\s]*$",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r" {0,3}(?:\{%[^\n]*%\}|\{\{[^\n]*\}\}|\{:[^\n]*\})\s*$")
_SIGNS = tuple("<>=|-.…（([【*{")
_ITEM = r"(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)"
_MARKS = {
    Kind.HEADING: re.compile(r"[ \t]*#{1,6}(?:[ \t]+|$)", re.MULTILINE),
    Kind.ITEM: re.compile(rf"[ \t]*(?:{_ITEM})+", re.MULTILINE),
    Kind.FENCE: re.compile(rf"[ \t]*(?:{_ITEM})*", re.MULTILINE),
}
_INDENT = re.compile(r"[ \t]*")
_FENCE = re.compile("`{3,}|~{3,}")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]]{1,200}\]:")
_RAW_TEXT = "(?:pre|script|style|textarea)"
# What begins the raw HTML that may hold blank lines, and what ends it.
_TO_END = re.compile(rf"[ \t]*<(?:(!--)|(\?)|(![a-z])|(!\[CDATA\[)|({_RAW_TEXT})(?=[\s>]|$))", re.IGNORECASE)
_ENDS = [re.compile(end, re.IGNORECASE) for end in ("-->", r"\?>", ">", r"\]\]>", f"</{_RAW_TEXT}>")]


def line_starts(body: str) -> list[int]:
    return [0, *(end.end() for end in _LINE_END.finditer(body))]


def read_blocks(body: str) -> list[Block]:
    """Returns the first MAX_BLOCKS blocks in their order. Blank lines belong to none. Raises BodyRefused for a text
    that the renderer refuses.
    """
    return _Reader(body).blocks()[:MAX_BLOCKS]


Placed = tuple[int, int, Kind, int, int]  # first line, order, kind, last line and level of what comrak found


class _Reader:
    def __init__(self, body: str) -> None:
        self.body = body
        self.starts = [*line_starts(body), len(body) + 1]
        self.lines = [body[start:end] for start, end in zip(self.starts, self.starts[1:], strict=False)]
        self.alone = {
            at: kind
            for at, line in enumerate(self.lines)
            if line.lstrip().startswith(_SIGNS) and (kind := _kind_alone(line))
        }

    def blocks(self) -> list[Block]:
        placed = sorted(self._placed(), key=lambda row: row[:2])  # comrak prints notes at the end
        found: list[Block] = []
        done = 0  # the next line
        for at, (first, _, kind, last, level) in enumerate(placed):
            if first < done:  # within a quote, a note, or on the line of its item
                continue
            if kind is Kind.ITEM:
                kind, last = self._item(placed, at)
            found += self._gap(done, first)
            found.append(self._block(kind, first, last, level))
            done = last + 1
        return [*found, *self._gap(done, len(self.lines))]

    def _placed(self) -> Iterator[Placed]:
        shown = ("" if at in self.alone else line.rstrip("\r\n") for at, line in enumerate(self.lines))
        source = bounded("\n".join(shown).encode(errors="replace").decode())
        html = comrak.render_markdown(source, extensions_for(source), PARSING, _PLACES)
        for order, found in enumerate(_PLACED.finditer(html)):
            tag, first, last, column, note = found.groups()
            kind = Kind.DEFINITION if note else _KINDS.get(tag, Kind.HEADING if tag[0] == "h" else Kind.CODE)
            level = int(tag[1]) if kind is Kind.HEADING else 0
            yield int(first) - 1, order, kind, int(last) - (1 if int(column) else 2), level

    def _item(self, placed: list[Placed], at: int) -> tuple[Kind, int]:
        """The kind and the last line of an item alone: what begins on its line is its text."""
        first, _, kind, last, _ = placed[at]
        while (at := at + 1) < len(placed):
            below, _, inner, end, _ = placed[at]
            if below > first:
                last = min(last, below - 1)
                break
            last = min(last, end)
            kind = inner if inner is Kind.CODE else kind
        while last > first and kind is Kind.ITEM and (last in self.alone or not self.lines[last].strip()):
            last -= 1
        return kind, last

    def _gap(self, first: int, end: int) -> Iterator[Block]:
        """What comrak gives no place: raw HTML, definitions, and the lines that it was not shown."""
        at = first
        while at < end:
            line, last = self.lines[at], at
            if line.strip():
                kind = self.alone.get(at) or (Kind.DEFINITION if _DEFINITION.match(line) else Kind.HTML)
                if at not in self.alone:
                    last = self._end_of_html(at, end)
                yield self._block(kind, at, last, 0)
            at = last + 1

    def _end_of_html(self, at: int, end: int) -> int:
        """The last line of the chunk; raw HTML that may hold blank lines ends with its end."""
        closing = html_end(self.lines[at])
        found = closing is not None and closing.search(self.lines[at])
        while at + 1 < end and not found and at + 1 not in self.alone and (closing or self.lines[at + 1].strip()):
            at += 1
            found = closing is not None and closing.search(self.lines[at])
        return at

    def _block(self, kind: Kind, first: int, last: int, level: int) -> Block:
        start, end = self.starts[first], self.starts[min(last + 1, len(self.lines))]
        source = self.body[start:end].rstrip("\r\n")
        if kind is Kind.CODE and _FENCE.match(_MARKS[Kind.FENCE].sub("", source, count=1)):
            kind = Kind.FENCE
        mark = _MARKS.get(kind, _INDENT).match(source)
        before = mark.end() if mark else 0
        text = source[before:].rstrip()
        if kind is Kind.HEADING:
            bare = text.rstrip("#")
            text = bare.rstrip() if not bare or bare[-1] in " \t" else text
        return Block(kind, first + 1, start, start + len(source), text, start + before, level, _is_closed(kind, text))


def _kind_alone(line: str) -> Kind | None:
    return Kind.MARKER if _MARKER.match(line) else Kind.TEMPLATE if _TEMPLATE.match(line) else None


def html_end(line: str) -> re.Pattern[str] | None:
    """What is in the line that ends the raw HTML that the line begins, unless a blank line ends it."""
    begin = _TO_END.match(line)
    return _ENDS[begin.lastindex - 1] if begin and begin.lastindex else None


def _is_closed(kind: Kind, text: str) -> bool:
    if kind is Kind.HTML:
        end = html_end(text)
        return end is None or end.search(text) is not None
    if kind is not Kind.FENCE:
        return True
    mark, last = _FENCE.match(text)[0], text.rpartition("\n")[2].strip(" \t\r>")  # type: ignore[index]  # it is one
    return "\n" in text and last.startswith(mark) and not last.strip(mark[0])


def _places() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.sourcepos = True  # and not `unsafe_`: raw HTML could forge what it writes
    return options


_PLACES = _places()

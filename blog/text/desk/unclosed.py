"""What the text opens and does not close, to the harm of all that follows: code blocks, comments, tags."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.findings import Edit, Finding, World
from blog.text.desk.reading import Reading, shown
from blog.text.html_tags import SWALLOWING

_OPEN_FENCE = "コードブロックが閉じていません。ここから先の本文がすべてコードとして表示されます。"
_OPEN_COMMENT = (
    "コメント（<!--）が閉じていません。ここから先の本文が読者に見えません。「-->」で閉じるか、消してください。"
)
_MISENDED = (
    "コメント（<!--）が「--!>」で終わっています。ここから先の本文が記号のまま表示されます。「-->」に直してください。"
)
_OPEN_QUOTE = "タグの引用符が閉じていません。ここから先の本文が読者に見えません。引用符を閉じてください。"
_OPEN_INSTRUCTION = (
    "「{}」から先の本文が、読者に見えないか、記号のまま表示されます。"
    "見せたいコードならコードブロックに入れ、そうでなければ消してください。"
)
_OPEN_ELEMENT = (
    "<{0}>が閉じていません。ここから先の本文が記号のまま表示されます。「</{0}>」で閉じるか、消してください。"
)


class _Opened(NamedTuple):
    """What is open at the end of its block, and where it begins."""

    begin: int
    message: str


def fence(article: Reading, world: World) -> Iterator[Finding]:
    """Finds a code block without its end, which turns the rest of the article into code, and a comment or tag without
    its end, which hides the rest.
    """
    body = article.draft.body
    for block in article.blocks:
        if block.kind is Kind.FENCE and not block.closed:
            first = block.text.split("\n", 1)[0]
            yield Finding("fence", block.line, shown(first), _OPEN_FENCE, _closing(article, block))
    for begin, message in _openings(article.blocks):
        if _hides_lines(body, begin):
            yield Finding("fence", article.line_of(begin), shown(body[begin : _end_of_line(body, begin)]), message)


_SIGN = re.compile(r"\S")
_REST_OF_LINE = re.compile(r"[^\r\n]*")


def _hides_lines(body: str, begin: int) -> bool:
    """Whether anything stands below the line in which the comment or tag begins."""
    line_end = body.find("\n", begin)
    return line_end >= 0 and _SIGN.search(body, line_end) is not None


def _end_of_line(text: str, at: int) -> int:
    return _REST_OF_LINE.match(text, at).end()  # type: ignore[union-attr]  # it may be empty


def _openings(blocks: Sequence[Block]) -> Iterator[_Opened]:
    for above, block in zip((None, *blocks), blocks, strict=False):
        # What stands in an item ends with it.
        is_in_item = above is not None and above.kind is Kind.ITEM and block.text_start - block.start >= 2
        if block.kind is Kind.HTML and not is_in_item:
            opened = _opened_within(block.text) if block.closed else _Opened(0, _described(block.text))
            if opened:
                yield _Opened(block.text_start + opened.begin, opened.message)


# --- raw HTML ---

_OPENING = re.compile(r"<[!?]?[\[\w]*")
_BLANK_LINE = r"\r?\n[ \t]*\r?\n"
_BLANK = re.compile(_BLANK_LINE)
# What a browser reads: a comment, an instruction up to the first >, and a tag with its attributes, unless the renderer
# shows it as text. It matches from each sign on, if need be to the end of the text, so it never backtracks.
_TAG = re.compile(
    rf"""
    <(?!/?(?:{"|".join(SWALLOWING)})[\s/>])(?:
      !--(?:-?>|.*?(?:--!?>|(?P<comment>\Z)))
    | [!?](?P<instruction>[^>]*+)
    | [/a-z][^\s/>]*+
      (?:[^>"'=]++|=\s*+(?:"[^"]*+(?:"|(?P<double>\Z))|'[^']*+(?:'|(?P<single>\Z)))?+|["'])*+
    )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def _described(text: str) -> str:
    """What is said of raw HTML to which nothing in the article is the end."""
    if text.startswith("<!--"):
        return _MISENDED if "--!>" in text else _OPEN_COMMENT
    opening = _OPENING.match(text)[0]  # type: ignore[index]  # it begins with <
    return _OPEN_INSTRUCTION.format(opening) if opening[1] in "!?" else _OPEN_ELEMENT.format(opening[1:])


def _opened_within(text: str) -> _Opened | None:
    """What a block of raw HTML leaves open although it has its end. An instruction that goes beyond a blank line hides
    what was meant for readers, too.
    """
    for tag in _TAG.finditer(text):
        if tag["comment"] is not None:
            return _Opened(tag.start(), _OPEN_COMMENT)
        if tag["double"] is not None or tag["single"] is not None:
            return _Opened(tag.start(), _OPEN_QUOTE)
        if tag["instruction"] and _BLANK.search(tag["instruction"]):
            return _Opened(tag.start(), _described(tag[0]))
    return None


# --- code ---

_PROSE = re.compile(
    rf"{_BLANK_LINE}(?:-{{3,}}[ \t]*{_BLANK_LINE})?"
    r"(?=#{2,6} |[^\s#/*;%<>{}()\[\]=\"'-][^\n]*。[ \t]*(?:\r?\n|$))"
)


def _closing(article: Reading, block: Block) -> tuple[Edit, ...]:
    """Closes a fence where prose begins again after a blank line, else at its end. One in a list is for an editor."""
    if article.draft.body[block.start : block.text_start].strip():
        return ()
    mark = re.match(r"`+|~+", block.text)
    prose = _PROSE.search(block.text)
    last = block.text_start + (prose.start() if prose else len(block.text))
    at = _end_of_line(article.draft.body, last)  # behind spaces of any width
    indent = article.draft.body[block.start : block.text_start]
    line_end = "\r\n" if "\r\n" in article.draft.body else "\n"
    return (Edit("body", at, at, f"{line_end}{indent}{mark[0] if mark else '```'}"),)

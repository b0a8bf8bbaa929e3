"""What the text opens and does not close, to the harm of all that follows: code blocks, comments, tags."""

import re
from collections.abc import Iterator

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
_OPENING = re.compile(r"<[!?]?[\[\w]*")
_BLANK_LINE = r"\r?\n[ \t]*\r?\n"
# What a browser reads: a comment, an instruction up to the first >, and a tag with its attributes, unless the renderer
# shows it as text. It matches from each sign on, if need be to the end of the text, so it never backtracks.
_TAG = re.compile(
    rf"""
    <(?!/?(?:{"|".join(SWALLOWING)})[\s/>])(?:
      !--(?:-?>|.*?(?:--!?>|(?P<comment>\Z)))
    | [!?][^>]*+
    | [/a-z][^\s/>]*+
      (?:[^>"'=]++|=\s*+(?:"[^"]*+(?:"|(?P<double>\Z))|'[^']*+(?:'|(?P<single>\Z)))?+|["'])*+
    )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def fence(article: Reading, world: World) -> Iterator[Finding]:
    """Finds a code block without its end, which turns the rest of the article into code, and a comment or tag without
    its end, which hides the rest. What stands in a quote or an item ends with it.
    """
    body = article.draft.body
    for above, block in zip((None, *article.blocks), article.blocks, strict=False):
        if block.kind is Kind.FENCE and not block.closed:
            first = block.text.split("\n", 1)[0]
            yield Finding("fence", block.line, shown(first), _OPEN_FENCE, _closing(article, block))
        is_in_item = above is not None and above.kind is Kind.ITEM and block.text_start - block.start >= 2
        if block.kind is not Kind.HTML or is_in_item:
            continue
        begin, message = _opened_within(block.text) if block.closed else (0, _described(block.text))
        line_end = body.find("\n", block.text_start + begin)
        if message and line_end >= 0 and body[line_end:].strip():
            place = block.text_start + begin
            yield Finding("fence", article.line_of(place), shown(body[place:line_end]), message)


def _described(text: str) -> str:
    """What is said of raw HTML to which nothing in the article is the end."""
    if text.startswith("<!--"):
        return _MISENDED if "--!>" in text else _OPEN_COMMENT
    opening = _OPENING.match(text)[0]  # type: ignore[index]  # it begins with <
    return _OPEN_INSTRUCTION.format(opening) if opening[1] in "!?" else _OPEN_ELEMENT.format(opening[1:])


def _opened_within(text: str) -> tuple[int, str]:
    """What a block of raw HTML leaves open although it has its end, and where; "" if nothing."""
    for tag in _TAG.finditer(text):
        if tag["comment"] is not None:
            return tag.start(), _OPEN_COMMENT
        if tag["double"] is not None or tag["single"] is not None:
            return tag.start(), _OPEN_QUOTE
    return 0, ""


_PROSE = re.compile(
    rf"{_BLANK_LINE}(?:-{{3,}}[ \t]*{_BLANK_LINE})?"
    r"(?=#{2,6} |[^\s#/*;%<>{}()\[\]=\"'-][^\n]*。[ \t]*(?:\r?\n|$))"
)


def _closing(article: Reading, block: Block) -> tuple[Edit, ...]:
    """Closes a fence where prose begins again after a blank line, else at its end. One in a list is for an editor."""
    body = article.draft.body
    indent = body[block.start : block.text_start]
    if indent.strip():
        return ()
    prose = _PROSE.search(block.text)
    last = block.text_start + (prose.start() if prose else len(block.text))
    rest = body[last:].split("\n", 1)[0].removesuffix("\r")
    at = last + len(rest)  # behind spaces of any width
    line_end = "\r\n" if "\r\n" in body else "\n"
    mark = block.text[: len(block.text) - len(block.text.lstrip(block.text[0]))]
    return (Edit("body", at, at, f"{line_end}{indent}{mark}"),)

"""Leaves out what the page hides of a body beside comments: what stands in <? … ?>, <!x …> and <![CDATA[ … ]]>, notes
to which nothing leads, and addresses that lead nowhere, which some write as comments: [//]: # (…), [comment]: <> (…).

Where it is hard to tell, it keeps less than the page shows.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from blog.text.desk.blanks import bare_text, without_code
from blog.text.desk.blocks import Block, Kind, read_blocks

# In raw HTML a browser hides comments, and tags without a name up to the first >. One that begins a line may be the
# mark of a quote.
_IN_HTML = re.compile(r"<(?:!--.*?(?:--!?>|\Z)|(?:[!?]|/(?![A-Za-z]))(?:[^>\n]++|\n[ \t>]*+)*+(?:>|\Z))", re.DOTALL)
_IN_TEXT = (
    ("?>", re.compile(r"<\?.*?\?>", re.DOTALL)),
    ("]]>", re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)),
    (">", re.compile(r"<![A-Z]+\s[^>]*>")),
)
_MARKS = r"(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*"  # of quotes and items
_HTML_LINE = re.compile(rf"^{_MARKS}(?=<)", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\[\]\s]+\]")
_NOTE = re.compile(r"^ {0,3}(?P<mark>\[\^[^\[\]\s]+\]):.*?(?=^ {0,3}\[[^\[\]\n]+\]:|\Z)", re.DOTALL | re.MULTILINE)
_TITLE = r"(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\))"
_NOWHERE = re.compile(
    rf"^{_MARKS}(?P<address>\[[^\[\]\n]+\]:[ \t]*(?:#|<#?>)(?:\s{{1,9}}{_TITLE})?)[ \t]*$", re.MULTILINE | re.DOTALL
)


def without_hidden(body: str) -> str:
    marks = Counter(_NOTE_MARK.findall(body.lower()))
    kept, at, is_unread = [], 0, False
    for block in read_blocks(body) if "<" in body or "]:" in body else ():
        unread = _unread_notes(block, marks) if block.kind is Kind.DEFINITION else []
        if is_unread and block.kind is Kind.CODE:  # it goes on with the note above
            unread = [(0, len(block.text))]
        is_unread = unread != [] and unread[-1][1] == len(block.text)
        for start, end in sorted([*unread, *_hidden(block)]):
            kept.append(body[at : block.text_start + start])
            at = max(at, block.text_start + end)
            if block.text.startswith("<!--", start) and not block.text.endswith(("-->", "--!>"), start, end):
                return "".join(kept)  # as a browser does, also where its quote or item ends
    return "".join([*kept, body[at:]])


def _unread_notes(block: Block, marks: Mapping[str, int]) -> list[tuple[int, int]]:
    return [note.span() for note in _NOTE.finditer(block.text) if marks[note["mark"].lower()] == 1]


def _hidden(block: Block) -> Iterator[tuple[int, int]]:
    if block.kind in (Kind.FENCE, Kind.CODE) or not ("<" in block.text or "]:" in block.text):
        return
    begin = 0  # of raw HTML
    if block.kind is not Kind.HTML:
        bare = bare_text(block, "x")
        begin = _html_begin(block) if "<" in bare else len(bare)
        yield from (found.span("address") for found in _NOWHERE.finditer(bare))
        for ending, pattern in _IN_TEXT:  # up to the last end, so that each beginning has one
            last = bare.rfind(ending, 0, begin) + len(ending)
            yield from (found.span() for found in pattern.finditer(bare, 0, last))
    for found in _IN_HTML.finditer(block.text, begin):
        yield found.span()


def _html_begin(block: Block) -> int:
    line = _HTML_LINE.search(without_code(block.text, "x")) if block.kind in (Kind.QUOTE, Kind.ITEM) else None
    return line.end() if line else len(block.text)

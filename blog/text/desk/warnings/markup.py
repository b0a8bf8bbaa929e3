"""Warns of marks of Markdown that readers would see."""

import re
from collections.abc import Iterator

from blog.text.desk.findings import HEAD, Draft, Edit, Finding, World
from blog.text.desk.reading import Reading
from blog.text.desk.warnings.prose import PROSE, found, shortened, words

_MARKS = re.compile(
    r"^ {0,3}(?:#{1,6}|>|[-*+])[ \t]+"
    r"|(?<![0-9A-Za-z])\*{2,3}|\*{2,3}(?![0-9A-Za-z])"  # and not 2**10
    r"|~{2,}|`+"
    r"|!?\[(?P<text>[^\[\]\n]*)\]\([^()\n]*\)",
    re.MULTILINE,
)
# A run of three is bold and italic; between two Latin letters or digits it is an operator.
_BOLD = re.compile(r"(?<![\\*])(?<![0-9A-Za-z](?=\*+[0-9A-Za-z]))\*{2,}")


def markup(article: Reading, world: World) -> Iterator[Finding]:
    """The fix takes the marks away and leaves each word."""
    for field, name in HEAD.items():
        text = _field(article.draft, field)
        edits = tuple(Edit(field, mark.start(), mark.end(), mark["text"] or "") for mark in _MARKS.finditer(text))
        if edits:
            signs = text[edits[0].start : edits[0].end].strip()
            message = f"{name}にMarkdownの記号「{signs}」があります。"
            yield Finding("markup", 0, shortened(text[edits[0].start :]), message, edits)


def _field(draft: Draft, field: str) -> str:
    return draft.title if field == "title" else draft.excerpt


def bold(article: Reading, world: World) -> Iterator[Finding]:
    for block in article.blocks:
        if block.kind not in PROSE or "**" not in block.text:
            continue
        runs = list(_BOLD.finditer(words(block.text)))
        if sum(len(run[0]) // 2 for run in runs) % 2:
            yield found("bold", block, "太字の記号「**」が対になっていません。", at=runs[-1].start())

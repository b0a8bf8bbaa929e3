"""Splits a block into sentences, with their places in the body."""

import re
from typing import NamedTuple

from blog.text.desk.blocks import Block

# A half-width mark may stand in an address or a name (Yahoo!); it ends a sentence before a space or Japanese text.
_END = re.compile(r"[。！？]+|[!?]+(?=\s|$|[^\x00-\x7f])|\n")
_LINK = re.compile(r"\[[^\[\]\n]*\]\([^()\n]*\)")
_CLOSING = re.compile(r"[」』）)】\]”’…♪]*")


class Sentence(NamedTuple):
    """`start` and `end` are places in the body; `text` is the source between them, without spaces around it."""

    text: str
    start: int
    end: int


def sentences(block: Block) -> list[Sentence]:
    """Splits at full stops and line ends. What a writer left unfinished is a sentence too."""
    found: list[Sentence] = []
    begin = 0
    for end in _END.finditer(_without_links(block.text)):
        if end.start() < begin:
            continue
        close = _past_closing_marks(block.text, begin, end.end())
        found += _trimmed(block, begin, close)
        begin = close
    return found + _trimmed(block, begin, len(block.text))


def _without_links(text: str) -> str:
    """The text with signs in place of links, so that a question in the text of a link does not end a sentence."""
    return _LINK.sub(lambda link: "_" * len(link[0]), text) if "](" in text else text


def _past_closing_marks(text: str, begin: int, end: int) -> int:
    if text[end - 1] == "\n":
        return end
    closing = _CLOSING.match(text, end)
    end = closing.end() if closing else end
    if text.startswith("**", end) and text.count("**", begin, end) % 2:  # the end of emphasis, not its beginning
        end += 2
    return end


def _trimmed(block: Block, begin: int, end: int) -> list[Sentence]:
    piece = block.text[begin:end]
    text = piece.strip()
    if not text:
        return []
    start = block.text_start + begin + len(piece) - len(piece.lstrip())
    return [Sentence(text, start, start + len(text))]

"""Splits a block into sentences, with their places in the body."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from blog.text.desk.blocks import Block

# What stands in 「」 and goes on with a particle is a part of the sentence around it: 「…。」と述べた。
_AFTER_SPEECH = "(?:と(?!ころ|はいえ|くに|もかく|もあれ|りわけ)|って|の(?!ち)|を|など)"
# A half-width mark may stand in an address or a name (Yahoo!); it ends a sentence before a space or Japanese text.
# It begins with a sign and not with alternatives, so that `re` skips the text between signs.
_END = re.compile(
    r"[。！？!?\n](?:(?<=\n)|"
    r"(?:(?<=[。！？])[。！？]*+|(?<=[!?])[!?]*+(?=\s|$|[^\x00-\x7f]))"
    rf"[」』）)】\]”’…♪]*+(?!(?<=[」』”])\*{{0,2}}{_AFTER_SPEECH})"
    r"(?:[ 　]?\[\^[^\[\]\s]{1,50}\])*)"  # the marks of notes
)
_LINK = re.compile(r"\[[^\[\]\n]*\]\([^()\n]*\)")


class Sentence(NamedTuple):
    """`start` and `end` are places in the body; `text` is the source between them, without spaces around it."""

    text: str
    start: int
    end: int


def sentences(block: Block) -> Iterator[Sentence]:
    """Splits at full stops and line ends. What a writer left unfinished is a sentence too."""
    text, offset, begin = block.text, block.text_start, 0
    for end in _ends(text):
        piece = text[begin:end]
        if sentence := piece.strip():
            start = offset + begin + len(piece) - len(piece.lstrip())
            yield Sentence(sentence, start, start + len(sentence))
        begin = end


def _ends(text: str) -> Iterator[int]:
    begin = 0
    # A question in the text of a link does not end a sentence.
    bare = _LINK.sub(lambda link: "_" * len(link[0]), text) if "](" in text else text
    for found in _END.finditer(bare):
        end = found.end()
        if bare.startswith("**", end) and bare.count("**", begin, end) % 2:  # emphasis ends here, and does not begin
            end += 2
        yield end
        begin = end
    yield len(text)

"""Splits a block into sentences, with their places in the body."""

import re
from collections.abc import Iterator

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


# The source of a sentence without spaces around it, and where it begins and ends in the body. A plain tuple: an article
# has hundreds, and a class costs ten times as much.
Sentence = tuple[str, int, int]


def sentences(block: Block) -> Iterator[Sentence]:
    """Splits at full stops and line ends. What a writer left unfinished is a sentence too."""
    text, offset, begin = block.text, block.text_start, 0
    # A question in the text of a link does not end a sentence.
    bare = _LINK.sub(lambda link: "_" * len(link[0]), text) if "](" in text else text
    has_emphasis = "**" in bare
    for found in _END.finditer(bare):
        end = found.end()
        if has_emphasis and bare.startswith("**", end) and bare.count("**", begin, end) % 2:
            end += 2  # emphasis ends here, and does not begin
        piece = text[begin:end]
        if sentence := piece.strip():
            start = offset + (begin if sentence[0] == piece[0] else end - len(piece.lstrip()))
            yield sentence, start, start + len(sentence)
        begin = end
    if sentence := text[begin:].strip():
        start = offset + len(text) - len(text[begin:].lstrip())
        yield sentence, start, start + len(sentence)

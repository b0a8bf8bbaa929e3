"""Tells from the other sentences of an article whether a piece of it is a whole sentence.

Texts that were put together from parts say most things twice: a sentence that is cut in one place is whole in another.
That proves the cut where the piece alone could be a label, a headline or a slogan.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from blog.text.desk.blocks import Block, Kind
from blog.text.desk.keys import word_keys

# Plainer than `sentences.sentences`, and four times as fast: what is quoted counts as sentences too.
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]*")
_LABEL = re.compile(r"\*\*[^*\n]{1,60}(?:[：:]\*\*|\*\*[ 　]?[：:])[ 　]*")
_READ = (Kind.PARAGRAPH, Kind.ITEM, Kind.HEADING)
# Where sections were pasted into one paragraph, a title without a full stop stands in front of a sentence.
_PASTED = re.compile(r"(?<=[^\x00-\x7f])\*{0,2}[ 　]\*{0,2}(?=[^\x00-\x7f])")
_KATAKANA = re.compile("[ァ-ヺー]{3,}")
# Behind these a clause begins, which may well stand as a sentence elsewhere.
_BEFORE_CLAUSE = "、，,.「『（(：: 　―—…*"


class Echoes:
    """The sentences of some blocks, indexed for each question when it is first asked."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._texts = {block.text for block in blocks if block.kind in _READ}

    def goes_on(self, key: str) -> bool:
        """Whether a longer sentence begins with these word characters, if there are any."""
        at = bisect_right(self._keys, key) if key else len(self._keys)
        return at < len(self._keys) and self._keys[at].startswith(key)

    def is_end(self, sentence: str) -> bool:
        """Whether a longer sentence ends with this one and has the beginning of its clause before it."""
        back = sentence[::-1]
        at = bisect_right(self._backwards, back)
        if at == len(self._backwards) or not self._backwards[at].startswith(back):
            return False
        return self._backwards[at][len(back)] not in _BEFORE_CLAUSE

    def says(self, joint: str) -> bool:
        """Whether a sentence contains these word characters."""
        return joint in self._text

    @cached_property
    def katakana(self) -> set[str]:
        return {word for text in self._texts for word in _KATAKANA.findall(text)}

    @cached_property
    def _text(self) -> str:
        return "\n".join(self._keys)

    @cached_property
    def _keys(self) -> list[str]:
        return sorted(word_keys([without_label(sentence) for sentence in self._sentences]))

    @cached_property
    def _backwards(self) -> list[str]:
        return sorted(sentence[::-1] for sentence in self._sentences)

    @cached_property
    def _sentences(self) -> set[str]:
        found = {piece.strip() for text in self._texts for piece in _SENTENCE.findall(text)}
        return {part for sentence in found for part in _parts(sentence)}


def _parts(sentence: str) -> list[str]:
    return _PASTED.split(sentence) if " " in sentence or "\u3000" in sentence else [sentence]


def without_label(text: str) -> str:
    """The text without a label in bold in front: **費用：** …"""
    return _LABEL.sub("", text, count=1) if text.startswith("**") else text

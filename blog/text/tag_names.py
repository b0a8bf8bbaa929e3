"""Finds the tag whose name is most like that of another: サーバ and サーバー, 生成AI活用 and 生成AI."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple

from blog.text.japanese import normalise_for_search

LEAST_LIKENESS = 0.6  # of two names of which neither holds the other
LEAST_PART = 0.5  # a name that holds a much shorter one is about more than that: 教育AI and AI

_VU = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴ": "ブ"}
_SIGNS = re.compile(r"[^\w+#]|_")
_LAST_LONG_VOWEL = re.compile("(?<=[ァ-ヺ])ー(?![ァ-ヺー])")
_NUMBER = re.compile(r"\d+")
_LATIN = re.compile("[a-z0-9]")


class Reason(IntEnum):
    """Why two names are near, the strongest reason first."""

    SPELLING = 1
    PART = 2
    ALIKE = 3


class Name(NamedTuple):
    """One name of a tag, or one of its other spellings. `weight` is the number of its articles."""

    tag: int
    text: str
    weight: int = 0


class Near(NamedTuple):
    tag: int
    reason: Reason
    likeness: float
    """The share of pairs of characters that both names have, from 0 to 1."""


def folded(name: str) -> str:
    """The name without what tells spellings of one word apart: case, width, signs, a last ー, ヴァ for バ.

    ``+`` and ``#`` stay, since C++ and C# are no spellings of C.
    """
    text = _SIGNS.sub("", normalise_for_search(name))
    for long, short in _VU.items():
        text = text.replace(long, short)
    return _LAST_LONG_VOWEL.sub("", text)


class TagNames:
    """The names of all tags, indexed by their pairs of characters: a look-up compares only names that share a pair."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = [(name, folded(name.text)) for name in names]
        self._pairs = [_pairs(text) for _, text in self._names]
        self._with_pair: dict[str, list[int]] = defaultdict(list)
        for place, pairs in enumerate(self._pairs):
            for pair in pairs:
                self._with_pair[pair].append(place)

    def nearest(self, tag: int, name: str) -> Near | None:
        """The nearest other tag, or None if none is near. Of two that are equally near, the one with more articles."""
        found = min(self._near(tag, folded(name)), default=None)
        return found[-1] if found else None

    def _near(self, tag: int, text: str) -> Iterator[tuple[Reason, float, int, str, Near]]:
        pairs = _pairs(text)
        shared = Counter(place for pair in sorted(pairs) for place in self._with_pair.get(pair, ()))
        for place, common in shared.items():
            name, other = self._names[place]
            size = len(self._pairs[place])
            likeness = 2 * common / (len(pairs) + size)
            may_hold = common == min(len(pairs), size)  # a part shares all of its pairs
            if name.tag == tag or (likeness < LEAST_LIKENESS and not may_hold):
                continue
            if reason := _reason(text, other, likeness):
                yield reason, -likeness, -name.weight, name.text, Near(name.tag, reason, likeness)


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(max(1, len(text) - 1))} if text else set()


def _reason(one: str, other: str, likeness: float) -> Reason | None:
    if one == other:
        return Reason.SPELLING
    if _NUMBER.findall(one) != _NUMBER.findall(other):
        return None  # GPT-4 and GPT-5, 2025年 and 2026年
    short, long = sorted((one, other), key=len)
    if len(short) > LEAST_PART * len(long) and _holds(long, short):
        return Reason.PART
    return Reason.ALIKE if likeness >= LEAST_LIKENESS else None


def _holds(long: str, short: str) -> bool:
    """Whether `long` contains `short` without cutting a Latin word: FAIR does not hold AI."""
    start = long.find(short)
    while start >= 0:
        end = start + len(short)
        if not _cuts(long, start) and not _cuts(long, end):
            return True
        start = long.find(short, start + 1)
    return False


def _cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and bool(_LATIN.match(text[at - 1]) and _LATIN.match(text[at]))

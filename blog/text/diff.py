"""What changed between two Japanese texts: sentence by sentence, and within a sentence character by character.

Whatever the texts, the work is bounded: where the budget of steps ends, a stretch counts as replaced as a whole.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from blog.text.lines import with_lf

# A sentence ends with its mark, the brackets that close after it and the line ends; without a mark, with the line.
SENTENCE = re.compile(r"[^。！？\n]*(?:[。！？]+[」』）】〉》”’)\]*_]*\n*|\n+)|[^。！？\n]+")
# What is compared: a number or a Latin word as a whole, else a character with whatever is combined with it.
TOKEN = re.compile(
    r"[0-9][0-9.,]*|[A-Za-z]+"
    r"|.(?:[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]|\u200d.)*",
    re.DOTALL,
)

SENTENCE_STEPS, CHARACTER_STEPS, PAIRING_STEPS = 1_500_000, 1_500_000, 2_000_000
CALL_STEPS = 400  # what it costs to begin with two sentences, however short
LEAST_LIKENESS = 0.3  # of two sentences that stand side by side; below it, one was removed and another added
WINDOW, SKIP = 20, 0.02  # so far ahead the like of a sentence is looked for, and so much better it must be each further
CHANCE = 1  # so many equal characters between two changes are a coincidence


class Kind(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    text: str
    is_changed: bool


class Row(NamedTuple):
    """Sentences side by side; of a removed or added one, the other side is empty."""

    kind: Kind
    old: list[Piece]
    new: list[Piece]


class Budget:
    """How much work is left. What it does not cover is not done."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def covers(self, steps: int) -> bool:
        if steps > self.steps:
            return False
        self.steps -= steps
        return True


class Match(NamedTuple):
    """`length` items from `old` on are those from `new` on."""

    old: int
    new: int
    length: int


def sentences(text: str) -> list[str]:
    """The text cut into sentences; joined, they are the text."""
    return SENTENCE.findall(text)


def diff(old: str, new: str) -> list[Row]:
    """The two texts in rows. The old pieces of all rows, joined, are the old text, and the new ones the new text, with
    LF as their line ends.

    A row that is the same, removed or added holds all its sentences, one piece each; a changed one is one sentence.
    """
    pairing, characters = Budget(PAIRING_STEPS), Budget(CHARACTER_STEPS)
    rows: list[Row] = []
    old, new = with_lf(old), with_lf(new)
    for is_same, olds, news in stretches(sentences(old), sentences(new), Budget(SENTENCE_STEPS)):
        pairs = zip(olds, news, strict=True) if is_same else _side_by_side(olds, news, pairing)
        for before, after in pairs:
            if before and after and before != after:
                rows.append(Row(Kind.CHANGED, *diff_characters(before, after, characters)))
                continue
            kind = Kind.SAME if before == after else Kind.REMOVED if before else Kind.ADDED
            if not rows or rows[-1].kind != kind:
                rows.append(Row(kind, [], []))
            for pieces, text in ((rows[-1].old, before), (rows[-1].new, after)):
                if text:
                    pieces.append(Piece(text, kind != Kind.SAME))
    return rows


def diff_characters(old: str, new: str, budget: Budget | None = None) -> tuple[list[Piece], list[Piece]]:
    """Two short texts in pieces that are the same in both and pieces that are not."""
    budget = budget or Budget(CHARACTER_STEPS)
    if not budget.covers(CALL_STEPS):
        return [Piece(old, True)], [Piece(new, True)]
    found = list(stretches(TOKEN.findall(old), TOKEN.findall(new), budget))
    inner = range(1, len(found) - 1)
    parts = ((is_same and not (i in inner and len(a) <= CHANCE), a, b) for i, (is_same, a, b) in enumerate(found))
    old_pieces: list[Piece] = []
    new_pieces: list[Piece] = []
    for is_same, group in groupby(parts, key=itemgetter(0)):
        _, olds, news = zip(*group, strict=True)
        for pieces, tokens in ((old_pieces, olds), (new_pieces, news)):
            if text := "".join(chain.from_iterable(tokens)):
                pieces.append(Piece(text, not is_same))
    return old_pieces, new_pieces


def stretches(
    old: Sequence[str], new: Sequence[str], budget: Budget
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """The two sequences in turns of what is the same and what is not: (is it the same, old items, new items)."""
    i = j = 0
    for match in matches(old, new, budget):
        if match.old > i or match.new > j:
            yield False, old[i : match.old], new[j : match.new]
        i, j = match.old + match.length, match.new + match.length
        if match.length:
            yield True, old[match.old : i], new[match.new : j]


def matches(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Match]:
    """What both have in the same order, in runs, ended by an empty match at both ends.

    difflib's way (the longest run first), with a count of its steps: they can be as many as the cube of the length.
    """
    start, end = _common_start(old, new), 0
    end = _common_start(old[start:][::-1], new[start:][::-1])
    found = [Match(0, 0, start), Match(len(old) - end, len(new) - end, end)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    occurrences, steps = Counter(new), [0]
    for item in old:
        steps.append(steps[-1] + 1 + occurrences[item])
    open_ranges = [(start, len(old) - end, start, len(new) - end)]
    while open_ranges:
        old_from, old_to, new_from, new_to = open_ranges.pop()
        if old_from == old_to or new_from == new_to or not budget.covers(steps[old_to] - steps[old_from]):
            continue
        match = Match(*matcher.find_longest_match(old_from, old_to, new_from, new_to))
        if match.length:
            found.append(match)
            open_ranges.append((old_from, match.old, new_from, match.new))
            open_ranges.append((match.old + match.length, old_to, match.new + match.length, new_to))
    return [*_joined(sorted(match for match in found if match.length)), Match(len(old), len(new), 0)]


def _joined(found: list[Match]) -> Iterator[Match]:
    """Runs that follow on each other as one."""
    last = None
    for match in found:
        if last and last.old + last.length == match.old and last.new + last.length == match.new:
            last = last._replace(length=last.length + match.length)
            continue
        if last:
            yield last
        last = match
    if last:
        yield last


def _common_start(old: Sequence[str], new: Sequence[str]) -> int:
    length = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        length += 1
    return length


def _side_by_side(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[tuple[str, str]]:
    """Replaced sentences in pairs that are like each other, in order; "" stands beside one that has no like."""
    pairs_of_new = [_pairs(sentence) for sentence in new]
    next_new = 0
    for sentence in old:
        pairs = _pairs(sentence)
        best, found = LEAST_LIKENESS, None
        for j in range(next_new, min(next_new + WINDOW, len(new))):
            if not budget.covers(len(pairs) + len(pairs_of_new[j])):
                break
            likeness = 2 * len(pairs & pairs_of_new[j]) / (len(pairs) + len(pairs_of_new[j]))
            if likeness - (j - next_new) * SKIP > best:
                best, found = likeness - (j - next_new) * SKIP, j
        if found is None:
            yield sentence, ""
            continue
        yield from (("", skipped) for skipped in new[next_new:found])
        yield sentence, new[found]
        next_new = found + 1
    yield from (("", sentence) for sentence in new[next_new:])


def _pairs(text: str) -> set[str]:
    """Its pairs of neighbouring characters, by which two sentences are found alike."""
    return {text[i : i + 2] for i in range(max(1, len(text) - 1))}

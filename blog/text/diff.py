"""Compares two Japanese texts sentence by sentence, and a changed sentence character by character.

The work is bounded for any two texts: a stretch that the budget of steps does not cover counts as replaced as a whole.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain, groupby, zip_longest
from operator import itemgetter
from typing import NamedTuple

from blog.text.characters import with_lf

# A sentence ends with its mark, the brackets that close after it and the line ends; without a mark, with the line.
SENTENCE = re.compile(r"[^。！？\n]*(?:[。！？]+[」』）】〉》”’)\]*_]*\n*|\n+)|[^。！？\n]+")
# The units within a sentence: a number, a Latin word, or one character with the marks that are combined with it.
TOKEN = re.compile(
    r"[0-9][0-9.,]*|[A-Za-z]+"
    r"|.(?:[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]|\u200d.)*",
    re.DOTALL,
)

SENTENCE_STEPS, CHARACTER_STEPS, PAIRING_STEPS = 1_500_000, 1_500_000, 2_000_000
CALL_STEPS = 400  # the fixed cost of comparing two sentences, however short
LEAST_LIKENESS = 0.3  # below it two sentences do not stand side by side: one was removed and another added
# How many sentences ahead a counterpart is looked for, and how much more alike it must be for each one skipped.
WINDOW, SKIP = 20, 0.02
CHANCE = 1  # up to so many equal characters between two changes are a coincidence


class Kind(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    text: str
    is_changed: bool


class Row(NamedTuple):
    """Sentences of the old and of the new text, side by side; removed and added ones have an empty other side."""

    kind: Kind
    old: list[Piece]
    new: list[Piece]


class Budget:
    """Counts down the steps that are left; callers skip the work that it does not cover."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def covers(self, steps: int) -> bool:
        """Takes the steps off the budget if it has as many left, and returns whether it had."""
        if steps > self.steps:
            return False
        self.steps -= steps
        return True


class Match(NamedTuple):
    """The `length` items from index `old` on equal those from index `new` on."""

    old: int
    new: int
    length: int


def sentences(text: str) -> list[str]:
    """Cuts the text into sentences; joined, they are the text again."""
    return SENTENCE.findall(text)


def diff(old: str, new: str) -> list[Row]:
    """Returns the two texts in rows: all old pieces, joined, are the old text with LF line ends, the new ones the new.

    Neighbouring sentences that are the same, removed or added share a row, one piece each. A changed row is one
    sentence.
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
    """Cuts two short texts into pieces that are the same in both and pieces that differ."""
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


def in_one(row: Row) -> list[tuple[Kind, str]]:
    """Both sides of a row in one text, as parts that are the same, removed or added."""
    if row.kind == Kind.SAME:
        return [(Kind.SAME, "".join(piece.text for piece in row.old))]
    sames = [piece.text for piece in row.old if not piece.is_changed]
    found = []
    for removed, added, same in zip_longest(_between(row.old), _between(row.new), sames, fillvalue=""):
        found += [(Kind.REMOVED, removed), (Kind.ADDED, added), (Kind.SAME, same)]
    return [(kind, text) for kind, text in found if text]


def _between(pieces: list[Piece]) -> list[str]:
    """The changed text before each unchanged piece, and after the last one."""
    found = [""]
    for piece in pieces:
        if piece.is_changed:
            found[-1] += piece.text
        else:
            found.append("")
    return found


def stretches(
    old: Sequence[str], new: Sequence[str], budget: Budget
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yields (is it the same, old items, new items) for each stretch that is the same in both or differs, in order."""
    i = j = 0
    for match in matches(old, new, budget):
        if match.old > i or match.new > j:
            yield False, old[i : match.old], new[j : match.new]
        i, j = match.old + match.length, match.new + match.length
        if match.length:
            yield True, old[match.old : i], new[match.new : j]


def matches(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Match]:
    """Finds the runs of items that both have in the same order; an empty match at the ends of both comes last.

    As difflib does it, the longest run first, but with a budget: its steps can grow with the cube of the length.
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
    """Joins each run with those that follow it without a gap."""
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
    """Pairs replaced sentences with those that are most like them, in order; "" stands beside one without a match."""
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
    """The pairs of neighbouring characters; two sentences are as alike as the pairs they share."""
    return {text[i : i + 2] for i in range(max(1, len(text) - 1))}

"""Finds runs of sentences that stand earlier in an article."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from blog.text.desk.blocks import Kind
from blog.text.desk.errors.labels import FRONT, parts, repeated_labels
from blog.text.desk.errors.residue import is_recall
from blog.text.desk.keys import MIN_REPEAT, exact_keys_and_lengths, word_key
from blog.text.desk.reading import Reading, without_note_marks
from blog.text.desk.sentences import Sentence, sentences

_COMPARED = (Kind.PARAGRAPH, Kind.ITEM, Kind.HEADING)
_ADDRESS = re.compile(r"\]\([^()\n]*\)")
# The longest article of the archive has 1,500. What follows in a longer body is not compared.
MAX_SENTENCES = 20_000


@dataclass(eq=False, slots=True)
class Unit:
    """A sentence or a label as in `sentences.Sentence`, the place of its block, and its own place among the units of
    the block. `weight` is the number of word characters in it that a reader sees.

    `source` is the unit that it repeats, as part of a run; `known` says that an earlier one is equal, run or not.
    `is_certain` says that it is one even if it is short. `stays` says that a title in the same block needs it, or what
    points back at it. `notes` are the marks of notes at its end, which are no part of the key.
    """

    text: str
    start: int
    end: int
    block: int
    place: int
    key: str
    weight: int
    is_label: bool = False
    notes: str = ""
    known: bool = field(default=False, init=False)
    source: "Unit | None" = field(default=None, init=False)
    is_certain: bool = field(default=False, init=False)
    stays: bool = field(default=False, init=False)

    @property
    def origin(self) -> "Unit":
        """The one that stays of all that repeat each other."""
        unit = self
        while unit.source:
            unit = unit.source
        return unit

    @property
    def may_go(self) -> bool:
        """Whether it is a repeat that no title needs, and points at no other notes than the one that stays."""
        return self.source is not None and not self.stays and self.notes in ("", self.origin.notes)


def goes(units: Mapping[int, list[Unit]], at: int) -> bool:
    """Whether all sentences of the block may go. A block without sentences stays."""
    return at in units and all(unit.may_go for unit in units[at])


def repeated_units(article: Reading) -> dict[int, list[Unit]]:
    """Returns the units by block, with the sources of those that are repeats.

    One run may cover several blocks. It covers MIN_REPEAT word characters or more of at least one of them.
    """
    units = list(_units(article))
    _find_runs(units)
    return {at: list(group) for at, group in groupby(units, key=lambda unit: unit.block)}


def _units(article: Reading) -> Iterator[Unit]:
    pieces = _parts(article)
    texts = [text for _, (text, _, _), _ in pieces]
    if "[^" in article.draft.body:
        texts = [without_note_marks(text) or text for text in texts]
    known = dict.fromkeys(texts)  # most of what stands twice was pasted as it is
    keys = dict(zip(known, exact_keys_and_lengths([*known]), strict=True))
    block = place = -1
    for (at, (written, start, end), is_label), text in zip(pieces, texts, strict=True):
        is_first = at != block
        block, place = at, 0 if is_first else place
        key, length = keys[text]
        if key:
            # A heading may well stand twice; what was glued to it may not.
            is_heading = is_first and article.blocks[at].kind is Kind.HEADING
            weight = 0 if is_heading else _weight(text, length, at in article.trailing)
            yield Unit(written, start, end, at, place, key, weight, is_label, written[len(text) :].strip())
            place += 1


def _parts(article: Reading) -> list[tuple[int, Sentence, bool]]:
    """The sentences with the places of their blocks, and the labels that stand in front of them."""
    pieces = _pieces(article)
    labels = repeated_labels(article, pieces)
    found: list[tuple[int, Sentence, bool]] = []
    for at, sentence in pieces:
        if sentence[0][0] in FRONT:
            found += [(at, part, is_label) for part, is_label in parts(sentence, labels)]
        else:
            found.append((at, sentence, False))
    return found


def _pieces(article: Reading) -> list[tuple[int, Sentence]]:
    """The sentences with the places of their blocks.

    A recall is left out: another fix takes it, so a passage below may not go because it stands there.
    """
    pieces: list[tuple[int, Sentence]] = []
    for at, block in enumerate(article.blocks):
        if block.kind in _COMPARED and not is_recall(block):
            for sentence in sentences(block):
                if len(pieces) == MAX_SENTENCES:  # not all of the block is read, so none of it
                    return [piece for piece in pieces if piece[0] < at]
                pieces.append((at, sentence))
    return pieces


def _weight(text: str, length: int, trails: bool) -> int:
    """Addresses do not count, except in trailing sections, where a link that stands twice is a repeat itself."""
    return length if trails or "](" not in text else len(word_key(_ADDRESS.sub("]", text)))


def _find_runs(units: list[Unit]) -> None:
    """Gives the units of each run their sources."""
    first: dict[str, int] = {}
    first_pair: dict[tuple[str, str], int] = {}  # tells a sentence that stands often from the one that goes on alike
    at = free = 0
    while at < len(units):
        pair = (units[at].key, units[at + 1].key) if at + 1 < len(units) else (units[at].key, "")
        source = first.setdefault(pair[0], at)
        pair_source = first_pair.setdefault(pair, at)
        if source == at:
            at += 1
            continue
        source = source if pair_source == at else pair_source
        end = _end_of_run(units, at, source)
        if _is_heavy(units[at:end]):
            for place in range(_begin_of_run(units, at, source, free), end):
                units[place].source = units[source + place - at].origin
            free = end
        for unit in units[at:end]:
            unit.known = True
        at = end


def _end_of_run(units: list[Unit], at: int, source: int) -> int:
    length = 1
    while at + length < len(units) and units[source + length].key == units[at + length].key:
        length += 1
    return at + length


def _begin_of_run(units: list[Unit], at: int, source: int, free: int) -> int:
    """Goes back over short sentences of the block that were first taken for repeats of others."""
    length = 0
    while (
        at - length > free
        and source > length
        and units[at - length - 1].block == units[at].block
        and units[at - length - 1].key == units[source - length - 1].key
    ):
        length += 1
    return at - length


def _is_heavy(run: list[Unit]) -> bool:
    return any(sum(unit.weight for unit in group) >= MIN_REPEAT for _, group in groupby(run, lambda unit: unit.block))

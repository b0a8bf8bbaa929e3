"""Repeats that are no run of equal sentences, but as certain.

They are a sentence that stands elsewhere with more words in front, the echo of the sentence right above, and the
headline by itself in the midst of the article.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise

from blog.text.desk.blocks import GAPS, Kind
from blog.text.desk.errors.runs import Unit
from blog.text.desk.keys import MIN_REPEAT, exact_key
from blog.text.desk.reading import Reading, is_title

LEAST = 15  # word characters of an echo and of a headline
# Of labels and titles that stand in front.
_MARKS = "#*0123456789"
# The first words that a sentence may lack where the rest of its paragraph is a repeat, as keys.
_JOINING = frozenset(
    ("しかし", "そして", "だから", "また", "例えば", "たとえば", "さらに", "もちろん", "特に", "ただし")
)


class Longer:
    """Finds the sentences that begin, or end, with another one and are longer."""

    def __init__(self, units: Mapping[int, list[Unit]], *, ends: bool = False) -> None:
        self._ends = ends
        self._by_key: dict[str, Unit] = {}
        for unit in (unit for block in units.values() for unit in block):
            self._by_key.setdefault(self._turned(unit.key), unit)
        self._keys = sorted(self._by_key)

    def than(self, key: str) -> Unit | None:
        key = self._turned(key)
        at = bisect_right(self._keys, key)  # what begins with the key comes right behind it
        found = at < len(self._keys) and self._keys[at].startswith(key)
        return self._by_key[self._keys[at]] if found else None

    def _turned(self, key: str) -> str:
        return key[::-1] if self._ends else key


def find_pieces(article: Reading, units: Mapping[int, list[Unit]]) -> None:
    """Gives these repeats their sources."""
    _find_ends(article, units)
    for above, below in pairwise(_paragraphs(article)):
        if above in units and below in units:
            _find_echo(units[above][-1], units[below][0])
    _find_headlines(article, units)


def _find_ends(article: Reading, units: Mapping[int, list[Unit]]) -> None:
    """Behind a label, a number or a title, the sentence is another statement."""
    longer = Longer(units, ends=True)
    above: Unit | None = None
    for unit in (unit for block in units.values() for unit in block):
        whole = longer.than(unit.key) if unit.weight and not unit.source else None
        if whole and not _is_behind_mark(article, whole) and not (above and unit.place and above.is_label):
            front = whole.key.removesuffix(unit.key)
            if front in _JOINING or (unit.weight >= MIN_REPEAT and not unit.place):
                unit.source = whole
                if above and above.key == front and not above.source:  # the sentence was cut in two
                    above.source, above.is_certain = whole, True
        above = unit


def _is_behind_mark(article: Reading, whole: Unit) -> bool:
    return whole.sentence.text[0] in _MARKS or article.blocks[whole.block].kind is Kind.HEADING


def _find_echo(above: Unit, below: Unit) -> None:
    if above.key == below.key and below.weight >= LEAST and not below.source:
        below.source, below.is_certain = above.origin, True


def _find_headlines(article: Reading, units: Mapping[int, list[Unit]]) -> None:
    title, first = exact_key(article.draft.title), dict[str, Unit]()
    for at in _paragraphs(article):
        if at not in units or len(units[at]) > 1 or units[at][0].key not in title:
            continue
        unit = units[at][0]
        source = first.setdefault(unit.key, unit)
        if source is not unit and unit.weight >= LEAST and not unit.source:
            unit.source, unit.is_certain = source, True


def _paragraphs(article: Reading) -> Iterator[int]:
    """The places of the article's paragraphs that are no titles; -1 between two that are not neighbours."""
    for at, block in enumerate(article.blocks):
        if block.kind is Kind.PARAGRAPH and at not in article.trailing and not is_title(block):
            yield at
        elif block.kind not in GAPS:
            yield -1

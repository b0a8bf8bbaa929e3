"""Repeats that are no run of equal sentences, but as certain.

They are a sentence that stands elsewhere behind a joining word, one that was cut in two, the echo of the sentence right
above, and the headline by itself in the midst of the article.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, pairwise

from blog.text.desk.blocks import GAPS, Kind
from blog.text.desk.errors.runs import Unit
from blog.text.desk.keys import MIN_REPEAT, exact_key
from blog.text.desk.reading import Reading

LEAST = 15  # word characters of an echo and of a headline
# Of labels and titles that stand in front.
_MARKS = "#*0123456789"
# The first words that a sentence may lack where the rest of its paragraph is a repeat, as keys.
_JOINING = (
    *("しかし", "そして", "だから", "また", "例えば", "たとえば"),
    *("さらに", "もちろん", "特に", "ただし", "一方で", "実際"),
)
_FIRST_LETTERS = frozenset(word[0] for word in _JOINING)


def longer(units: Mapping[int, list[Unit]], wanted: Collection[str]) -> dict[str, Unit]:
    """For each of these keys, of LEAST characters or more, a sentence that begins with it and is longer."""
    if not wanted:
        return {}
    fronts = {key[:LEAST] for key in wanted}
    by_key: dict[str, Unit] = {}
    for unit in chain.from_iterable(units.values()):
        if unit.key[:LEAST] in fronts:
            by_key.setdefault(unit.key, unit)
    keys = sorted(by_key)
    found = {}
    for key in wanted:
        at = bisect_right(keys, key)  # what begins with the key comes right behind it
        if at < len(keys) and keys[at].startswith(key):
            found[key] = by_key[keys[at]]
    return found


def find_pieces(article: Reading, units: Mapping[int, list[Unit]]) -> None:
    """Gives these repeats their sources."""
    _find_ends(article, units)
    for above, below in pairwise(_paragraphs(article)):
        if above in units and below in units:
            _find_echo(units[above][-1], units[below][0])
    _find_headlines(article, units)


def _find_ends(article: Reading, units: Mapping[int, list[Unit]]) -> None:
    """A sentence that stands elsewhere behind a joining word is a repeat, and so is an end whose beginning stands right
    above: the sentence was cut in two. Behind a label or other words (反対派によれば、…) it is another statement.
    """
    joined = _joined(units)
    wholes = {unit.key: unit for unit in reversed([*chain.from_iterable(units.values())])}
    above: Unit | None = None
    for unit in chain.from_iterable(units.values()):
        if unit.weight and not unit.source and not (above and unit.place and above.is_label):
            whole = joined.get(unit.key)
            if whole and not _is_behind_mark(article, whole):
                unit.source = whole
            elif above and unit.place == 0 and unit.weight >= MIN_REPEAT and _may_be_begin(article, above):
                whole = wholes.get(above.key + unit.key)
                if whole and not _is_behind_mark(article, whole):
                    unit.source = above.source = whole
                    above.is_certain = True
        above = unit


def _may_be_begin(article: Reading, unit: Unit) -> bool:
    block = article.blocks[unit.block]
    return not unit.source and block.kind in (Kind.PARAGRAPH, Kind.ITEM) and unit.block not in article.titles


def _joined(units: Mapping[int, list[Unit]]) -> dict[str, Unit]:
    """The sentences that begin with a joining word, under the keys without it."""
    found: dict[str, Unit] = {}
    for unit in chain.from_iterable(units.values()):
        if unit.key[0] in _FIRST_LETTERS and unit.key.startswith(_JOINING):
            word = next(word for word in _JOINING if unit.key.startswith(word))
            found.setdefault(unit.key.removeprefix(word), unit)
    return found


def _is_behind_mark(article: Reading, whole: Unit) -> bool:
    return whole.text[0] in _MARKS or article.blocks[whole.block].kind is Kind.HEADING


def _find_echo(above: Unit, below: Unit) -> None:
    if above.key == below.key and below.weight >= LEAST and not below.source:
        below.source, below.is_certain = above.origin, True


def _find_headlines(article: Reading, units: Mapping[int, list[Unit]]) -> None:
    first, again = dict[str, Unit](), list[Unit]()
    for at in _paragraphs(article):
        if at not in units or len(units[at]) > 1:
            continue
        unit = units[at][0]
        if first.setdefault(unit.key, unit) is not unit and unit.weight >= LEAST and not unit.source:
            again.append(unit)
    title = exact_key(article.draft.title) if again else ""
    for unit in again:
        if unit.key in title:
            unit.source, unit.is_certain = first[unit.key], True


def _paragraphs(article: Reading) -> Iterator[int]:
    """The places of the article's paragraphs that are no titles; -1 between two that are not neighbours."""
    for at, block in enumerate(article.blocks):
        if block.kind is Kind.PARAGRAPH and at not in article.trailing and at not in article.titles:
            yield at
        elif block.kind not in GAPS:
            yield -1

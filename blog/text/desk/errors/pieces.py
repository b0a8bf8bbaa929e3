"""Repeats that are no run of equal sentences, but as certain.

They are a sentence that stands elsewhere with more words in front, the echo of the sentence right above, and the
headline by itself in the midst of the article.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from itertools import chain, pairwise

from blog.text.desk.blocks import GAPS, Kind
from blog.text.desk.echoes import ends_with_clause
from blog.text.desk.errors.runs import Unit
from blog.text.desk.keys import MIN_REPEAT, exact_key
from blog.text.desk.reading import Reading, is_title, without_note_marks

LEAST = 15  # word characters of an echo and of a headline
# Of labels and titles that stand in front.
_MARKS = "#*0123456789"
# The first words that a sentence may lack where the rest of its paragraph is a repeat, as keys.
_JOINING = ("しかし", "そして", "だから", "また", "例えば", "たとえば", "さらに", "もちろん", "特に", "ただし")


def longer(units: Mapping[int, list[Unit]], wanted: Collection[str], *, ends: bool = False) -> dict[str, Unit]:
    """For each of these keys, of LEAST characters or more, a sentence that begins (or ends) with it and is longer."""
    if not wanted:
        return {}
    turn = slice(None, None, -1 if ends else 1)
    fronts = {key[turn][:LEAST] for key in wanted}
    by_key: dict[str, Unit] = {}
    for unit in chain.from_iterable(units.values()):
        key = unit.key[turn]
        if key[:LEAST] in fronts:
            by_key.setdefault(key, unit)
    keys = sorted(by_key)
    found = {}
    for key in wanted:
        at = bisect_right(keys, key[turn])  # what begins with the key comes right behind it
        if at < len(keys) and keys[at].startswith(key[turn]):
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
    """Behind a label, a number or a title, the sentence is another statement. Behind other words (反対派によれば、…) it
    may be, so an editor settles that, unless the words stand above it: then the sentence was cut in two.
    """
    heads = [block[0].key for block in units.values() if block[0].weight >= MIN_REPEAT and not block[0].source]
    wholes = longer(units, heads, ends=True)
    joined = _joined(units)
    if not wholes and not joined:
        return
    above: Unit | None = None
    for unit in chain.from_iterable(units.values()):
        if unit.weight and not unit.source and not (above and unit.place and above.is_label):
            same = joined.get(unit.key)
            whole = same or (wholes.get(unit.key) if unit.place == 0 else None)
            if whole and not _is_behind_mark(article, whole):
                if above and above.key + unit.key == whole.key and _may_be_begin(article, above):
                    unit.source = above.source = whole
                    above.is_certain = True
                elif same or _is_clause(unit, whole):
                    unit.source, unit.stays = whole, same is None
        above = unit


def _is_clause(unit: Unit, whole: Unit) -> bool:
    """Keys alone would find the end of a word or a number too."""
    return ends_with_clause(without_note_marks(whole.sentence.text), without_note_marks(unit.sentence.text))


def _may_be_begin(article: Reading, unit: Unit) -> bool:
    block = article.blocks[unit.block]
    return not unit.source and block.kind in (Kind.PARAGRAPH, Kind.ITEM) and not is_title(block)


def _joined(units: Mapping[int, list[Unit]]) -> dict[str, Unit]:
    """The sentences that begin with a joining word, under the keys without it."""
    found: dict[str, Unit] = {}
    for unit in chain.from_iterable(units.values()):
        if unit.key.startswith(_JOINING):
            word = next(word for word in _JOINING if unit.key.startswith(word))
            found.setdefault(unit.key.removeprefix(word), unit)
    return found


def _is_behind_mark(article: Reading, whole: Unit) -> bool:
    return whole.sentence.text[0] in _MARKS or article.blocks[whole.block].kind is Kind.HEADING


def _find_echo(above: Unit, below: Unit) -> None:
    if above.key == below.key and below.weight >= LEAST and not below.source:
        below.source, below.is_certain = above.origin, True


def _find_headlines(article: Reading, units: Mapping[int, list[Unit]]) -> None:
    title, first = exact_key(article.draft.title), dict[str, Unit]()
    if len(title) < LEAST:
        return
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

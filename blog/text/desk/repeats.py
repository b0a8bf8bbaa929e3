"""Text that stands earlier in the article, word for word, and what of it may go.

The article is compared sentence by sentence, so a paragraph that strings earlier ones together is found as well as one
that was pasted twice. The later of two equal sentences goes, if MIN_REPEAT word characters go with it in its block.
What a fix removes still stands in the article, with its figures and signs.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby, pairwise

from blog.text.desk.blocks import GAPS, Kind
from blog.text.desk.findings import Edit, Finding, World
from blog.text.desk.leftovers import is_recall
from blog.text.desk.reading import Reading, is_link_only, shown, without_note_marks
from blog.text.desk.sentences import sentences
from blog.text.keys import MIN_REPEAT, exact_key, exact_keys, word_key

MAX_SENTENCES = 20_000  # the longest article of the archive has 1,500; what follows in a longer body is not compared
LEAST_STUB, LEAST_ECHO = 25, 12  # word characters

_COMPARED = (Kind.PARAGRAPH, Kind.ITEM, Kind.HEADING)
_ADDRESS = re.compile(r"\]\([^()\n]*\)")
_LABEL = re.compile(
    r"(?:[0-9]{1,2}[.)][ 　]+)?(?:\*\*[^*\n]{1,60}(?:[：:]\*\*|\*\*[ 　]?[：:])|\*\*[^*\n]{1,60}\*\*(?=[ 　]|$))[ 　]*"
)
_HEADING_MARK = re.compile(r"#{1,6}[ \t]+(?=\S)")
_BLOCK_MARK = re.compile(r"#|(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
_TITLE_CHARS = 100
_FINISHED = tuple("。！？!?…♪.：:")
_CLOSING = "」』）)】]”’*_ 　"
_LEFT_OPEN = ("の", "を", "が", "は", "に", "へ", "で", "、")
_BEGINNING = re.compile(r"[* 　]*(?:もちろん|しかし|では|さて|まず|次に|最後に|一方で|また|なぜなら)、|\[")
_JOINING = (
    "しかし",
    "また",
    "さらに",
    "そして",
    "一方で",
    "例えば",
    "特に",
    "ただし",
    "つまり",
    "だからこそ",
    "そのため",
)
_POINTING = re.compile(
    "[*_「『（( 　]*(?:これ(?!まで|から)|この|こう|それ(?!ぞれ)|その|そう|そこ|彼ら|だから|ですから|つまり)"
)
_PAIRS = ("「」", "『』", "（）", "()", "【】", "[]")
_LEVELS = 7  # six of headings, and paragraphs in bold below them


@dataclass(eq=False, slots=True)
class Unit:
    """A sentence, or a label in front of one, in the block at `at`. `weight` counts the word characters that a reader
    sees. `source` is where it stands already; `is_certain` says that it is a repeat even if it is short. `notes` are
    the marks of notes at its end, which are no part of the key.
    """

    text: str
    start: int
    end: int
    at: int
    key: str
    weight: int
    is_label: bool = False
    notes: str = ""
    source: "Unit | None" = field(default=None, init=False)
    is_certain: bool = field(default=False, init=False)

    @property
    def may_go(self) -> bool:
        """Whether it is a repeat, and points at no other notes than the one that stays."""
        return self.source is not None and self.notes in ("", self.source.notes)


Units = Mapping[int, list[Unit]]


def repeat(article: Reading, world: World) -> Iterator[Finding]:
    units = _units(article)
    _find_equal(units)
    _find_stubs(article, units)
    _find_certain(article, units)
    heavy = [at for at in units if _is_heavy(units[at])]
    whole = {at for at in heavy if _goes(units[at])}
    whole -= {at for at in whole if _has_staying_child(article, at, whole)}
    along = _light_blocks(article, units, whole)
    along |= _titles(article, units, whole, along)
    removals = article.removals(whole | along.keys())
    for at in heavy:
        repeated = [unit for unit in units[at] if unit.source]
        unit = next((unit for unit in repeated if unit.weight >= MIN_REPEAT), repeated[0])
        line, other = article.line_of(unit.start), article.line_of(_origin(unit).start)
        what = "ある文章の繰り返しです" if other <= line else "、同じ文章がその続きとともにあります"
        message = f"{other}行目に{what}。どちらかを消してください。"
        going = [at, *(other for other, with_block in along.items() if with_block == at)]
        fix = [removals[place] for place in going] if at in whole else _parts(article, units[at])
        yield Finding("repeat", line, shown(unit.text), message, tuple(fix))


# --- sentences ---


def _units(article: Reading) -> dict[int, list[Unit]]:
    pieces: list[tuple[int, str, int, bool]] = []
    titles = {exact_key(article.blocks[at].text) for at in article.titles}
    for at, block in enumerate(article.blocks):
        if block.kind in _COMPARED and not is_recall(block):
            found = [part for sentence in sentences(block) for part in _parted(*sentence[:2], titles)]
            if len(pieces) + len(found) > MAX_SENTENCES:
                break
            pieces += [(at, *part) for part in found]
    texts = [without_note_marks(text) or text for _, text, _, _ in pieces]
    units: dict[int, list[Unit]] = {}
    for (at, text, start, is_label), bare, key in zip(pieces, texts, exact_keys(texts), strict=True):
        if key:
            mates = units.setdefault(at, [])
            # A heading may well stand twice; what was glued to it may not.
            is_heading = not mates and article.blocks[at].kind is Kind.HEADING
            seen = text if at in article.trailing else _ADDRESS.sub("]", text)
            weight = 0 if is_heading else len(key) if seen == text else len(word_key(seen))
            mates.append(Unit(text, start, start + len(text), at, key, weight, is_label, text[len(bare) :].strip()))
    return units


def _parted(text: str, start: int, titles: Collection[str]) -> Iterator[tuple[str, int, bool]]:
    """The label or the title in front of a sentence, if there is one, and the sentence."""
    end = 0
    if label := _LABEL.match(text):
        end = label.end()
    elif mark := _HEADING_MARK.match(text):
        spaces = (space.start() for space in re.finditer(" ", text[: mark.end() + _TITLE_CHARS]))
        end = max((at + 1 for at in spaces if exact_key(text[mark.end() : at]) in titles), default=0)
    if end:
        yield text[:end].rstrip(), start, True
    if end < len(text):
        yield text[end:], start + end, False


def _find_equal(units: Units) -> None:
    first: dict[str, Unit] = {}
    labelled: set[tuple[str, str]] = set()
    for block in units.values():
        for unit in block:
            source = first.setdefault(unit.key, unit)
            unit.source = source if source is not unit else None
        for label, unit in pairwise(block):
            if label.is_label:  # together they say more than each by itself
                is_title = label.text[0] == "#" and label.source and unit.source
                if not is_title and (label.key, unit.key) not in labelled:
                    label.source = unit.source = None
                labelled.add((label.key, unit.key))
        if block[-1].is_label and len(block) > 1:
            block[-1].source = None


def _find_stubs(article: Reading, units: Units) -> None:
    """The unfinished end of a block is a repeat if the sentence stands whole behind what the block repeats, in the next
    block, or anywhere if so much of it was written that it can be no other.
    """
    by_key = {unit.key: unit for unit in reversed([*chain.from_iterable(units.values())])}
    keys = sorted(by_key)
    order = [*units]
    for place, at in enumerate(order):
        stub = units[at][-1]
        above = units[at][-2] if len(units[at]) > 1 else None
        if stub.source or not stub.weight or (above and above.is_label) or not _is_unfinished(article, stub):
            continue
        found = bisect_right(keys, stub.key)
        if found == len(keys) or not keys[found].startswith(stub.key):
            continue
        whole = by_key[keys[found]]
        below = order[place + 1] if place + 1 < len(order) else None
        if below is not None and not _begins_anew(article, units, below, whole):
            continue
        if stub.weight >= LEAST_STUB or (stub.weight >= LEAST_ECHO and whole.at == below):
            stub.source, stub.is_certain = whole, True
        elif above and above.source:
            stub.source = whole


def _is_unfinished(article: Reading, unit: Unit) -> bool:
    is_whole = unit.text.rstrip(_CLOSING).endswith(_FINISHED) or unit.at in article.titles
    if is_whole or is_link_only(unit.text):
        return False
    return article.blocks[unit.at].kind is Kind.PARAGRAPH or unit.text.endswith(_LEFT_OPEN)


def _begins_anew(article: Reading, units: Units, below: int, whole: Unit) -> bool:
    """Whether the block does not go on with the sentence that the one above leaves unfinished."""
    first = units[below][0]
    if below == whole.at or below in article.trailing or below in article.titles or first.is_label:
        return True
    return first.source is not None or _BEGINNING.match(first.text) is not None


def _find_certain(article: Reading, units: Units) -> None:
    """A sentence that was cut in two, one that stands elsewhere behind a joining word, the echo of the sentence right
    above, and the headline by itself within the article.
    """
    first = {unit.key: unit for unit in reversed([*chain.from_iterable(units.values())])}
    joined = {
        unit.key.removeprefix(word): unit for unit in first.values() for word in _JOINING if unit.key.startswith(word)
    }
    title = exact_key(article.draft.title)
    for above, unit in pairwise(chain.from_iterable(units.values())):
        is_paragraph = article.blocks[unit.at].kind is Kind.PARAGRAPH and unit.at not in article.titles
        begins_block = unit.at != above.at and is_paragraph
        if not unit.source and unit.weight and not above.is_label and (whole := joined.get(unit.key)):
            unit.source = whole
        elif begins_block and not above.source and not unit.source and unit.weight and above.at not in article.titles:
            if whole := first.get(above.key + unit.key):
                above.source = unit.source = whole
                above.is_certain = unit.is_certain = True
        elif begins_block and unit.source and unit.weight >= LEAST_ECHO:
            is_alone = len(units[unit.at]) == 1
            unit.is_certain |= unit.key == above.key or (is_alone and unit.key in title)


def _origin(unit: Unit) -> Unit:
    """The one that stays of all that repeat each other."""
    while unit.source:
        unit = unit.source
    return unit


# --- what goes ---


def _is_heavy(block: list[Unit]) -> bool:
    """Whether enough of the block is repeated in one stretch."""
    if any(unit.is_certain for unit in block):
        return True
    runs = (group for is_repeat, group in groupby(block, key=lambda unit: unit.source is not None) if is_repeat)
    return any(sum(unit.weight for unit in run) >= MIN_REPEAT for run in runs)


def _goes(block: list[Unit]) -> bool:
    return all(unit.may_go for unit in block)


def _has_staying_child(article: Reading, at: int, going: Collection[int]) -> bool:
    """Whether the block is an item, and what stays below it would go to the item above."""
    blocks = article.blocks
    if blocks[at].kind is not Kind.ITEM or at + 1 == len(blocks) or at + 1 in going:
        return False
    return article.column(at + 1) > article.column(at)


def _light_blocks(article: Reading, units: Units, whole: Collection[int]) -> dict[int, int]:
    """Blocks that are repeats, but too short to be findings, with the one they go with: between two that go, or at the
    end of a section whose rest goes.
    """
    found: dict[int, int] = {}
    for section in _sections(article):
        could_go = [
            at in whole or (at in units and _goes(units[at]) and not _has_staying_child(article, at, whole))
            for at in section
        ]
        for is_going, group in groupby(zip(section, could_go, strict=True), key=lambda pair: pair[1]):
            places = [at for at, _ in group]
            heavy = [at for at in places if at in whole]
            if not is_going or not heavy:
                continue
            begin = places[0] if places == section else heavy[0]
            end = places[-1] if places[-1] == section[-1] else heavy[-1]
            light = [at for at in places if begin <= at <= end and at not in whole]
            found |= {at: max((place for place in heavy if place < at), default=heavy[0]) for at in light}
    return found


def _sections(article: Reading) -> Iterator[list[int]]:
    section: list[int] = []
    for at, block in enumerate(article.blocks):
        if at in article.titles:
            yield section
            section = []
        elif block.kind not in GAPS:
            section.append(at)
    yield section


def _titles(article: Reading, units: Units, whole: Collection[int], light: Mapping[int, int]) -> dict[int, int]:
    """Titles that stand elsewhere too, and below which nothing would be left, with a block they go with. It goes up
    the article, and remembers for each level the nearest title below.
    """
    blocks, going = article.blocks, {*whole, *light}
    places = sorted(going)
    keys = {at: tuple(unit.key for unit in units.get(at, ())) for at in article.titles}
    staying: set[tuple[str, ...]] = set()  # the titles below
    found: dict[int, int] = {}
    kept = len(blocks)  # the nearest block below that stays
    nearest = [len(blocks)] * (_LEVELS + 1)
    for at in range(len(blocks) - 1, -1, -1):
        if at in going or blocks[at].kind in GAPS:
            continue
        if at in article.titles:
            level = blocks[at].level or _LEVELS
            end = min(nearest[: level + 1])
            nearest[level] = at
            below = bisect_left(places, end) - 1
            is_again = keys[at] in staying or all(unit.source for unit in units.get(at, ()))
            if is_again and kept >= end and below >= 0 and places[below] > at:
                found[at] = light.get(places[below], places[below])
                continue
            staying.add(keys[at])
        kept = at
    return found


def _parts(article: Reading, block: list[Unit]) -> Iterator[Edit]:
    """The edits that drop the repeated sentences at the begin, the end or in the middle of a block that stays."""
    body = article.draft.body
    for goes, group in groupby(range(len(block)), key=lambda place: block[place].may_go):
        places = list(group)
        if not goes or len(places) == len(block):
            continue
        first, last = places[0], places[-1]
        while last >= first and last + 1 < len(block) and _is_seam(block, first, last):
            last -= 1
        if last < first:
            continue
        start, end = block[first].start, block[last].end
        after = block[last + 1].start if last + 1 < len(block) else end
        before = block[first - 1].end if first else start
        at_line_end = last + 1 == len(block) or ("\n" in body[end:after] and first and "\n" not in body[before:start])
        edit = Edit("body", before, end) if at_line_end else Edit("body", start, after)
        if _is_balanced(body[edit.start : edit.end]):
            yield edit


def _is_seam(block: list[Unit], first: int, last: int) -> bool:
    """Whether the sentence below would read as another: pointing at nothing, without its label, or as a heading or an
    item that it was not.
    """
    below = block[last + 1].text
    if _POINTING.match(below) or block[last].is_label:
        return True
    return first == 0 and _BLOCK_MARK.match(below) is not None


def _is_balanced(text: str) -> bool:
    """Whether the text can go without breaking emphasis, code or brackets around it."""
    if text.count("**") % 2 or text.count("`") % 2:
        return False
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)

"""Chooses which of two equal runs of sentences goes.

As a rule the later one goes. The earlier one goes where text leans on the later: there a sentence is written to its end
that the earlier paragraph leaves unfinished, or a sentence follows that means nothing without it (これは…).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain, pairwise

from blog.text.desk.blocks import GAPS, INTRODUCED, Kind
from blog.text.desk.endings import is_left_open
from blog.text.desk.errors.pieces import longer
from blog.text.desk.errors.runs import Unit, goes
from blog.text.desk.keys import exact_key
from blog.text.desk.reading import Reading, is_link_only, is_title, without_note_marks

_FINISHED = tuple("。！？!?…♪.：:")
_CLOSING = "」』）)】]”’*_ 　"
_OPENING = "[*_「『（( 　]*"
# A paragraph may well begin with また after another one; what begins with この needs the one before it.
_POINTS = "これ(?!まで|から)|この|こう|それ(?!ぞれ)|その|そう|そこ|彼ら|だから|ですから|つまり"
_POINTING = re.compile(f"{_OPENING}(?:{_POINTS})")
_LEANING = re.compile(
    f"{_OPENING}(?:{_POINTS}|そして|特に|例えば|たとえば|また、|しかし|ただし|でも、|だが、|なぜなら|あるいは|もし|さらに|むしろ"
    "|しかも|加えて|同時に|一方[、で]|次に|ぜひ|第[二三四2-4][、に])"
)
_BEGINNING = re.compile(r"[* 　]*(?:もちろん|しかし|では|さて|まず|次に|最後に|一方で|また|なぜなら)、|\[")
_MOVABLE = (Kind.PARAGRAPH, Kind.ITEM)
LEAST_STUB = 25  # word characters
FARTHEST = 50  # blocks that are passed in search of one that stays


class Copies:
    """Gives the repeats of an article other sources, so that what goes leaves no sentence behind that needs it."""

    def __init__(self, article: Reading, units: Mapping[int, list[Unit]]) -> None:
        self.article = article
        self.units = units
        self.title = exact_key(article.draft.title)
        self.wholes = longer(units, [block[-1].key for block in units.values() if self._is_enough(block[-1])])

    @cached_property
    def _neighbours(self) -> list[tuple[Unit, Unit]]:
        return [*pairwise(chain.from_iterable(self.units.values()))]

    @cached_property
    def following(self) -> dict[Unit, Unit]:
        return dict(self._neighbours)

    @cached_property
    def above(self) -> dict[Unit, Unit]:
        return {below: unit for unit, below in self._neighbours}

    def choose(self) -> None:
        for units in self.units.values():
            self._take_stub(units)
            for run in _runs(units):
                self._choose_in_run(units, run)
        for units in self.units.values():
            for label, unit in pairwise(units):
                if label.is_label and not self._goes_with(label, unit):
                    self._keep(label, unit)

    def _take_stub(self, units: list[Unit]) -> None:
        """The unfinished end of a block is a repeat if the sentence stands whole behind what the block repeats, or
        anywhere if so much of it was written that it can be no other.
        """
        stub = units[-1]
        if stub.source or not stub.weight:
            return
        if len(units) > 1 and units[-2].source:
            whole = self.following.get(units[-2].origin)
        else:
            whole = self.wholes.get(stub.key)
            stub.is_certain = whole is not None
        if whole and whole.origin is not stub and _is_begin(stub, whole) and self._is_left_off(stub, whole):
            stub.source = whole

    def _is_enough(self, stub: Unit) -> bool:
        """Whether an unfinished sentence can be no other than one that begins alike. Titles and links are finished, and
        so are most items, which are no sentences.
        """
        if stub.weight < LEAST_STUB or stub.source or _is_finished(stub):
            return False
        block = self.article.blocks[stub.block]
        if block.kind is Kind.ITEM and not is_left_open(stub.text):
            return False
        return stub.block not in self.article.titles and not is_link_only(stub.text) and stub.key not in self.title

    def _goes_with(self, label: Unit, unit: Unit) -> bool:
        """Whether the sentence behind a label is a repeat under the same label."""
        if not label.source or not unit.source:
            return False
        above = self.above.get(unit.origin)
        return above is not None and above.key == label.key

    def _keep(self, label: Unit, unit: Unit) -> None:
        """Lets the label and its sentence stay. On one line they are another statement than the sentence alone; a line
        in bold is a title, and what stands below it is told as a repeat, for an editor to take with the title or leave.
        """
        label.source = None
        if "\n" in self.article.draft.body[label.end : unit.start]:
            unit.stays = True
        else:
            unit.source = None

    def _choose_in_run(self, here: list[Unit], run: list[Unit]) -> None:
        """Lets the earlier run go if it may, and if the sentence below the later one needs that."""
        origins = [unit.origin for unit in run]
        there = self.units[origins[0].block]
        below, rest = _behind(here, run[-1]), _behind(there, origins[-1])
        if not below or below.source or not self._may_change_places(here, there):
            return
        if any(unit.key != origin.key for unit, origin in zip(run, origins, strict=True)):
            return  # the other says more
        if rest is there[-1] and _is_begin(rest, below):
            if not self._is_left_off(rest, below):
                return
            run, origins = [*run, below], [*origins, rest]
        elif self._is_leant_on(there, rest) or not self._should_go(there, origins, run, below):
            return
        if not self._leaves_a_title(there, origins):
            for unit, origin in zip(run, origins, strict=True):
                unit.source = None
                origin.source = unit

    def _may_change_places(self, here: list[Unit], there: list[Unit]) -> bool:
        places = {here[0].block, there[0].block}
        blocks = [self.article.blocks[at] for at in places]
        if len(places) == 1 or places & self.article.trailing or any(map(is_title, blocks)):
            return False
        return blocks[0].kind is blocks[1].kind and blocks[0].kind in _MOVABLE

    def _should_go(self, there: list[Unit], origins: list[Unit], run: list[Unit], below: Unit) -> bool:
        """Whether the sentence below the later copy is a reason to let the earlier one go.

        What points back would point at nothing. In one of two lists both copies stay then, for an editor to decide, as
        neither list may be torn. Others (特に…) can be read without it, so no paragraph or stretch is torn for them.
        """
        if not _LEANING.match(below.text):
            return False
        if self._goes_alone(run[0].block, there, origins):
            return True
        if not _POINTING.match(below.text):
            return False
        if self.article.blocks[run[0].block].kind is not Kind.ITEM:
            return True
        for unit in run:
            unit.stays = True
        return False

    def _goes_alone(self, here: int, there: list[Unit], origins: list[Unit]) -> bool:
        """Whether the earlier copy is a whole block whose neighbours have no copies beside the later one, or the end of
        the block right above that.
        """
        at = there[0].block
        if self._next(at, 1) == here:
            return origins[-1] is there[-1]
        return len(origins) == len(there) and not any(self._are_copies(at, here, step) for step in (-1, 1))

    def _are_copies(self, at: int, here: int, step: int) -> bool:
        """Whether the blocks next to these two in that direction are alike."""
        one, other = self._next(at, step), self._next(here, step)
        if one is None or other is None or one in self.article.titles:
            return False
        keys = [[unit.key for unit in self.units.get(place, ())] for place in (one, other)]
        return keys[0] == keys[1] != []

    def _is_leant_on(self, there: list[Unit], rest: Unit | None) -> bool:
        """Whether what comes behind the earlier run, and stays, needs it too."""
        if rest:
            return _LEANING.match(rest.text) is not None
        at = there[0].block
        below = self._stays(at, 1)
        if below is None:
            return False
        if self.article.blocks[at].kind is Kind.PARAGRAPH and self.article.blocks[below].kind in INTRODUCED:
            return True
        return below in self.units and _POINTING.match(self.units[below][0].text) is not None

    def _is_left_off(self, stub: Unit, whole: Unit) -> bool:
        """Whether nothing below its block goes on with an unfinished sentence. The block of the whole one does not, nor
        does a repeat, a title, a new beginning or a section that trails the article.
        """
        below = self._next(stub.block, 1)
        if below is None or below in (whole.block, *self.article.trailing) or goes(self.units, below):
            return True
        if below in self.article.titles:
            return True
        if below not in self.units:
            return False
        first = self.units[below][0]
        if first.is_label or first.key in self.title or _BEGINNING.match(first.text):
            return True
        # A sentence that stands elsewhere goes on with none, unless it is the rest of the whole one.
        return first.source is not None and not whole.key.startswith(stub.key + first.key)

    def _leaves_a_title(self, there: list[Unit], going: list[Unit]) -> bool:
        """Whether nothing but a label or a title is left of the section if these sentences of its block go."""
        if going[0].place > 0:
            return going[-1] is there[-1] and there[going[0].place - 1].is_label
        above, below = (self._stays(there[0].block, step) for step in (-1, 1))
        if len(going) < len(there) or above not in self.article.titles:
            return False
        return below is None or below in self.article.trailing or below in self.article.titles

    def _stays(self, at: int, step: int) -> int | None:
        """The next block in that direction of which anything stays; None if there is none near."""
        below = self._next(at, step)
        for _ in range(FARTHEST):
            if below is None or not goes(self.units, below):
                return below
            below = self._next(below, step)
        return None

    def _next(self, at: int, step: int) -> int | None:
        """The next block in that direction that is no rule or mark."""
        blocks = self.article.blocks
        for place in range(at + step, at + step * FARTHEST, step):
            if not 0 <= place < len(blocks):
                return None
            if blocks[place].kind not in GAPS:
                return place
        return None


def _runs(units: list[Unit]) -> Iterator[list[Unit]]:
    """Yields the repeats of a block in stretches, each of which stands elsewhere in one block."""
    run: list[Unit] = []
    for unit in units:
        if run and not (unit.source and _goes_on(run[-1].origin, unit.origin)):
            yield run
            run = []
        if unit.source:
            run.append(unit)
    if run:
        yield run


def _behind(units: list[Unit], unit: Unit) -> Unit | None:
    """The one behind another in its block."""
    return units[unit.place + 1] if unit.place + 1 < len(units) else None


def _goes_on(unit: Unit, other: Unit) -> bool:
    return (unit.block, unit.place + 1) == (other.block, other.place)


def _is_begin(unit: Unit, whole: Unit) -> bool:
    """Whether a sentence was left unfinished that is written to its end, or farther, in the other place."""
    return whole.key.startswith(unit.key) and not _is_finished(unit)


def _is_finished(unit: Unit) -> bool:
    return without_note_marks(unit.text).rstrip(_CLOSING).endswith(_FINISHED)

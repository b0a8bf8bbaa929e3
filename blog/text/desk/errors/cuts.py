"""What goes when repeats are dropped: whole blocks, parts of blocks, and the headings that would head nothing."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import groupby

from blog.text.desk.blocks import GAPS, Kind
from blog.text.desk.errors.runs import Unit, goes
from blog.text.desk.findings import Edit
from blog.text.desk.keys import MIN_REPEAT
from blog.text.desk.reading import Reading

_PAIRS = ("「」", "『』", "（）", "()", "【】", "[]")
_LEVELS = 7  # six of headings, and paragraphs in bold below them


class Cuts:
    """Decides from the repeated sentences what goes with which finding.

    `heavy` are the places of the blocks that are findings. A light block is one that is repeated wholly, but is too
    short to be a finding: it goes with a heavy one where it would be left over, between two or at a section's end.
    """

    def __init__(self, article: Reading, units: Mapping[int, list[Unit]]) -> None:
        self.article = article
        self.units = units
        self.heavy = [at for at in units if self._is_heavy(at)]
        self.whole: set[int] = set()
        self.along: dict[int, int] = {}  # the places of light blocks and headings, with the heavy one they go with
        self._fixes: dict[int, list[Edit]] = {}
        if self.heavy:
            self._decide()

    def _decide(self) -> None:
        for at in reversed(self.heavy):
            if goes(self.units, at) and not self._has_kept_child(at):
                self.whole.add(at)
        for section in self._sections():
            self._take_light_blocks(section)
        self._take_titles()
        removals = self.article.removals(self.whole | self.along.keys())
        self._fixes = {at: [removals[at]] for at in self.whole}
        for at, heavy in self.along.items():
            self._fixes[heavy].append(removals[at])

    def fix(self, at: int) -> tuple[Edit, ...]:
        return tuple(self._fixes[at] if at in self.whole else self._parts(at))

    def _is_heavy(self, at: int) -> bool:
        repeated = [unit for unit in self.units[at] if unit.source]
        if not repeated:  # as in most blocks
            return False
        return sum(unit.weight for unit in repeated) >= MIN_REPEAT or any(unit.is_certain for unit in repeated)

    def _has_kept_child(self, at: int) -> bool:
        """Whether the block is an item, and what stays below it would go to the item above."""
        blocks = self.article.blocks
        if blocks[at].kind is not Kind.ITEM or at + 1 == len(blocks) or at + 1 in self.whole:
            return False
        return self._column(at + 1) > self._column(at)

    def _column(self, at: int) -> int:
        """The column of a block in the source, 0 for the first."""
        body, start = self.article.draft.body, self.article.blocks[at].start
        return len(body[start : start + 80]) - len(body[start : start + 80].lstrip(" \t"))

    def _sections(self) -> Iterator[list[int]]:
        section: list[int] = []
        for at, block in enumerate(self.article.blocks):
            if at in self.article.titles and at not in self.whole:
                yield section
                section = []
            elif block.kind not in GAPS:
                section.append(at)
        yield section

    def _take_light_blocks(self, section: list[int]) -> None:
        heavy = [at for at in section if at in self.whole]
        if not heavy:
            return
        groups = [(going, list(group)) for going, group in groupby(section, self._goes_or_could)]
        if len(groups) == 1 and groups[0][0]:
            self.along |= {at: heavy[0] for at in section if at not in self.whole}
            return
        for group in (group for going, group in groups if going):
            last = None  # the heavy block above
            waiting: list[int] = []
            for at in group:
                if at not in self.whole:
                    waiting.append(at)
                    continue
                if last is not None:
                    self.along |= dict.fromkeys(waiting, last)
                last, waiting = at, []
            if last is not None and group[-1] == section[-1]:
                self.along |= dict.fromkeys(waiting, last)

    def _goes_or_could(self, at: int) -> bool:
        return at in self.whole or (goes(self.units, at) and at not in self.heavy and not self._has_kept_child(at))

    def _take_titles(self) -> None:
        """Goes up the article, so that a heading goes too if all the headings below it go."""
        blocks = self.article.blocks
        going = sorted(self.whole)
        kept = len(blocks)  # the nearest block below that stays
        nearest = [len(blocks)] * (_LEVELS + 1)  # the nearest title below, by level
        staying: set[tuple[str, ...]] = set()  # the titles below
        for at in range(len(blocks) - 1, -1, -1):
            if at in self.whole or at in self.along or blocks[at].kind in GAPS:
                continue
            if at in self.article.titles:
                level = blocks[at].level or _LEVELS
                end = min(nearest[: level + 1])
                nearest[level] = at
                below = bisect_left(going, end) - 1
                title = tuple(unit.key for unit in self.units.get(at, ()))
                known = title in staying or all(unit.known for unit in self.units.get(at, ()))
                if known and kept >= end and below >= 0 and going[below] > at:
                    self.along[at] = going[below]
                    continue
                staying.add(title)
            kept = at

    def _parts(self, at: int) -> Iterator[Edit]:
        """The edits that drop the repeated sentences of a block whose other sentences stay."""
        units = self.units[at]
        for going, group in groupby(range(len(units)), key=lambda place: units[place].may_go):
            places = list(group)
            first, last = places[0], places[-1]
            if not going or len(places) == len(units):
                continue
            edit = self._part(units, first, last)
            left = units[last + 1].text if last + 1 < len(units) else ""
            makes_heading = first == 0 and left.startswith("#")
            if _is_balanced(self.article.draft.body[edit.start : edit.end]) and not makes_heading:
                yield edit

    def _part(self, units: list[Unit], first: int, last: int) -> Edit:
        """Takes the space after the sentences, or that before them where they end their line."""
        body = self.article.draft.body
        start, end = units[first].start, units[last].end
        after = units[last + 1].start if last + 1 < len(units) else end
        if last + 1 < len(units) and ("\n" not in body[end:after] or first == 0):
            return Edit("body", start, after)
        before = units[first - 1].end
        if "\n" in body[before:start] and last + 1 < len(units):
            return Edit("body", start, after)
        return Edit("body", before, end)


def _is_balanced(text: str) -> bool:
    """Whether the text can go without breaking emphasis, code or brackets around it."""
    if text.count("**") % 2 or text.count("`") % 2:
        return False
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)

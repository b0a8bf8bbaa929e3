"""Two edits of one text brought together by paragraphs; where both changed the same place, a person decides."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from blog.text.diff import Budget, matches
from blog.text.lines import with_lf

# A paragraph with the empty lines after it.
PARAGRAPH = re.compile(r"\n*[^\n]+(?:\n[^\n]+)*\n*|\n+")
STEPS = 1_500_000


class Part(NamedTuple):
    """A stretch of the merged text. What only one side changed is settled: `text`. Else each side has its own."""

    text: str
    is_conflict: bool = False
    base: str = ""
    mine: str = ""
    theirs: str = ""


def merge(base: str, mine: str, theirs: str) -> list[Part]:
    """`mine` and `theirs`, both made from `base`, in parts, all with LF; neighbouring settled parts are one.

    Changes of neighbouring paragraphs count as changes of one place: they often belong together.
    """
    parts: list[Part] = []
    for part in _parts(*(PARAGRAPH.findall(with_lf(text)) for text in (base, mine, theirs))):
        if parts and not part.is_conflict and not parts[-1].is_conflict:
            parts[-1] = Part(join([parts[-1].text, part.text]))
        else:
            parts.append(part)
    return parts


def join(texts: Iterable[str]) -> str:
    """The parts of a merged text, as they were decided, with an empty line between paragraphs that lost theirs."""
    joined = ""
    for text in filter(None, texts):
        if joined and not joined.endswith("\n\n") and not text.startswith("\n"):
            joined = joined.rstrip("\n") + "\n\n"
        joined += text
    return joined


def _parts(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Part]:
    """The classic three-way walk: what all three have stands fast, what lies between is compared."""
    in_mine, in_theirs = _places(base, mine), _places(base, theirs)
    b = m = t = 0
    for place in sorted(in_mine.keys() & in_theirs.keys()):
        yield from _between(base[b:place], mine[m : in_mine[place]], theirs[t : in_theirs[place]])
        b, m, t = place, in_mine[place], in_theirs[place]
        yield Part(_settled(base[b], mine[m], theirs[t]) or mine[m])
        b, m, t = b + 1, m + 1, t + 1
    yield from _between(base[b:], mine[m:], theirs[t:])


def _places(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """For each paragraph of the base that a side still has, where; the empty lines after it do not matter."""
    old, new = ([paragraph.strip("\n") for paragraph in text] for text in (base, side))
    return {match.old + i: match.new + i for match in matches(old, new, Budget(STEPS)) for i in range(match.length)}


def _between(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[Part]:
    texts = ["".join(side) for side in (base, mine, theirs)]
    if not any(texts):
        return
    settled = _settled(*texts)
    yield Part("", True, *texts) if settled is None else Part(settled)


def _settled(base: str, mine: str, theirs: str) -> str | None:
    """What the change of one side, or the same change of both, leads to; None if they differ."""
    if mine == theirs or theirs == base:
        return mine
    return theirs if mine == base else None

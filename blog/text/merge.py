"""Merges two edits of one text by paragraphs; where both changed the same place, a person decides."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from blog.text.characters import with_lf
from blog.text.diff import Budget, matches

# A paragraph with the empty lines after it.
PARAGRAPH = re.compile(r"\n*[^\n]+(?:\n[^\n]+)*\n*|\n+")
STEPS = 1_500_000


class MergedPart(NamedTuple):
    """A stretch of the merged text: resolved, with its `text`, or a conflict, with the text of each side."""

    text: str
    is_conflict: bool = False
    base: str = ""
    mine: str = ""
    theirs: str = ""


def merge(base: str, mine: str, theirs: str) -> list[MergedPart]:
    """Merges `mine` and `theirs`, both made from `base`, into parts with LF line ends. No two resolved parts touch.

    Changes of neighbouring paragraphs count as changes of the same place: they often belong together.
    """
    parts: list[MergedPart] = []
    for part in _parts(*(PARAGRAPH.findall(with_lf(text)) for text in (base, mine, theirs))):
        if parts and not part.is_conflict and not parts[-1].is_conflict:
            parts[-1] = MergedPart(join([parts[-1].text, part.text]))
        else:
            parts.append(part)
    return parts


def join(texts: Iterable[str]) -> str:
    """Joins the decided parts of a merged text, with an empty line between paragraphs that lost theirs."""
    joined = ""
    for text in filter(None, texts):
        if joined and not joined.endswith("\n\n") and not text.startswith("\n"):
            joined = joined.rstrip("\n") + "\n\n"
        joined += text
    return joined


def _parts(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[MergedPart]:
    """Walks over the paragraphs that all three texts have, and compares the stretches between them."""
    in_mine, in_theirs = _places(base, mine), _places(base, theirs)
    b = m = t = 0
    for place in sorted(in_mine.keys() & in_theirs.keys()):
        yield from _between(base[b:place], mine[m : in_mine[place]], theirs[t : in_theirs[place]])
        b, m, t = place, in_mine[place], in_theirs[place]
        yield MergedPart(_resolved(base[b], mine[m], theirs[t]) or mine[m])
        b, m, t = b + 1, m + 1, t + 1
    yield from _between(base[b:], mine[m:], theirs[t:])


def _places(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """Maps each paragraph of the base that a side still has to its place there, whatever empty lines follow it."""
    old, new = ([paragraph.strip("\n") for paragraph in text] for text in (base, side))
    return {match.old + i: match.new + i for match in matches(old, new, Budget(STEPS)) for i in range(match.length)}


def _between(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[MergedPart]:
    texts = ["".join(side) for side in (base, mine, theirs)]
    if not any(texts):
        return
    resolved = _resolved(*texts)
    yield MergedPart("", True, *texts) if resolved is None else MergedPart(resolved)


def _resolved(base: str, mine: str, theirs: str) -> str | None:
    """Returns the text if only one side changed it or both made the same change; None if their changes differ."""
    if mine == theirs or theirs == base:
        return mine
    return theirs if mine == base else None

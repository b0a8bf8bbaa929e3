"""Breaks a title into lines: between phrases, as evenly as possible, by the rules of Japanese typesetting."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from blog.text.phrases import LATIN, are_bound, phrases

RUN = re.compile(rf"[ァ-ヺー]+|(?:{LATIN.pattern})+|.", re.DOTALL)

SIZES = (128, 110, 96, 84, 74, 66, 60, 54, 48, 42)  # pixels
LEADING = 1.38
LARGEST_CUT = 60  # pixels; a larger size is not used if it would cut a phrase

PAUSES = frozenset("、。，．：；？！―—!?,.:;")
PAUSE = 0.1  # the bonus for a line that ends with a pause, in the unit of badness: (empty part / width) squared

Measure = Callable[[str], float]  # the width of a text in em


class Setting(NamedTuple):
    lines: list[str]
    size: int


def break_lines(parts: list[str], measure: Measure, width: float) -> list[str]:
    """Breaks the text into as few lines of the width as possible, as evenly as possible.

    Only a part wider than a line is cut.
    """
    pieces: list[str] = []
    for part in parts:
        pieces += [part] if measure(part.strip()) <= width else _pieces(part, measure, width)
    spaced = [measure(piece) for piece in pieces]
    trimmed = [measure(piece.rstrip()) for piece in pieces]
    # The best way to set the first n pieces: how many lines, how uneven, and where the last of them begins.
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(pieces) + 1):
        pause = PAUSE if end < len(pieces) and pieces[end - 1].rstrip()[-1:] in PAUSES else 0
        ways: list[tuple[int, float, int]] = []
        taken = trimmed[end - 1]
        for start in range(end - 1, -1, -1):
            slack = 1 - taken / width
            if slack < 0 and ways:
                break
            lines_before, badness, _ = best[start]
            ways.append((lines_before + 1, badness + slack**2 - pause, start))
            taken += spaced[start - 1]
        best.append(min(ways))
    lines: list[str] = []
    end = len(pieces)
    while end:
        start = best[end][2]
        lines.insert(0, "".join(pieces[start:end]).strip())
        end = start
    return lines


def _pieces(phrase: str, measure: Measure, width: float) -> list[str]:
    """Cuts a phrase into words of katakana or Latin letters and single other characters, with the marks around them.

    A word wider than half a line is cut wherever the rules allow. Only a run of marks wider than a line is cut against
    the rules.
    """
    pieces: list[str] = []
    for word in _bound(RUN.findall(phrase)):
        for part in [word] if measure(word) <= width / 2 else _bound(word):
            pieces += [part] if measure(part.strip()) <= width else part
    return pieces


def _bound(parts: Iterable[str]) -> list[str]:
    """Joins neighbouring parts if no line may end between them; all joined are the same text."""
    found: list[str] = []
    for part in parts:
        if found and are_bound(found[-1], part):
            found[-1] += part
        else:
            found.append(part)
    return found


def set_title(text: str, measure: Measure, box: tuple[int, int]) -> Setting:
    """Sets the text at the largest of SIZES that fits the box, or cuts it off with an ellipsis at the smallest."""
    parts = phrases(text)
    for size in SIZES:
        width, room = box[0] / size, int(box[1] / (size * LEADING))
        if size > LARGEST_CUT and any(measure(part.strip()) > width for part in parts):
            continue
        lines = break_lines(parts, measure, width)
        if len(lines) <= room:
            return Setting(lines, size)
    return Setting([*lines[: room - 1], shorten("".join(lines[room - 1 :]), measure, width, cut=True)], size)


def shorten(text: str, measure: Measure, width: float, *, cut: bool = False) -> str:
    """Shortens the text to the width. An ellipsis stands for what is missing, also if the caller has `cut` the text."""
    end = "…" if cut or measure(text) > width else ""
    while text and measure(text + end) > width:
        text = text[:-1].rstrip()
    return text + end

"""Code and comments, which readers see otherwise or not at all, blanked in a text so that all other places stay."""

import re
from bisect import bisect_left
from collections.abc import Callable

from blog.text.desk.blocks import Block, Kind

_TICKS = re.compile("`+")
_TICKS_OR_ESCAPE = re.compile(r"\\[`\\]|`+")


def bare_text(block: Block, blank: str = " ") -> str:
    """The block's text with the blank in place of each character of code and comments."""
    if block.kind in (Kind.FENCE, Kind.CODE):
        return blank * len(block.text)
    return without_comments(without_code(block.text, blank), is_raw=block.kind is Kind.HTML, blank=blank)


def without_code(text: str, blank: str = " ") -> str:
    """Puts the blank in place of each character of code, which as many ` end as begin it."""
    if "`" not in text:
        return text
    end_of, parts, done = code_ends(text), [], 0
    for ticks in _TICKS_OR_ESCAPE.finditer(text):
        if ticks.start() < done or ticks[0][0] != "`":
            continue
        if end := end_of(*ticks.span()):
            parts += [text[done : ticks.start()], blank * (end - ticks.start())]
            done = end
    return "".join([*parts, text[done:]])


def code_ends(text: str) -> Callable[[int, int], int]:
    """Returns a function that tells where the code ends that the ` between two places begin; 0 if nothing ends it."""
    closing: dict[int, list[int]] = {}
    for ticks in _TICKS.finditer(text):
        closing.setdefault(len(ticks[0]), []).append(ticks.start())

    def end_of(start: int, end: int) -> int:
        ends = closing.get(end - start, [])
        place = bisect_left(ends, end)
        return ends[place] + end - start if place < len(ends) else 0

    return end_of


def without_comments(text: str, *, is_raw: bool = False, blank: str = " ") -> str:
    """Puts the blank in place of each character of a comment. One without its end hides all below it in raw HTML; in
    Markdown it is text.
    """
    parts, done = [], 0
    while (begin := text.find("<!--", done)) >= 0:
        end = text.find("-->", begin + 2) + 3  # `<!-->` is a whole one
        if end < 3:
            if not is_raw:
                break
            end = len(text)
        parts += [text[done:begin], blank * (end - begin)]
        done = end
    return "".join([*parts, text[done:]]) if parts else text

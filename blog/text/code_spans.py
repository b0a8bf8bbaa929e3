"""Where code spans of Markdown end."""

import re
from bisect import bisect_left

_TICKS = re.compile("`+")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")


class CodeSpans:
    """The ends of code spans. A span ends at the next run of as many backticks in the same paragraph.

    Runs and blank lines are found in one pass, so that many unmatched runs cost no more.
    """

    def __init__(self, body: str) -> None:
        self._runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(body):
            self._runs.setdefault(len(run[0]), []).append(run.start())
        self._blank_lines = [line.start() for line in _BLANK_LINE.finditer(body)] if self._runs else []

    def end(self, opening: re.Match[str], limit: int) -> int:
        """The end of the span that these backticks open, or the end of the backticks if it has none before `limit`."""
        ticks = len(opening["ticks"])
        runs = self._runs.get(ticks, [])
        after = bisect_left(runs, opening.end())
        blank = bisect_left(self._blank_lines, opening.end())
        limit = min([limit, *self._blank_lines[blank : blank + 1]])
        fits = after < len(runs) and runs[after] + ticks <= limit
        return runs[after] + ticks if fits else opening.end()

"""What a body in Markdown holds beside its text, found without rendering it: comments, and code within lines."""

import re
from bisect import bisect_left

_OPENING = re.compile(
    r"^ {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<info>.*)"
    r"|(?<!\\)(?P<ticks>`+)|(?P<begin>^ {0,3})?<!--",
    re.MULTILINE,
)
_BEGIN = re.compile(r"^ {0,3}(?:<!--|`{3,}[^`\n]*$|~{3,})", re.MULTILINE)
_TICKS = re.compile("`+")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
_REST_OF_LINE = re.compile("[^\n]*")


def without_comments(body: str) -> str:
    """Leaves out the comments of a body in Markdown, whose lines end with LF alone; what looks like one
    within fences or a code span stays.

    One that begins a line and never ends takes the rest of the text with it, as on the page. Comments
    between indented lines of code are left out too: it is better to show less than the page than more.
    """
    spans = CodeSpans(body)
    begins = [line.start() for line in _BEGIN.finditer(body)]  # each ends the paragraph above, and its code
    kept, at, place, has_ends = [], 0, 0, True
    html_end = 0  # of the line in which a comment ends that began a line: nothing in it is Markdown
    while opening := _OPENING.search(body, place):
        if fence := opening["fence"]:
            closes = re.compile(rf"^ {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
            closing = closes.search(body, opening.end())
            place = closing.end() if closing else len(body)
            if "<!--" in opening["info"]:
                kept.append(body[at : opening.start("info")])
                at = opening.end()
            continue
        place = opening.end()
        if opening["ticks"] is not None:
            if opening.start() >= html_end:
                below = bisect_left(begins, opening.end())
                place = spans.end(opening, min([len(body), *begins[below : below + 1]]))
            continue
        end = body.find("-->", opening.end() - 2) if has_ends else -1  # `<!-->` is a whole one
        has_ends = end >= 0
        if not has_ends and opening["begin"] is None:
            continue
        kept.append(body[at : opening.start()])
        at = place = end + 3 if has_ends else len(body)
        if opening["begin"] is not None and place >= html_end:
            html_end = _REST_OF_LINE.match(body, place).end()  # type: ignore[union-attr]  # it may be empty
    return "".join([*kept, body[at:]])


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

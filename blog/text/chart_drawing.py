"""Draws the picture of a chart as the inside of an SVG: classes and numbers only, no styles, colours or scripts.

Each kind is drawn for a wide and for a narrow column, so that letters keep their size. `static/css` gives the shapes
their colours; the letters are LETTER units high.
"""

import html
from collections.abc import Iterator, Sequence
from math import ceil, floor, log10
from typing import TYPE_CHECKING, NamedTuple

from blog.text.japanese import width as em
from blog.text.numerals import in_japanese

if TYPE_CHECKING:
    from blog.text.charts import Chart, Row

WIDE, NARROW = 640, 320  # units; a narrow one is shown in a column of 320 pixels or more
LETTER = 13  # units
LINE = 18  # units from one line of letters to the next
GAP = 6
DIGIT = 0.62  # em; a figure or a Latin letter is wider than half a Japanese character
BROAD = "%MWmw@"  # Latin letters and signs as wide as a Japanese character
PLOT_HEIGHT = 200
MAX_TICKS = 5


class Side(NamedTuple):
    """A label at the end of a line or beside a segment: where it belongs, and what it says."""

    at: float
    text: str
    is_accent: bool


def draw(chart: "Chart", width: int) -> tuple[str, int]:
    """Returns the shapes and the height of the picture. The chart is one that can be drawn."""
    shapes, height = _DRAWINGS[chart.kind](chart, width)
    return "".join(shapes), ceil(height)


# --- kinds ---


def _bars(chart: "Chart", width: int) -> tuple[list[str], float]:
    low, high = _bounds([row.filled[0] for row in chart.rows])
    values = [in_japanese(row.filled[0], chart.unit) for row in chart.rows]
    shapes, top, start, step = _row_labels(chart, width)
    left = start + max((_units(text) + GAP for text, row in _with_rows(values, chart) if row < 0), default=0)
    right = width - max((_units(text) + GAP for text, row in _with_rows(values, chart) if row >= 0), default=0)
    at = _scale(low, high, left, right)
    for index, (row, value) in enumerate(zip(chart.rows, values, strict=True)):
        number = row.filled[0]
        begin, end = sorted((at(0), at(number)))
        y = top + index * step
        shapes.append(_rect(begin, y, end - begin, LETTER, _accent("bar", chart, row)))
        shapes.append(_text(end + GAP if number >= 0 else begin - GAP, y + 11, value, "value", end=number < 0))
    height = top + len(chart.rows) * step
    shapes.append(_rule(at(0), top - GAP, at(0), height - GAP, "axis"))
    return shapes, height


def _range(chart: "Chart", width: int) -> tuple[list[str], float]:
    lows = [row.filled[0] for row in chart.rows]
    highs = [row.filled[1] for row in chart.rows]
    shapes, top, start, step = _row_labels(chart, width)
    left = start + max(_units(in_japanese(low, chart.unit)) for low in lows) + 2 * GAP
    right = width - max(_units(in_japanese(high, chart.unit)) for high in highs) - 2 * GAP
    at = _scale(min(lows), max(highs), left, right)
    for index, (row, low, high) in enumerate(zip(chart.rows, lows, highs, strict=True)):
        y = top + index * step + GAP
        shapes.append(_rule(at(low), y, at(high), y, _accent("span", chart, row)))
        shapes += [_dot(at(low), y, _accent("dot", chart, row)), _dot(at(high), y, _accent("dot", chart, row))]
        shapes.append(_text(at(low) - 2 * GAP, y + 5, in_japanese(low, chart.unit), "value", end=True))
        shapes.append(_text(at(high) + 2 * GAP, y + 5, in_japanese(high, chart.unit), "value"))
    return shapes, top + len(chart.rows) * step


def _columns(chart: "Chart", width: int) -> tuple[list[str], float]:
    numbers = [row.filled[0] for row in chart.rows]
    values = [in_japanese(number, chart.unit) for number in numbers]
    low, high = _bounds(numbers)
    shapes, left, at, bottom = _grid(chart, low, high, width, width)
    slot = (width - left) / len(numbers)
    fits = max(map(_units, values)) + GAP <= slot
    last = len(numbers) - 1
    for index, (row, number, value) in enumerate(zip(chart.rows, numbers, values, strict=True)):
        x = left + index * slot
        top, foot = sorted((at(0), at(number)))
        shapes.append(_rect(x + slot * 0.15, top, slot * 0.7, foot - top, _accent("bar", chart, row)))
        if fits or (index == last and _units(value) <= width - left):
            middle = x + slot / 2
            y = top - 4 if number >= 0 else foot + LETTER
            shapes.append(_centred(middle, y, value, "value", left, width))
    shapes.append(_rule(left, at(0), width, at(0), "axis"))
    middles = [left + (index + 0.5) * slot for index in range(len(numbers))]
    shapes += _labels_below([row.label for row in chart.rows], middles, bottom, left, width)
    return shapes, bottom + LINE + GAP


def _line(chart: "Chart", width: int) -> tuple[list[str], float]:
    known = [number for row in chart.rows for number in row.numbers if number is not None]
    names = chart.columns[1:] or ("",) * len(chart.rows[0].numbers)
    series = [[row.numbers[at] for row in chart.rows] for at in range(len(names))]
    ends = {at: found for at, line in enumerate(series) if (found := _last(line)) is not None}
    room = width * 0.36
    said = {
        at: _cut(names[at], room - _units(f" {value}")) + (" " if names[at] else "") + value
        for at, (_, number) in ends.items()
        for value in [in_japanese(number, chart.unit)]
    }
    right = width - max(map(_units, said.values())) - 2 * GAP
    low, high = min(known), max(known)
    if 0 < low < high * 0.5 or high == low:  # a line near zero stands on it
        low, high = _bounds([low, high])
    shapes, left, at_y, bottom = _grid(chart, low, high, width, right)
    at_x = _scale(0, len(chart.rows) - 1, left + GAP, right - GAP)
    sides = []
    accent = names.index(chart.highlight) if chart.highlight in names else 0
    for at, line in sorted(enumerate(series), key=lambda pair: pair[0] == accent):
        is_accent = at == accent
        kind = "line line--accent" if is_accent else f"line line--{at}"
        shapes += [_path(points, kind) for points in _runs(line, at_x, at_y)]
        if at in ends:
            index, number = ends[at]
            shapes.append(_dot(at_x(index), at_y(number), "dot dot--accent" if is_accent else "dot"))
            sides.append(Side(at_y(number), said[at], is_accent))
    shapes += _side_labels(sides, right + GAP, LETTER, bottom)
    middles = [at_x(index) for index in range(len(chart.rows))]
    shapes += _labels_below([row.label for row in chart.rows], middles, bottom, 0, width)
    return shapes, bottom + LINE + GAP


def _slope(chart: "Chart", width: int) -> tuple[list[str], float]:
    pairs = [(row.filled[0], row.filled[1]) for row in chart.rows]
    before = [in_japanese(first, chart.unit) for first, _ in pairs]
    after = [in_japanese(second, chart.unit) for _, second in pairs]
    left = max(map(_units, before)) + 2 * GAP
    room = width * 0.45
    said = [
        f"{value} {_cut(row.label, room - _units(f' {value}'))}" for row, value in zip(chart.rows, after, strict=True)
    ]
    right = width - max(map(_units, said)) - 2 * GAP
    top = LINE + GAP
    height = max(PLOT_HEIGHT, len(pairs) * LINE)
    low, high = min(map(min, pairs)), max(map(max, pairs))
    at = _scale(low, high, top + height, top + LETTER)
    shapes = [_rule(left, top, left, top + height + GAP, "axis"), _rule(right, top, right, top + height + GAP, "axis")]
    for text, x in zip(chart.columns[1:], (left, right), strict=False):
        shapes.append(_centred(x, LETTER, _cut(text, (right - left) / 2), "tick", 0, width))
    starts, ends = [], []
    lines = [*zip(chart.rows, pairs, before, said, strict=True)]
    for row, (first, second), begin, end in sorted(lines, key=lambda line: line[0].label == chart.highlight):
        shapes.append(_rule(left, at(first), right, at(second), _accent("line", chart, row)))
        is_accent = row.label == chart.highlight
        starts.append(Side(at(first), begin, is_accent))
        ends.append(Side(at(second), end, is_accent))
    shapes += _side_labels(starts, left - GAP, top + LETTER, top + height + GAP, end=True)
    shapes += _side_labels(ends, right + GAP, top + LETTER, top + height + GAP)
    return shapes, top + height + LINE


def _share(chart: "Chart", width: int) -> tuple[list[str], float]:
    numbers = [row.filled[0] for row in chart.rows]
    total = sum(numbers)
    height = max(PLOT_HEIGHT, len(numbers) * LINE)
    bar = width * 0.2
    shapes, sides, top = [], [], 0.0
    for index, (row, number) in enumerate(zip(chart.rows, numbers, strict=True)):
        tall = number / total * height
        is_accent = row.label == chart.highlight
        kind = "segment segment--accent" if is_accent else f"segment segment--{index % 2}"
        shapes.append(_rect(0, top, bar, tall, kind))
        share = f"{in_japanese(round(number / total * 100, 1))}%"
        room = width - bar - 4 * GAP - _units(f" {share}")
        sides.append(Side(top + tall / 2, f"{_cut(row.label, room)} {share}", is_accent))
        top += tall
    for side, y in _spread(sides, LETTER / 2, height - LETTER / 2):
        shapes.append(_rule(bar, side.at, bar + 3 * GAP, y, "leader"))
        shapes.append(_text(bar + 4 * GAP, y + 5, side.text, "label label--accent" if side.is_accent else "label"))
    return shapes, height + GAP


_DRAWINGS = {
    "bars": _bars,
    "columns": _columns,
    "line": _line,
    "slope": _slope,
    "share": _share,
    "range": _range,
}


# --- what several kinds share ---


def _row_labels(chart: "Chart", width: int) -> tuple[list[str], float, float, float]:
    """The labels of horizontal rows: beside them if they are short, else above each.

    Returns also the top of the first row, where its shapes may begin, and the distance from row to row.
    """
    longest = max(_units(row.label) for row in chart.rows)
    if longest <= width * 0.3:
        step = LINE + GAP
        labels = [
            _text(longest, GAP + index * step + 11, row.label, _accent("label", chart, row), end=True)
            for index, row in enumerate(chart.rows)
        ]
        return labels, GAP, longest + 2 * GAP, step
    step = 2 * LINE + GAP
    labels = [
        _text(0, LETTER + index * step, _cut(row.label, width), _accent("label", chart, row))
        for index, row in enumerate(chart.rows)
    ]
    return labels, LINE + 2, 0, step


def _grid(chart: "Chart", low: float, high: float, width: int, right: float) -> tuple[list[str], float, "Scale", float]:
    """Lines at round numbers with their labels on the left.

    Returns also the left end of the plot, the scale of its heights, and its bottom.
    """
    ticks = _ticks(low, high)
    labels = [in_japanese(tick, chart.unit) for tick in ticks]
    left = max(map(_units, labels)) + GAP
    bottom = LINE + PLOT_HEIGHT
    at = _scale(min(low, ticks[0]), max(high, ticks[-1]), bottom - LINE, LINE)
    shapes = []
    for tick, label in zip(ticks, labels, strict=True):
        shapes.append(_rule(left, at(tick), right, at(tick), "grid"))
        shapes.append(_text(left - GAP, at(tick) + 4, label, "tick", end=True))
    return shapes, left, at, bottom


def _labels_below(texts: Sequence[str], middles: Sequence[float], top: float, left: float, right: float) -> list[str]:
    """Every label, every second … counted from the last: as many as have room."""
    said = [_cut(text, (right - left) / 2) for text in texts]
    begins = [
        min(max(middle - _units(text) / 2, left), right - _units(text))
        for text, middle in zip(said, middles, strict=True)
    ]
    for step in range(1, len(said) + 1):
        chosen = range((len(said) - 1) % step, len(said), step)
        if all(begins[at] + _units(said[at]) + GAP <= begins[at + step] for at in chosen[:-1]):
            break
    return [_text(begins[at], top + LETTER, said[at], "tick") for at in chosen]


def _side_labels(sides: Sequence[Side], x: float, top: float, bottom: float, *, end: bool = False) -> list[str]:
    return [
        _text(x, y + 5, side.text, "label label--accent" if side.is_accent else "label", end=end)
        for side, y in _spread(sides, top - 5, bottom - 5)
    ]


def _spread(sides: Sequence[Side], top: float, bottom: float) -> Iterator[tuple[Side, float]]:
    """Moves labels apart, so that each has a line of its own between top and bottom."""
    ordered = sorted(sides, key=lambda side: side.at)
    places: list[float] = []
    for side in ordered:
        least = places[-1] + LINE if places else top
        places.append(max(side.at, least))
    below = bottom
    for index in reversed(range(len(places))):
        places[index] = min(places[index], below)
        below = places[index] - LINE
    return zip(ordered, places, strict=True)


def _last(line: Sequence[float | None]) -> tuple[int, float] | None:
    """The last number of a line with its place."""
    return next(((at, number) for at, number in reversed([*enumerate(line)]) if number is not None), None)


def _runs(line: Sequence[float | None], at_x: "Scale", at_y: "Scale") -> Iterator[list[tuple[float, float]]]:
    """Yields the points of a line, parted where a number is missing."""
    run: list[tuple[float, float]] = []
    for index, number in enumerate(line):
        if number is not None:
            run.append((at_x(index), at_y(number)))
        elif run:
            yield run
            run = []
    if run:
        yield run


# --- numbers ---


class Scale(NamedTuple):
    """Maps the numbers from `low` to `high` to the units from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, number: float) -> float:
        return self.start + (number - self.low) / (self.high - self.low) * (self.end - self.start)


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    return Scale(low, high if high > low else low + 1, start, end)


def _bounds(numbers: Sequence[float]) -> tuple[float, float]:
    """The least and the greatest of the numbers and zero; never one and the same."""
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    return (low, high) if high > low else (0.0, 1.0)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers around low to high, MAX_TICKS or a few more."""
    raw = (high - low) / (MAX_TICKS - 1)
    power = 10.0 ** floor(log10(raw))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= raw * 0.999)
    return [round(at * step, 12) for at in range(floor(low / step + 0.001), ceil(high / step - 0.001) + 1)]


# --- shapes ---


def _units(text: str) -> float:
    """The width of the text in the picture; at least what it takes in any of the fonts of the page."""
    wide = em(text)
    narrow = 2 * (len(text) - wide)  # characters that take half an em by the standard
    broad = sum(map(text.count, BROAD))
    return LETTER * (wide + narrow * (DIGIT - 0.5) + broad * (1 - DIGIT))


def _cut(text: str, room: float) -> str:
    if _units(text) <= room:
        return text
    while text and _units(text + "…") > room:
        text = text[:-1]
    return text + "…"


def _with_rows(values: Sequence[str], chart: "Chart") -> Iterator[tuple[str, float]]:
    return ((value, row.filled[0]) for value, row in zip(values, chart.rows, strict=True))


def _accent(name: str, chart: "Chart", row: "Row") -> str:
    return f"{name} {name}--accent" if row.label == chart.highlight else name


def _class(names: str) -> str:
    return " ".join(f"chart__{name}" for name in names.split())


def _place(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _rect(x: float, y: float, width: float, height: float, name: str) -> str:
    size = f'width="{_place(max(width, 0.5))}" height="{_place(max(height, 0.5))}"'
    return f'<rect class="{_class(name)}" x="{_place(x)}" y="{_place(y)}" {size}/>'


def _rule(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    return f'<path class="{_class(name)}" d="M{_place(x1)} {_place(y1)}L{_place(x2)} {_place(y2)}"/>'


def _path(points: Sequence[tuple[float, float]], name: str) -> str:
    places = "L".join(f"{_place(x)} {_place(y)}" for x, y in points)
    return f'<path class="{_class(name)}" d="M{places}"/>'


def _dot(x: float, y: float, name: str) -> str:
    return f'<circle class="{_class(name)}" cx="{_place(x)}" cy="{_place(y)}" r="3.5"/>'


def _text(x: float, y: float, text: str, name: str, *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text class="{_class(name)}" x="{_place(x)}" y="{_place(y)}"{anchor}>{html.escape(text)}</text>'


def _centred(middle: float, y: float, text: str, name: str, left: float, right: float) -> str:
    """A text around `middle`, moved so that it stays between left and right."""
    begin = min(max(middle - _units(text) / 2, left), right - _units(text))
    return _text(begin, y, text, name)

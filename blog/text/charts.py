"""Charts written as text: a fenced block `chart` becomes a figure with a picture of its numbers and their table.

    title: データセンターの電力
    kind: bars
    unit: TWh
    source: 国際エネルギー機関（2025年）
    highlight: 日本

    国,2024年
    日本,19
    米国,183

Nothing here raises: what cannot be drawn is shown as a table, and `Chart.problems` says why.
"""

import csv
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import NamedTuple

from blog.text.chart_drawing import NARROW, WIDE, draw
from blog.text.numerals import in_japanese

CHART = "chart"  # the language of the block
KINDS = {
    "bars": "横棒グラフ",
    "columns": "縦棒グラフ",
    "line": "折れ線グラフ",
    "slope": "2時点の比較",
    "share": "内訳の帯グラフ",
    "range": "幅のグラフ",
}
# Rows that a picture has room for, and columns of numbers that it shows: the least and the most.
MOST_ROWS = {"bars": 30, "columns": 40, "line": 300, "slope": 8, "share": 8, "range": 30}
SERIES = {"bars": (1, 1), "columns": (1, 1), "line": (1, 5), "slope": (2, 2), "share": (1, 1), "range": (2, 2)}
MAX_READ = 40_000  # characters of a block; the rest is left out
MAX_TABLE_ROWS = 500
MAX_LABEL, MAX_TITLE = 60, 120  # characters
LARGEST = 1e17

_HEAD = re.compile(r"\s*(title|kind|unit|source|note|highlight)\s*[:：]\s*(.*)", re.IGNORECASE)
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*")
_SCALES = {"万": 1e4, "億": 1e8, "兆": 1e12}
_PICTURE = re.compile(r'<div class="chart__picture".*?</div>', re.DOTALL)
_DATA = re.compile(r'<details class="chart__data"[^>]*><summary>[^<]*</summary>(.*?)</details>', re.DOTALL)
_NUMBER = re.compile(r"([+-]?)(\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)([万億兆]?)")


class Problem(NamedTuple):
    """What is wrong in a line of the block, counted from 1; line 0 is the block as a whole."""

    line: int
    message: str
    keeps_from_drawing: bool = True


class Row(NamedTuple):
    """A row of the data: its first cell, the others as they were typed, and as numbers; None for an empty cell."""

    label: str
    cells: tuple[str, ...]
    numbers: tuple[float | None, ...]

    @property
    def filled(self) -> tuple[float, ...]:
        """The numbers, with 0 in the place of empty cells."""
        return tuple(number or 0.0 for number in self.numbers)


class Chart(NamedTuple):
    kind: str
    title: str
    unit: str
    source: str
    note: str
    highlight: str
    columns: tuple[str, ...]  # names of all columns, that of the labels first; empty if the block has none
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    @property
    def is_drawn(self) -> bool:
        return bool(self.rows) and not any(problem.keeps_from_drawing for problem in self.problems)


def read_chart(text: str) -> Chart:
    """Reads the text of a block."""
    problems = []
    if len(text) > MAX_READ:
        problems.append(Problem(0, f"図のデータが長すぎます（{len(text):,}字）。"))
    head: dict[str, str] = {}
    lines = list(enumerate(text[:MAX_READ].split("\n"), start=1))
    while lines and (found := _HEAD.fullmatch(lines[0][1])):
        head[found[1].lower()] = found[2].strip()
        del lines[0]
    kind = head.get("kind", "bars").lower()
    if kind not in KINDS:
        problems.append(Problem(0, f"kind「{kind[:20]}」はありません。{'、'.join(KINDS)}のどれかにします。"))
        kind = "bars"
    columns, rows, troubles = _read_rows(lines, head.get("unit", ""))
    problems += troubles
    title = head.get("title", "")
    for name, value, what in (("title", title, "題"), ("source", head.get("source", ""), "出所")):
        if not value:
            problems.append(Problem(0, f"図に{what}（{name}）がありません。", keeps_from_drawing=False))
    if len(title) > MAX_TITLE:
        problems.append(Problem(0, f"図の題が長すぎます（{len(title)}字）。", keeps_from_drawing=False))
    problems += _misfits(kind, rows)
    return Chart(
        kind,
        title,
        head.get("unit", ""),
        head.get("source", ""),
        head.get("note", ""),
        head.get("highlight", ""),
        columns,
        rows,
        tuple(problems),
    )


def chart_figure(text: str) -> str:
    """Returns the figure of a block: its title, the picture for wide and narrow columns, its source and its table."""
    chart = read_chart(text)
    if not chart.rows:
        return f'<pre class="highlight" tabindex="0"><code>{html.escape(text)}</code></pre>'
    title = html.escape(chart.title[:MAX_TITLE])
    unit = f'<span class="chart__unit">単位：{html.escape(chart.unit)}</span>' if chart.unit else ""
    pictures = ""
    if chart.is_drawn:
        drawings = "".join(
            f'<svg class="chart__{name}" viewBox="0 0 {width} {height}" aria-hidden="true">{shapes}</svg>'
            for name, width in (("wide", WIDE), ("narrow", NARROW))
            for shapes, height in [draw(chart, width)]
        )
        description = html.escape(describe(chart))
        pictures = f'<div class="chart__picture" role="img" aria-label="{description}">{drawings}</div>'
    notes = [f"{label}：{html.escape(value)}" for label, value in (("出所", chart.source), ("注", chart.note)) if value]
    return (
        f'<figure class="chart chart--{chart.kind}">'
        f'<figcaption><strong class="chart__title">{title or "図"}</strong>{unit}</figcaption>'
        f"{pictures}"
        + (f'<p class="chart__source">{"　".join(notes)}</p>' if notes else "")
        + f'<details class="chart__data"{"" if pictures else " open"}><summary>データを見る</summary>{_table(chart)}'
        "</details></figure>"
    )


def without_pictures(finished_html: str) -> str:
    """The HTML of an article with the tables of its charts in the place of their pictures, for feeds."""
    if 'class="chart ' not in finished_html:
        return finished_html
    return _DATA.sub(r"\1", _PICTURE.sub("", finished_html))


def describe(chart: Chart) -> str:
    """Says in a sentence or two what kind of picture it is and what its extremes are."""
    parts = [f"{KINDS[chart.kind]}。"]
    if chart.kind in ("line", "slope"):
        for at, name in enumerate(series_names(chart)):
            known = [(row.label, number) for row in chart.rows if (number := row.numbers[at]) is not None]
            if chart.kind == "line" and known:
                begin, end = known[0], known[-1]
                subject = f"{name}は" if name else ""
                parts.append(f"{subject}{begin[0]}の{_said(chart, begin[1])}から{end[0]}の{_said(chart, end[1])}へ。")
    if chart.kind == "slope":
        for row in chart.rows:
            before, after = row.numbers
            if before is not None and after is not None:
                parts.append(f"{row.label}は{_said(chart, before)}から{_said(chart, after)}へ。")
    if chart.kind in ("bars", "columns", "share", "range"):
        known = [(row.label, number) for row in chart.rows for number in row.numbers if number is not None]
        most, least = max(known, key=lambda pair: pair[1]), min(known, key=lambda pair: pair[1])
        parts.append(f"最大は{most[0]}の{_said(chart, most[1])}、最小は{least[0]}の{_said(chart, least[1])}。")
    return "".join(parts)


def series_names(chart: Chart) -> tuple[str, ...]:
    """The names of the columns of numbers, empty where the block does not name them."""
    return chart.columns[1:] or ("",) * len(chart.rows[0].numbers)


def _said(chart: Chart, number: float) -> str:
    return in_japanese(number, chart.unit) + chart.unit.removeprefix("%")


def _table(chart: Chart) -> str:
    head = ""
    if chart.columns:
        cells = "".join(f"<th{_aligned(at)}>{html.escape(name)}</th>" for at, name in enumerate(chart.columns))
        head = f"<thead><tr>{cells}</tr></thead>"
    rows = "".join(
        f"<tr><th>{html.escape(row.label)}</th>"
        + "".join(f'<td class="align-right">{html.escape(cell)}</td>' for cell in row.cells)
        + "</tr>"
        for row in chart.rows[:MAX_TABLE_ROWS]
    )
    label = html.escape(chart.title[:MAX_TITLE] or "図")
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}のデータ">'
        f"<table>{head}<tbody>{rows}</tbody></table></div>"
    )


def _aligned(column: int) -> str:
    return ' class="align-right"' if column else ""


def _read_rows(lines: Sequence[tuple[int, str]], unit: str) -> tuple[tuple[str, ...], tuple[Row, ...], list[Problem]]:
    """Returns the names of the columns, the rows, and what is wrong with them."""
    cells = [(number, row) for number, row in _cells(lines) if any(row)]
    if not cells:
        return (), (), [Problem(0, "図に数の行がありません。")]
    columns: tuple[str, ...] = ()
    first = cells[0][1]
    if len(cells) > 1 and len(first) > 1 and all(cell and _number(cell, unit) is None for cell in first[1:]):
        columns = tuple(name[:MAX_LABEL] for name in first)
        del cells[0]
    problems, rows = [], []
    width = len(columns) or (len(cells[0][1]) if cells else 0)
    for line, row in cells:
        if len(row) != width:
            message = f'セルが{len(row)}個あります（ほかの行は{width}個）。桁区切りのある数は"1,234"のように囲みます。'
            problems.append(Problem(line, message))
        values = (*row[1:width], *("" for _ in range(width - len(row))))
        numbers = tuple(_number(cell, unit) for cell in values)
        problems += [
            Problem(line, f"「{cell[:20]}」は数ではありません。")
            for cell, number in zip(values, numbers, strict=True)
            if cell and number is None
        ]
        if len(row[0]) > MAX_LABEL:
            problems.append(Problem(line, "行の名前が長すぎます。", keeps_from_drawing=False))
        rows.append(Row(row[0][:MAX_LABEL], values, numbers))
    if not rows or width < 2:
        problems.append(Problem(0, "図に数の列がありません。"))
    return columns, tuple(rows), problems


def _cells(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """Yields the cells of each row: of a Markdown table, of cells copied from a spreadsheet, or of CSV."""
    for number, line in lines:
        text = line.strip()
        if not text or (text.startswith("|") and _RULE.fullmatch(text)):
            continue
        if text.startswith("|"):
            row = text.strip("|").split("|")
        elif "\t" in line:
            row = line.split("\t")
        else:
            try:
                row = next(csv.reader([line]))
            except csv.Error:  # a quotation mark that is never closed, or a cell without an end
                row = line.split(",")
        yield number, [cell.strip() for cell in row]


def _number(cell: str, unit: str) -> float | None:
    """The number in a cell such as 1,234、−5、12%、3.4億; None if it holds none."""
    text = unicodedata.normalize("NFKC", cell[:40]).replace("−", "-").replace("▲", "-").replace("△", "-").strip()
    text = text.removesuffix(unicodedata.normalize("NFKC", unit)) if unit else text
    found = _NUMBER.fullmatch(text.removesuffix("%").replace(" ", ""))
    if found is None:
        return None
    number = float(found[2].replace(",", "")) * _SCALES.get(found[3], 1.0) * (-1 if found[1] == "-" else 1)
    return number if isfinite(number) and abs(number) <= LARGEST else None


def _misfits(kind: str, rows: Sequence[Row]) -> Iterator[Problem]:
    """What the kind of picture cannot show."""
    if not rows:
        return
    name, (least, most) = KINDS[kind], SERIES[kind]
    numbers = [number for row in rows for number in row.numbers]
    known = [number for number in numbers if number is not None]
    if len(rows) > MOST_ROWS[kind]:
        yield Problem(0, f"{name}に行が多すぎます（{len(rows):,}行。{MOST_ROWS[kind]}行まで）。")
    if not least <= len(rows[0].numbers) <= most:
        wanted = f"{least}列" if least == most else f"{least}〜{most}列"
        yield Problem(0, f"{name}の数は{wanted}です（いまは{len(rows[0].numbers)}列）。")
    elif not known:
        yield Problem(0, "図に数がひとつもありません。")
    elif kind == "line":
        if len(rows) < 2:
            yield Problem(0, f"{name}には2行以上が必要です。")
    elif len(known) < len(numbers):
        yield Problem(0, f"{name}に空のセルがあります。")
    elif kind == "share" and (min(known) < 0 or sum(known) <= 0):
        yield Problem(0, f"{name}の数は0以上にします。")
    elif kind == "range" and any(row.filled != tuple(sorted(row.filled)) for row in rows):
        yield Problem(0, f"{name}の各行は、下限、上限の順に書きます。")

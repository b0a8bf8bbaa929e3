"""Charts as text: what is read, what is drawn, and what is only shown as a table."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.text.chart_drawing import LETTER, NARROW, WIDE, _units, draw
from blog.text.charts import KINDS, SERIES, Chart, chart_figure, describe, read_chart, without_pictures
from blog.text.html import MAX_CHARTS
from blog.text.japanese import visible_text
from blog.text.markdown import render_markdown
from blog.text.numerals import in_japanese

HEAD = "title: 電力の使われ方\nkind: {}\nunit: TWh\nsource: 当編集部の計算\n\n"
LABEL_HEIGHT = LETTER - 2  # from the top of a capital to the foot of a comma


def block(kind: str, *rows: str) -> str:
    return HEAD.format(kind) + "\n".join(rows)


def boxes(shapes: str) -> list[tuple[float, float, float, float, str]]:
    """Left, top, right, bottom and text of each label."""
    found = []
    for text in ElementTree.fromstring(f"<svg>{shapes}</svg>").iter("text"):
        wide = _units(text.text or "")
        left = float(text.get("x", "")) - (wide if text.get("text-anchor") == "end" else 0)
        foot = float(text.get("y", ""))
        found.append((left, foot - LABEL_HEIGHT, left + wide, foot + 1, text.text or ""))
    return found


def assert_well_drawn(chart: Chart) -> None:
    for width in (WIDE, NARROW):
        shapes, height = draw(chart, width)
        assert "style" not in re.sub(r">[^<]*<", "><", shapes)
        labels = boxes(shapes)
        for left, top, right, bottom, text in labels:
            assert left >= -0.1, text
            assert right <= width + 0.1, text
            assert top >= -0.1, text
            assert bottom <= height + 0.1, text
        for at, first in enumerate(labels):
            for second in labels[at + 1 :]:
                apart = (
                    first[2] <= second[0] + 0.2
                    or second[2] <= first[0] + 0.2
                    or first[3] <= second[1] + 0.2
                    or second[3] <= first[1] + 0.2
                )
                assert apart, (first, second)
        for shape in ElementTree.fromstring(f"<svg>{shapes}</svg>").iter():
            for number in re.findall(r"-?\d+\.?\d*", shape.get("d", "")):
                assert -0.1 <= float(number) <= max(width, height) + 0.1


numbers = st.one_of(
    st.integers(-(10**13), 10**13),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3)),
    st.sampled_from([0, 1, -1, 0.001, 99_999, 100_000_000]),
)
names = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30).map(
    lambda name: re.sub(r'[,"|\t＂]', "", name) or "名"
)


@st.composite
def charts(drawn: st.DrawFn) -> Chart:
    kind = drawn(st.sampled_from([*KINDS]))
    least, most = SERIES[kind]
    series = drawn(st.integers(least, most))
    rows = drawn(st.integers(2, 8))
    values = [[drawn(numbers) for _ in range(series)] for _ in range(rows)]
    if kind == "share":
        values = [[abs(number) + 1 for number in row] for row in values]
    if kind == "range":
        values = [sorted(row) for row in values]
    head = ["", *(f"列{drawn(names)}" for _ in range(series))]
    labels = [drawn(names) for _ in range(rows)]
    lines = [",".join(head), *(",".join([name, *map(str, row)]) for name, row in zip(labels, values, strict=True))]
    highlight = drawn(st.sampled_from([*labels, *head]))
    return read_chart(f"title: 題\nkind: {kind}\nunit: 円\nsource: 計算\nhighlight: {highlight}\n\n" + "\n".join(lines))


@given(charts())
@settings(max_examples=300)
def test_no_label_leaves_the_picture_or_lies_on_another(chart: Chart):
    assert chart.is_drawn, chart.problems
    assert_well_drawn(chart)


@pytest.mark.parametrize(
    "rows",
    [
        ("国,2024年", "日本,19", "米国,183"),
        ("国\t2024年", "日本\t19", "米国\t183"),
        ("| 国 | 2024年 |", "|---|--:|", "| 日本 | 19 |", "| 米国 | 183 |"),
        ("国,2024年", "日本,１９", "米国,183"),
    ],
)
def test_rows_are_read_as_csv_cells_or_a_table(rows: tuple[str, ...]):
    chart = read_chart(block("bars", *rows))
    assert chart.columns == ("国", "2024年")
    assert [(row.label, row.numbers) for row in chart.rows] == [("日本", (19.0,)), ("米国", (183.0,))]
    assert chart.problems == ()


@pytest.mark.parametrize(
    ("cell", "number"), [("−5", -5), ("▲5", -5), ("1.2兆", 1.2e12), ("3,400万", 3.4e7), ("12%", 12), (".5", 0.5)]
)
def test_numbers_are_read_as_japanese_tables_write_them(cell: str, number: float):
    assert read_chart(block("bars", f'日本,"{cell}"')).rows[0].numbers == (number,)


@pytest.mark.parametrize(
    ("number", "unit", "written"),
    [
        (123_456_789, "円", "1.23億"),
        (34_000_000, "人", "3,400万"),
        (2_500_000_000_000, "", "2.5兆"),
        (-0.5, "%", "−0.5%"),
        (1850, "", "1,850"),
    ],
)
def test_numbers_are_written_as_a_newspaper_writes_them(number: float, unit: str, written: str):
    assert in_japanese(number, unit) == written


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (block("bars", "米国,1", "日本,たくさん"), "数ではありません"),
        (block("bars", "米国,1", "日本,1,234"), "セルが3個"),
        (block("bars"), "数の行がありません"),
        (block("pie", "日本,1"), "kind「pie」"),
        (block("bars", *(f"国{at},1" for at in range(10_000))), "行が多すぎます"),
        (block("share", "日本,-1", "米国,2"), "0以上"),
        (block("range", "日本,5,1"), "下限、上限の順"),
    ],
)
def test_what_cannot_be_drawn_is_told_and_shown_as_a_table(text: str, message: str):
    chart = read_chart(text)
    assert any(message in problem.message for problem in chart.problems)
    assert not chart.is_drawn
    figure = chart_figure(text)
    assert "<svg" not in figure
    assert "<table>" in figure or "<pre" in figure


def test_a_mistake_is_told_with_its_line():
    problems = read_chart(block("bars", "日本,19", "米国,不明")).problems
    assert [(problem.line, problem.keeps_from_drawing) for problem in problems] == [(7, True), (0, True)]


def test_a_missing_source_is_told_and_keeps_nothing_from_being_drawn():
    chart = read_chart("title: 題\n\n日本,1\n米国,2")
    assert [problem.message for problem in chart.problems] == ["図に出所（source）がありません。"]
    assert chart.is_drawn


def test_html_in_a_chart_is_text():
    figure = chart_figure("title: <script>x</script>\nunit: <b>\nsource: <i>\n\n<img src=x>,1\n&lt;,2")
    assert not re.search("<(?:script|b|i|img)[ >]", figure)


def test_the_picture_is_described_by_its_extremes():
    assert describe(read_chart(block("bars", "日本,19", "米国,183"))) == (
        "横棒グラフ。最大は米国の183TWh、最小は日本の19TWh。"
    )
    assert describe(read_chart(block("line", "年,日本", "2020年,10", "2024年,19"))) == (
        "折れ線グラフ。日本は2020年の10TWhから2024年の19TWhへ。"
    )


def article(kind: str = "bars") -> str:
    return f"# 見出し\n\n前の段落。\n\n```chart\n{block(kind, '日本,19', '米国,183')}\n```\n\n後の段落。"


def test_a_block_of_an_article_becomes_a_figure():
    rendered = render_markdown(article()).html
    assert '<figure class="chart chart--bars">' in rendered
    assert rendered.count("<svg") == 2
    assert "<pre" not in rendered


def test_the_picture_of_a_chart_is_neither_read_aloud_nor_counted_as_text():
    text = visible_text(render_markdown(article()).html)
    assert text.count("183") == 1


def test_feeds_get_the_table_in_the_place_of_the_picture():
    fed = without_pictures(render_markdown(article()).html)
    assert "<svg" not in fed
    assert "<details" not in fed
    assert "<table>" in fed
    assert "出所：当編集部の計算" in fed


def test_so_many_charts_of_an_article_are_drawn():
    rendered = render_markdown("\n\n".join([article()] * (MAX_CHARTS + 5))).html
    assert rendered.count('<figure class="chart ') == MAX_CHARTS

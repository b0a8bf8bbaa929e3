"""Line breaks, with every letter one em wide, so that a width is a number of letters."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blog.pictures.typesetting import LEADING, SIZES, break_lines, set_title
from blog.text.phrases import NOT_FIRST, NOT_LAST, phrases

BOX = (1048, 350)


def lines(text, width):
    return break_lines(phrases(text), len, width)


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("生成AIの投資判断をどう読むか", 9, ["生成AIの", "投資判断を", "どう読むか"]),
        ("半導体の需要は、いつまで続くのか", 12, ["半導体の需要は、", "いつまで続くのか"]),
        ("「強い円」は戻るのか", 6, ["「強い円」は", "戻るのか"]),
        ("Why the cost matters", 12, ["Why the", "cost matters"]),
        ("OpenAIとMicrosoft", 9, ["OpenAIと", "Microsoft"]),
        ("AI", 1, ["A", "I"]),
        ("新型車載ドライブ装置類", 8, ["新型車載", "ドライブ装置類"]),
        ("", 5, []),
    ],
)
def test_lines_break_between_phrases(text, width, wanted):
    assert lines(text, width) == wanted


def bound_row(text, at):
    """The characters around a place that the rules keep on one line; a space between two of them stands there too."""
    start, end = at, at
    while start and (text[start:].lstrip()[0] in NOT_FIRST or text[:start].rstrip()[-1] in NOT_LAST):
        start -= 1
    while text[end:].strip() and (text[end:].lstrip()[0] in NOT_FIRST or text[:end].rstrip()[-1] in NOT_LAST):
        end += 1
    return text[start:end].strip()


def broken_rules(text, width):
    """The places where a line ends against the rules although what they keep together would fit one."""
    found, at = [], 0
    for line, following in itertools.pairwise(lines(text, width)):
        at = text.index(line, at) + len(line)
        if (following[0] in NOT_FIRST or line[-1] in NOT_LAST) and len(bound_row(text, at)) <= width:
            found.append((line, following))
    return found


WORDS = [
    *(
        "東京",
        "の",
        "データー",
        "「円安」",
        "AI",
        "、あ",
        "だった。",
        "インフラストラクチャー",
        "GPT-4.5",
        "ファッション",
    ),
    *("（", "」", "、", "。」", "ー", "々", "っ", "$5", "100%", " ", " 、", "（ ", "投資信託協会長"),
]


@settings(derandomize=True, max_examples=1_000, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=20), st.integers(1, 30))
@example([*["データー"] * 5, *["東京"] * 4, "データー", "、あ", "東京", "データー"], 11)
@example(["あ（ ", "東京"], 3)
@example(["東京 、", "東京"], 2)
def test_no_line_begins_or_ends_against_the_rules(words, width):
    text = " ".join("".join(words).split())
    broken = lines(text, width)
    assert "".join(broken).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= width for line in broken)
    assert broken_rules(text, width) == []


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=220))
def test_any_title_fits_its_box(text):
    setting = set_title(" ".join(text.split()), len, BOX)
    assert setting.size in SIZES
    assert len(setting.lines) * setting.size * LEADING <= BOX[1]
    assert all(len(line) * setting.size <= BOX[0] for line in setting.lines)

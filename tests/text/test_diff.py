"""The diff of two Japanese texts: what it finds, and that no text makes it slow."""

import random

import pytest

from blog.text.characters import with_lf
from blog.text.diff import Kind, diff, sentences
from tests.cost import cpu_seconds

KANA = "あいうえおかきくけこさしすせそ経済市場投資人工知能半導体のはがをに"


def marked(pieces, marks):
    return "".join(f"{marks[0]}{piece.text}{marks[1]}" if piece.is_changed else piece.text for piece in pieces)


def shown(old, new):
    """Each row that is not the same on both sides, as (kind, old with [changes], new with {changes})."""
    rows = diff(old, new)
    return [(row.kind, marked(row.old, "[]"), marked(row.new, "{}")) for row in rows if row.kind != Kind.SAME]


def write(seed: int, chars: int) -> str:
    choose, text = random.Random(seed), ""
    while len(text) < chars:
        text += "".join(choose.choice(KANA) for _ in range(choose.randint(20, 80))) + "。"
    return text


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("一文。二文！三文？", ["一文。", "二文！", "三文？"]),
        ("「何だ。」と言った。（終わり。）次", ["「何だ。」", "と言った。", "（終わり。）", "次"]),
        ("見出し\n\n本文。\n続き", ["見出し\n\n", "本文。\n", "続き"]),
        ("**強調。**次。", ["**強調。**", "次。"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, cut):
    assert sentences(text) == cut


@pytest.mark.parametrize(
    ("old", "new", "rows"),
    [
        ("円高が進む。", "円安が進む。", [("changed", "円[高]が進む。", "円{安}が進む。")]),
        ("2025年に100億円。", "2026年に120億円。", [("changed", "[2025]年に[100]億円。", "{2026}年に{120}億円。")]),
        ("一文。", "一文。足した文。", [("added", "", "{足した文。}")]),
        ("消す文。一文。", "一文。", [("removed", "[消す文。]", "")]),
        ("本文である。\n続く。", "本文である。\n\n続く。", [("changed", "本文である。\n", "本文である。\n{\n}")]),
        ("家族は👨‍👩‍👧です。", "家族は👨‍👩‍👦です。", [("changed", "家族は[👨‍👩‍👧]です。", "家族は{👨‍👩‍👦}です。")]),
    ],
)
def test_change_is_shown_in_the_smallest_piece_that_reads(old, new, rows):
    assert shown(old, new) == rows


LONG = write(1, 50_000)
PAIRS = {
    "equal": (LONG, LONG),
    "a word everywhere": (LONG, LONG.replace("の", "ノ")),
    "another text": (LONG, write(2, 50_000)),
    "backwards": (LONG, "".join(reversed(sentences(LONG)))),
    "emptied": (LONG, ""),
    "one letter": ("あ" * 50_000, "あ" * 25_000 + "い" + "あ" * 20_000),
    "combined marks": ("か\u3099" * 25_000, "か\u309a" * 25_000),
    "chance": tuple("".join(random.Random(seed).choices("あい\n", k=50_000)) for seed in (1, 2)),
    "odd line ends": ("a\r\nb\u2028c\x0b\x85" * 5_000, "a\nb\u2029c\x0b\x85" * 5_000),
}


@pytest.mark.parametrize("name", PAIRS)
def test_nothing_is_lost_or_invented_and_nothing_is_slow(name):
    old, new = PAIRS[name]
    with cpu_seconds(at_most=4):
        rows = diff(old, new)
    assert "".join(piece.text for row in rows for piece in row.old) == with_lf(old)
    assert "".join(piece.text for row in rows for piece in row.new) == with_lf(new)
    for row in rows:
        assert (row.kind == Kind.SAME) == (row.old == row.new), row

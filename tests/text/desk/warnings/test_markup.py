"""Marks of Markdown that readers would see."""

import pytest

from blog.text.desk.findings import Draft, apply
from tests.text.desk.warnings.asking import findings, in_body, lines


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("## 電力と計算", "電力と計算"),
        ("**電力**と計算", "電力と計算"),
        ("`git rebase`の使い方", "git rebaseの使い方"),
        ("[電力白書](https://example.com/a)を読む", "電力白書を読む"),
        ("~~旧題~~新題", "旧題新題"),
        ("***電力***と計算", "電力と計算"),
    ],
)
def test_markdown_in_title_and_excerpt_is_found_and_taken_away(text, bare):
    for field in ("title", "excerpt"):
        draft = Draft(**{"title": "題", "body": "本文。", field: text})
        (finding,) = findings("markup", draft)
        assert finding.line == 0
        assert getattr(apply(draft, finding.fix), field) == bare


@pytest.mark.parametrize(
    "text",
    [
        "C#と#1の違い",
        "[2026年最新] 電力の手引き",
        "2**10は1024である",
        "snake_caseと__init__",
        "5*3と3*5",
        "価格は1,000円 > 900円",
        "",
    ],
)
def test_signs_that_are_no_markdown_stay(text):
    assert findings("markup", Draft(title=text, excerpt=text, body="本文。")) == []


@pytest.mark.parametrize(
    "body",
    [
        "**電力は足りない。",
        "電力は**足りない。\n\n次の**段落**である。",
        "- **項目\n- 別の項目",
        "| 名 | 値 |\n|---|---|\n| **甲 | 1 |",
        "**電力**は**足りない。",
        "***電力は足りない。",
    ],
)
def test_unbalanced_bold_is_found(body):
    assert len(in_body("bold", body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "**電力**は足りない。",
        "電力は2**10倍になる。",
        "`a ** b`と書く。",
        "```\na ** b\n```",
        r"星印は\*\*と書く。",
        "***電力***は足りない。",
        "**電力****計算**",
        "***\n\n本文。",
        "* 項目\n* 項目",
        "**二行に\nわたる太字**である。",
    ],
)
def test_balanced_bold_powers_and_code_pass(body):
    assert in_body("bold", body) == []


def test_unbalanced_bold_names_its_line():
    assert lines("bold", "一行目。\n二行目の**強調。\n\n次。") == [2]

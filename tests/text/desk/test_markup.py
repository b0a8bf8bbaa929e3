"""Marks of Markdown that readers would see."""

import pytest

from blog.text.desk import Draft, apply
from tests.text.desk.asking import findings, in_body


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("## 電力と計算", "電力と計算"),
        ("**電力**と計算", "電力と計算"),
        ("[電力白書](https://example.com/a)を読む", "電力白書を読む"),
        ("~~旧題~~新題", "旧題新題"),
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
        "価格は1,000円 > 900円",
    ],
)
def test_signs_that_are_no_markdown_stay(text):
    assert findings("markup", Draft(title=text, excerpt=text, body="本文。")) == []


@pytest.mark.parametrize(
    "body",
    [
        "**電力は足りない。",
        "電力は**足りない。\n\n次の**段落**である。",
        "| 名 | 値 |\n|---|---|\n| **甲 | 1 |",
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
        "***\n\n本文。",
        "**二行に\nわたる太字**である。",
    ],
)
def test_balanced_bold_powers_and_code_pass(body):
    assert in_body("bold", body) == []


# --- marks in the body that readers would see ---


def of_body(body: str) -> list[tuple[int, str]]:
    draft = Draft(title="題", excerpt="要約。", body=body)
    found = findings("markup", draft)
    return [(finding.line, apply(draft, finding.fix).body) for finding in found]


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        ("##費用の行方\n\n本文です。", "## 費用の行方\n\n本文です。"),
        ("##費用\n本文の続きです。", "## 費用\n本文の続きです。"),
        ("##費用\n本文です。\n###内訳", "## 費用\n本文です。\n###内訳"),
    ],
)
def test_heading_without_a_space_behind_its_marks_gets_one(body, fixed):
    assert [text for _, text in of_body(body)] == [fixed]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("C言語では\n##連結演算子\nを使う。", 2),
        ("本文です。\n##費用\n本文です。\n###内訳", 2),
        ("- 項目\n##費用の行方", 2),
    ],
)
def test_heading_without_a_space_that_may_be_none_is_left_to_the_editor(body, line):
    assert of_body(body) == [(line, body)]


@pytest.mark.parametrize(
    "body",
    [
        "本文<!-- メモ\n##費用\n-->です。",
        "- 本文<!-- メモ\n  ##費用\n  -->です。",
        "#電力 #計算資源",
        "#電力\n\n本文です。",
        "##費用の行方は、まだ誰にも見えていない。",
        "`a\n##b`と書く。",
        "```\n##費用\n```",
        "- ~~~\n  ##費用\n  ~~~",
        "- ```\n  ##費用",
        f"##{'費用' * 45}",
        "####### 七つ",
    ],
    ids=[
        *("comment", "comment in an item", "tags", "a tag", "a sentence", "code in a line", "code", "code of an item"),
        *("code of an item, without an end", "long", "too many"),
    ],
)
def test_other_text_behind_such_marks_is_left_alone(body):
    assert of_body(body) == []


@pytest.mark.parametrize(
    "body", ["電力は足りる。 ### 費用の行方 誰が払うのか。", "- 足りるのか？## 費用 誰が払うのか。"]
)
def test_heading_in_the_midst_of_a_paragraph_is_found(body):
    assert of_body(body) == [(1, body)]


@pytest.mark.parametrize(
    "body", ["C# と F# を比べる。", "電力は足りる。#電力 を見よ。", "電力は足りる。\n\n### 費用", "番号 ### は欠番。"]
)
def test_number_sign_elsewhere_in_a_line_is_no_heading(body):
    assert of_body(body) == []


@pytest.mark.parametrize("body", ['- ["](/2026/01/02/a/)', "[](https://example.com/)を見よ。"])
def test_link_without_a_word_is_found(body):
    assert of_body(body) == [(1, body)]


@pytest.mark.parametrize(
    "body",
    [
        "[費用](/2026/01/02/a/)",
        "- [ ] 費用",
        "`[](/a/)`と書く。",
        "[…](費用)",
        "[5](/a/)",
    ],
)
def test_other_brackets_are_no_empty_link(body):
    assert of_body(body) == []

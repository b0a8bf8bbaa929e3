"""Which headings the list of contents names, and which list of a writer's it replaces."""

import pytest

from blog.text.headings import contents, without_hand_made, without_related
from blog.text.markdown import render_markdown


def shown(body):
    found = contents(render_markdown(body).toc)
    return [str(entry["text"]) for entry in found.entries], found.folds


def test_contents_name_the_headings_from_three_on():
    assert shown("## 一\n\n## 二\n") == ([], False)
    assert shown("## 一\n\n## 二\n\n### 三\n") == (["一", "二", "三"], False)
    assert shown("## 一\n\n### 細部\n\n## 二\n\n## 三\n") == (["一", "細部", "二", "三"], True)


@pytest.mark.parametrize(
    "heading",
    [
        "目次",
        "【関連記事】",
        "この記事に関連するおすすめ書籍",
        "AI導入のご相談を承っています",
        "お問い合わせはこちら",
    ],
)
def test_what_the_article_does_not_tell_is_left_out_with_all_below_it(heading):
    assert shown(f"## 一\n\n## 二\n\n## {heading}\n\n### 品名\n\n## 三\n")[0] == ["一", "二", "三"]


@pytest.mark.parametrize(
    "heading",
    [
        "関連記事の選び方",
        "おすすめの設定",
        "AI導入を支援する補助金制度",
    ],
)
def test_heading_of_the_article_stays(heading):
    assert shown(f"## 一\n\n## 二\n\n## {heading}\n")[0] == ["一", "二", heading]


@pytest.mark.parametrize("heading", ["技術選定でお困りですか？", "AI導入戦略の策定を支援します"])
def test_offer_is_left_out_where_nothing_of_the_article_follows(heading):
    whole = f"## 一\n\n## 二\n\n## {heading}\n\n### 品名\n\n"
    assert shown(f"{whole}## 関連書籍\n\n### 本\n\n## 三\n")[0] == ["一", "二", heading, "品名", "三"]
    assert shown(f"## 零\n\n{whole}## 関連書籍\n\n### 本\n")[0] == ["零", "一", "二"]


def test_heading_that_is_a_whole_text_is_left_out_and_what_stands_below_it_is_not():
    assert shown(f"## 一\n\n## {'長' * 121}\n\n### 細部\n\n## {'長' * 120}\n")[0] == ["一", "細部", "長" * 120]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("甲。\n\n---\n\n## 【関連記事】\n\n- [甲](/a/)\n- **[乙](/b/)** 乙の話\n", "甲。\n"),
        ("甲。\n\n## 関連記事\n\n- [甲](/a/)\n\n## 結び\n\n乙。\n", None),
        ("甲。\n\n## 関連記事の選び方\n\n- [甲](/a/)\n", None),
    ],
)
def test_list_of_related_articles_is_left_out_at_the_end_alone(body, left):
    expected = render_markdown(body if left is None else left).html
    assert without_related(render_markdown(body).html).strip() == expected.strip()


LIST = "- [一](#一)\n- [二の**話**](#二)\n  1. [細部](#細部)\n"
BODY = "\n## 一\n\n甲。\n\n## 二\n\n乙。\n\n## 三\n\n丙。\n"


def left(body):
    rendered = render_markdown(body)
    return without_hand_made(rendered.html, rendered.toc)


@pytest.mark.parametrize("rule", ["", "\n---\n"])
def test_contents_by_hand_are_not_repeated(rule):
    found = left(f"はじめに。\n\n## 目次\n\n{LIST}{rule}{BODY}")
    assert found == render_markdown(f"はじめに。\n{BODY}").html

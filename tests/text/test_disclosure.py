"""Affiliate links are disclosed before the first of them, once."""

import pytest

from blog.text.finishing import AFFILIATE_NOTE, with_disclosure
from blog.text.markdown import render_markdown

LINK = "[品](https://www.amazon.co.jp/dp/1)"


def shown(source: str) -> str:
    return with_disclosure(render_markdown(source, sponsored_hosts=["amazon.co.jp"]).html)


@pytest.mark.parametrize(
    ("source", "before"),
    [
        (f"はじめに。\n\n次の{LINK}。\n\nまた{LINK}。", "<p>はじめに。</p>\n"),
        (f"{LINK}から。", ""),
        (f"前。\n\n- 甲\n- 乙\n  - {LINK}\n", "<p>前。</p>\n"),
        (f"| 品 | 値 |\n|---|---|\n| {LINK} | 1 |\n", ""),
    ],
)
def test_sentence_stands_before_the_block_of_the_first_affiliate_link(source, before):
    html = shown(source)
    assert html.count(AFFILIATE_NOTE) == 1
    head, tail = html.split(AFFILIATE_NOTE)
    assert before is None or head == before
    assert 'rel="sponsored"' in tail
    assert "sponsored" not in head


def test_nothing_is_said_where_there_is_no_affiliate_link():
    source = 'ふつうの[リンク](https://example.jp/)。`rel="sponsored"`と書いた文。'
    assert shown(source) == render_markdown(source).html


def test_text_that_says_so_before_its_first_link_is_left_alone():
    assert AFFILIATE_NOTE not in shown(f"※アフィリエイトリンクを含みます。\n\n{LINK}")
    assert AFFILIATE_NOTE in shown(f"{LINK}\n\n※アフィリエイトリンクを含みます。")


ASSOCIATES = "※ 上記リンクはAmazonアソシエイトリンクです"
THIS_PAGE = "※ 本ページのリンクにはアフィリエイトリンクが含まれます。購入によりサイト運営をサポートいただけます。"


@pytest.mark.parametrize("line", [ASSOCIATES, f"*{ASSOCIATES}*", THIS_PAGE, f"*{THIS_PAGE}*"])
def test_known_line_that_says_so_below_is_left_out(line):
    assert shown(f"前。\n\n{LINK}\n\n{line}\n\n後。") == shown(f"前。\n\n{LINK}\n\n後。")


@pytest.mark.parametrize(
    "source",
    [
        f"{LINK}\n\n{ASSOCIATES}が、割引もあります。",
        f"{LINK}\n\n`{ASSOCIATES}`",
        f"アフィリエイトの話。\n\n{LINK}\n\n{ASSOCIATES}",
    ],
)
def test_other_lines_of_the_kind_stay(source):
    assert ASSOCIATES in shown(source)

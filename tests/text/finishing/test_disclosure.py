"""Affiliate links are disclosed before the first of them, once."""

import pytest

from blog.text.finishing.disclosure import NOTE, with_disclosure
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
        (f"前。\n\n> 引用\n>\n> {LINK}\n", "<p>前。</p>\n"),
        (f"前。<br>後。\n\n## 見出し\n\n{LINK}", '<p>前。<br>後。</p>\n<h2 id="見出し">見出し</h2>\n'),
        (f"![絵](/media/a.png)\n\n{LINK}", None),
        (f"| 品 | 値 |\n|---|---|\n| {LINK} | 1 |\n", ""),
    ],
)
def test_sentence_stands_before_the_block_of_the_first_affiliate_link(source, before):
    html = shown(source)
    assert html.count(NOTE) == 1
    head, tail = html.split(NOTE)
    assert before is None or head == before
    assert 'rel="sponsored"' in tail
    assert "sponsored" not in head


def test_nothing_is_said_where_there_is_no_affiliate_link():
    source = 'ふつうの[リンク](https://example.jp/)。`rel="sponsored"`と書いた文。'
    assert shown(source) == render_markdown(source).html


def test_text_that_says_so_before_its_first_link_is_left_alone():
    assert NOTE not in shown(f"※アフィリエイトリンクを含みます。\n\n{LINK}")
    assert NOTE in shown(f"{LINK}\n\n※アフィリエイトリンクを含みます。")


def test_long_text_is_read_once():
    html = shown("- 甲\n" * 20_000 + f"\n\n段落。\n\n{LINK}")
    assert html.index(NOTE) > html.index("<p>段落。</p>")

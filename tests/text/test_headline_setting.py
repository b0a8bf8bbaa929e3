"""How the names of headings are set in the contents."""

import pytest

from blog.text.markdown import render_markdown


def set_names(body):
    return [entry["html"] for entry in render_markdown(body).toc]


def test_contents_part_where_the_headings_do():
    (name,) = set_names("## 主要クラウドLLMと`a<b`の*特徴*を比較する & 選ぶ\n")
    assert "<wbr>" in name
    assert name.replace("<wbr>", "") == "主要クラウドLLMとa&lt;bの特徴を比較する &amp; 選ぶ"


@pytest.mark.parametrize(
    "body", ["## <ruby>費<rt>ひ</rt></ruby>用の比較と選び方の方法\n", "## 費用[^1]の比較と選び方の方法\n\n[^1]: 注\n"]
)
def test_name_is_set_by_itself_where_the_heading_says_more(body):
    assert set_names(body) == ["費用の<wbr>比較と<wbr>選び方の<wbr>方法"]

"""How the names of headings are set in the contents."""

from blog.text.headlines.setting import names_as_set
from blog.text.markdown import render_markdown


def set_names(body):
    rendered = render_markdown(body)
    return [entry["html"] for entry in names_as_set(rendered.toc, rendered.html)]


def test_contents_part_where_the_headings_do():
    (name,) = set_names("## 主要クラウドLLMと`a<b`の*特徴*を比較する & 選ぶ\n")
    assert "<wbr>" in name
    assert name.replace("<wbr>", "") == "主要クラウドLLMとa&lt;bの特徴を比較する &amp; 選ぶ"


def test_name_is_bare_where_the_heading_says_how_it_is_read():
    assert set_names("## <ruby>朱<rt>しゅ</rt></ruby>の比較\n") == ["朱の比較"]


def test_name_without_its_heading_is_bare():
    assert names_as_set([{"level": 2, "id": "a", "text": "a < b"}], "")[0]["html"] == "a &lt; b"

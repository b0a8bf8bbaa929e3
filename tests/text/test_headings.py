"""The headings of lists that writers set by hand: the contents and the desk check know the same ones."""

import pytest

from blog.text.desk import Draft
from blog.text.desk.reading import Reading
from blog.text.headings import (
    contents,
    without_related,
)
from blog.text.markdown import render_markdown

RELATED = [
    *("関連記事", "関連リンク", "関連コンテンツ", "関連の記事", "関連記事一覧", "【関連記事】", "📚 関連記事はこちら"),
    *("あわせて読みたい", "合わせて読みたい記事", "併せて読みたい", "こちらもおすすめ"),
    *("おすすめ記事", "オススメの記事"),
]
TEXT = "## 一\n\n一つ目の文です。\n\n## 二\n\n二つ目の文です。\n\n## 三\n\n三つ目の文です。\n\n"
BODY = TEXT + "## {}\n\n- [甲](/2026/04/01/a/)\n"


@pytest.mark.parametrize("heading", RELATED)
def test_list_of_further_articles_is_known_to_all_who_look_for_one(heading):
    body = BODY.format(heading)
    rendered = render_markdown(body)
    assert [entry["text"] for entry in contents(rendered.toc).entries] == ["一", "二", "三"]
    assert without_related(rendered.html) == render_markdown(TEXT).html
    article = Reading.of(Draft(body=body))
    assert [article.blocks[at].text for at in sorted(article.trailing & article.titles)] == [heading]

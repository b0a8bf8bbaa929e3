"""llms.txt, which leads to the articles as Markdown."""

import re
from datetime import timedelta

import pytest

from blog.text.markdown import render_markdown
from blog.wire.machines import plain
from tests.factories import PUBLISHED_AT, make_author, make_category, make_page, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SITE = "http://127.0.0.1:8000"


@pytest.mark.parametrize("text", ["# 見出し", "a\n===", "*a* _b_ `c` ~~d~~", "<b>&amp;", "\\*"])
def test_text_is_shown_as_it_is(text):
    shown = re.sub("<br ?/?>|</?p>", "", render_markdown(plain(text)).html)
    assert shown.strip() == text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_it_leads_to_the_newest_articles_the_sections_and_the_feeds(client):
    section = make_category("市場", "markets", description="相場の話。")
    make_post("古い題", slug="old", at=PUBLISHED_AT - timedelta(days=1), category=section, excerpt="")
    make_post("新しい[題]", slug="new", category=section, author=make_author(), excerpt="要点。\n二行目。")
    make_page("/about/", "運営について", description="わたしたち。")
    response = client.get("/llms.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("# ALLFORCES\n\n> AIと投資を、")
    assert text.partition("## 新しい記事\n\n")[2].partition("\n\n")[0].splitlines() == [
        f"- [新しい\\[題\\]]({SITE}/2026/04/01/new/index.md): 2026-04-01 市場 要点。 二行目。",
        f"- [古い題]({SITE}/2026/03/31/old/index.md): 2026-03-31 市場",
    ]
    assert f"- [市場]({SITE}/category/markets/): 相場の話。" in text
    assert f"- [ALLFORCES（JSON Feed）]({SITE}/feed.json)" in text
    assert text.endswith(f"## Optional\n\n- [運営について]({SITE}/about/): わたしたち。\n")

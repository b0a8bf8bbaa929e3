"""An article as Markdown, and llms.txt, which leads to it."""

import re
from datetime import UTC, datetime, timedelta

import comrak
import pytest
import time_machine

from blog.editing.pictures import replace_file
from blog.editing.saving import add_alias, save_post
from blog.models import Post
from blog.pictures.uploads import store_image
from blog.text.markdown import render_markdown
from blog.wire.machines.markdown import plain
from tests.factories import PUBLISHED_AT, make_author, make_category, make_image, make_page, make_post
from tests.jekyll.site import png

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SITE = "http://127.0.0.1:8000"


@pytest.mark.postgresql
def test_markdown_says_what_the_page_says(client):
    section = make_category("市場", "markets", notice="投資は自己責任で。")
    post = make_post(
        "題 <b> & *星*",
        slug="金利",
        excerpt="リード文。\n二行目。",
        key_points="一つ目\n- 二つ目",
        body="<!-- 社内の覚え書き -->本文の**強調**と[別の記事](../a/)。\n\n![図](/media/images/a.png)\n",
        correction="日付を直しました。",
        is_sponsored=True,
        category=section,
        tags=["日銀", "C#"],
    )
    with time_machine.travel(datetime(2026, 4, 3, 0, 0, tzinfo=UTC), tick=False):
        post.body += "\n追記。\n"
        save_post(post)
    response = client.get(f"{post.get_absolute_url()}index.md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    page = f"{SITE}/2026/04/01/%E9%87%91%E5%88%A9/"
    assert response.content.decode() == (
        "# 【PR】題 \\<b\\> \\& \\*星\\*\n\nこの記事は、広告主から対価を受けて掲載しています。\n\n"
        "> リード文。二行目。\n\n"
        f"- 著者: [編集部]({SITE}/authors/editors/)\n"
        "- 公開: 2026-04-01T12:00:00+09:00\n- 更新: 2026-04-03T09:00:00+09:00\n"
        f"- セクション: [市場]({SITE}/category/markets/)\n- タグ: 日銀、C\\#\n- URL: <{page}>\n\n"
        "**要点**\n\n- 一つ目\n- \\- 二つ目\n\n"
        "本文の**強調**と[別の記事](../a/)。\n\n![図](/media/images/a.png)\n\n追記。\n\n"
        "**訂正**\n\n日付を直しました。\n\n---\n\n投資は自己責任で。\n"
    )
    assert response["Link"] == f'<{page}>; rel="canonical"'
    assert response["X-Robots-Tag"] == "max-image-preview:large"
    html = client.get(post.get_absolute_url()).content.decode()
    assert f'<link rel="alternate" type="text/markdown" href="{page}index.md">' in html


@pytest.mark.postgresql
def test_picture_whose_file_was_replaced_has_its_address_of_today(client):
    image, other = store_image(png()), store_image(png(size=(9, 9)))
    old = image.file.url
    post = make_post(body=f"![図]({old})と[同じ図]({old})、![他]({other.file.url})\n")
    replace_file(image, png(size=(7, 7)), name="b.png", keeps_old=False)
    image.refresh_from_db()
    text = client.get(f"{post.get_absolute_url()}index.md").text
    assert f"![図]({image.file.url})と[同じ図]({image.file.url})、![他]({other.file.url})" in text
    assert old not in text


def test_lead_picture_stands_above_the_text(client):
    image = make_image(alt="相場の[推移]", caption="四月の*相場*", credit="編集部")
    bare = make_image("blue", alt="", credit="編集部")
    for picture, alt, caption in (
        (image, "相場の\\[推移\\]", "四月の\\*相場\\*（編集部）"),
        (bare, "", "（編集部）"),
    ):
        post = make_post(lead_image=picture)
        response = client.get(f"{post.get_absolute_url()}index.md")
        assert f"\n\n![{alt}]({SITE}{picture.file.url})\n\n{caption}\n\n本文です。" in response.text


def shown_below(client, body):
    """What index.md shows below the facts, as other readers of Markdown read it."""
    post = make_post(body=body, correction="直しました。")
    text = client.get(f"{post.get_absolute_url()}index.md").text
    options = comrak.RenderOptions()
    options.unsafe_ = True
    return comrak.render_markdown(text[text.index("- URL:") :].partition("\n\n")[2], render_options=options)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("段落。\n---\n次の段落。\n", "<p>段落。</p>\n<hr />\n<p>次の段落。</p>\n"),
        ("```yaml\n題\n---\n文\n```\n", '<pre><code class="language-yaml">題\n---\n文\n</code></pre>\n'),
        ("~~~~\n終わらない\n~~~\n", "<pre><code>終わらない\n~~~\n</code></pre>\n"),
        ("- 項\n  ```\n  終わらない\n", "<ul>\n<li>項\n<pre><code>終わらない\n\n</code></pre>\n</li>\n</ul>\n"),
        ("\n    字下げ\n", "<pre><code>字下げ\n</code></pre>\n"),
        ("<ruby>金利<rt>きんり</rt></ruby>。\n", "<p><ruby>金利<rt>きんり</rt></ruby>。</p>\n"),
        ("", ""),
    ],
)
def test_other_readers_take_the_text_for_what_the_page_shows(client, body, shown):
    assert shown_below(client, body) == f"{shown}<p><strong>訂正</strong></p>\n<p>直しました。</p>\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_comment_is_for_colleagues_however_lines_end(client, end):
    body = "```\n例\n```\n\n<!-- 秘密 -->\n\n本文。<!-- 秘密 -->\n\n<!--\n秘密\n-->\n\n<? 秘密 ?>\n"
    post = make_post(body=body.replace("\n", end))
    for form in ("", "index.md"):
        text = client.get(f"{post.get_absolute_url()}{form}").text
        assert ("例" in text, "本文。" in text, "秘密" in text) == (True, True, False), form


def test_what_search_engines_are_told_on_the_page_is_told_here(client):
    post = make_post(noindex=True, canonical_url="https://first.example/a/")
    response = client.get(f"{post.get_absolute_url()}index.md")
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Link"] == '<https://first.example/a/>; rel="canonical"'
    assert "- URL: <https://first.example/a/>" in response.content.decode()


def test_markdown_moves_with_its_article(client):
    post = make_post(slug="a")
    add_alias(post, "/old/address/")
    for path in ("/old/address/index.md", "/2026/04/01/A/index.md", "/2026/04/01/a/INDEX.md"):
        response = client.get(path)
        assert (response.status_code, response.get("Location")) == (301, "/2026/04/01/a/index.md"), path
    for path in ("/2026/04/01/b/index.md", "/2026/02/30/a/index.md", "/archive/index.md", "/index.md"):
        assert client.get(path).status_code == 404, path


@pytest.mark.postgresql
def test_poll_is_answered_truly_and_costs_little(client, django_assert_num_queries):
    post = make_post(tags=["日銀"])
    path = f"{post.get_absolute_url()}index.md"
    with django_assert_num_queries(2):
        etag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304
    post.title = "改題"
    save_post(post)
    assert "改題" in client.get(path, headers={"if-none-match": etag}).content.decode()
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    "text", ["# 見出し", "1. 番号", "- 点", "a\n===", "*a* _b_ `c` ~~d~~", "[a](b)", "<b>&amp;", "> 引用", "a|b", "\\*"]
)
def test_text_is_shown_as_it_is(text):
    shown = re.sub("<br ?/?>|</?p>", "", render_markdown(plain(text)).html)
    assert shown.strip() == text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class TestLlms:
    def test_it_leads_to_the_newest_articles_the_sections_and_the_feeds(self, client):
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

    def test_every_address_in_it_answers(self, client):
        make_post(tags=["日銀"])
        make_page("/about/")
        addresses = re.findall(r"\]\((.*?)\)", client.get("/llms.txt").content.decode())
        assert len(addresses) == 7
        for address in addresses:
            assert client.get(address.removeprefix(SITE)).status_code == 200, address

    def test_what_search_engines_are_not_to_show_is_left_out(self, client):
        make_post("見える題")
        for number, fields in enumerate(
            [{"noindex": True}, {"in_sitemap": False}, {"canonical_url": "https://elsewhere.example/first/"}]
        ):
            make_post(f"隠れた題{number}", **fields)
        text = client.get("/llms.txt").content.decode()
        assert "見える題" in text
        assert "隠れた題" not in text

    def test_site_without_articles_has_one(self, client):
        assert client.get("/llms.txt").content.decode().count("## ") == 1

    @pytest.mark.parametrize("posts", [pytest.param(1, marks=pytest.mark.postgresql), 60])
    def test_number_of_queries_does_not_grow(self, client, django_assert_num_queries, posts):
        make_post()
        like = Post.objects.get()
        for number in range(posts):
            make_post(at=PUBLISHED_AT - timedelta(hours=number), category=like.category, author=like.author)
        with django_assert_num_queries(3):
            assert client.get("/llms.txt").content.decode().count("index.md)") == min(posts + 1, 50)

"""An article as Markdown."""

from datetime import UTC, datetime

import pytest
import time_machine
import yaml

from blog.editing.pictures import replace_file
from blog.editing.saving import add_alias, save_post
from blog.pictures.uploads import store_image
from tests.factories import make_category, make_post
from tests.jekyll.site import png

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SITE = "http://127.0.0.1:8000"


def read(client, post):
    """The answer, its front matter and its body."""
    response = client.get(f"{post.get_absolute_url()}index.md")
    before, facts, body = response.text.split("---\n", 2)
    assert before == ""
    return response, yaml.safe_load(facts), body


@pytest.mark.postgresql
def test_it_is_front_matter_and_the_body_as_published(client):
    post = make_post(
        "題: <b> & *星*",
        slug="金利",
        excerpt="リード文。\n二行目。",
        key_points="一つ目\n- 二つ目",
        body="<!-- 社内の覚え書き -->本文の**強調**と[別の記事](../a/)。\n---\n\n![図](/media/images/a.png)\n",
        correction="日付を直しました。",
        is_sponsored=True,
        category=make_category("市場", "markets", notice="投資は自己責任で。"),
        tags=["日銀", "C#"],
    )
    with time_machine.travel(datetime(2026, 4, 3, 0, 0, tzinfo=UTC), tick=False):
        post.body += "\n追記。\n"
        save_post(post)
    response, facts, body = read(client, post)
    page = f"{SITE}/2026/04/01/%E9%87%91%E5%88%A9/"
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert facts == {
        "title": "【PR】題: <b> & *星*",
        "url": page,
        "author": "編集部",
        "date": "2026-04-01T12:00:00+09:00",
        "last_modified_at": "2026-04-03T09:00:00+09:00",
        "section": "市場",
        "tags": ["日銀", "C#"],
        "sponsored": "この記事は、広告主から対価を受けて掲載しています。",
        "excerpt": "リード文。二行目。",
        "key_points": ["一つ目", "- 二つ目"],
        "correction": "日付を直しました。",
        "notice": "投資は自己責任で。",
    }
    assert body == "\n本文の**強調**と[別の記事](../a/)。\n---\n\n![図](/media/images/a.png)\n\n追記。\n"
    assert response["Link"] == f'<{page}>; rel="canonical"'
    assert response["X-Robots-Tag"] == "max-image-preview:large"
    html = client.get(post.get_absolute_url()).text
    assert f'<link rel="alternate" type="text/markdown" href="{page}index.md">' in html


@pytest.mark.postgresql
def test_picture_whose_file_was_replaced_has_its_address_of_today(client):
    image = store_image(png())
    old = image.file.url
    post = make_post(body=f"![図]({old})\n")
    replace_file(image, png(size=(7, 7)), name="b.png", keeps_old=False)
    image.refresh_from_db()
    assert read(client, post)[2] == f"\n![図]({image.file.url})\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_comment_is_for_colleagues_however_lines_end(client, end):
    body = "```\n例\n```\n\n<!-- 秘密 -->\n\n本文。<!-- 秘密 -->\n\n<!--\n秘密\n-->\n"
    post = make_post(body=body.replace("\n", end))
    for form in ("", "index.md"):
        text = client.get(f"{post.get_absolute_url()}{form}").text
        assert ("例" in text, "本文。" in text, "秘密" in text) == (True, True, False), form


def test_what_search_engines_are_told_on_the_page_is_told_here(client):
    response, facts, _ = read(client, make_post(noindex=True, canonical_url="https://first.example/a/"))
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Link"] == '<https://first.example/a/>; rel="canonical"'
    assert facts["url"] == "https://first.example/a/"


def test_markdown_moves_with_its_article(client):
    post = make_post(slug="a")
    add_alias(post, "/old/address/")
    for path in ("/old/address/index.md", "/2026/04/01/A/index.md", "/2026/04/01/a/INDEX.md"):
        response = client.get(path)
        assert (response.status_code, response.get("Location")) == (301, "/2026/04/01/a/index.md"), path
    for path in ("/2026/04/01/b/index.md", "/2026/02/30/a/index.md", "/archive/index.md", "/index.md"):
        assert client.get(path).status_code == 404, path

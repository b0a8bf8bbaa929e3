"""An export, imported into an empty site, is the same site."""

from datetime import UTC, datetime

import pytest

from blog.editing.saving import add_alias, save_post
from blog.models import Permalink
from blog.pictures.uploads import store_image
from blog.text.japanese import normalise
from tests.factories import make_category, make_draft, make_in_review, make_post, make_scheduled, make_unpublished
from tests.jekyll.site import article, png
from tests.jekyll.state import assert_survives

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NAME = "2026-04-01-article.md"
MOMENT = datetime(2026, 4, 1, 3, 4, 5, 678_901, tzinfo=UTC)


ODD_TEXTS = [
    'a "quoted" title',
    "it's # not a comment: no",
    "- [list] {map}",
    "改行\nと\n\n空行",
    "  前後の空白  ",
    "🤖 絵文字と e\u0301",
    "null",
    "yes",
    "2026-04-01",
    "---",
    "\\n は改行ではない\t",
    "{{ site.url }} {% raw %}",
    "&anchor *alias !tag %directive @at `tick`",
    "a\u0085b\u2028c\ufeffd\x7fe\x00f",
    "末尾の改行\n",
]


@pytest.mark.postgresql
def test_new_articles_of_odd_texts(out):
    tags = ["C++", "C#", "a, b", "LLM: 評価", "AI/金融", "・"]
    for text in map(normalise, ODD_TEXTS):
        make_post(" ".join(text.split()), excerpt=text, description=text, tags=tags)
    assert_survives(out)


def written():
    """How a file may have it. PostgreSQL repeats the first of these."""
    yield pytest.param('"前"', marks=pytest.mark.postgresql)
    yield from ("'前'", "前", "|\n  前\n  後", ">-\n  前\n  後", "")


@pytest.mark.parametrize("written", list(written()))
def test_articles_edited_to_odd_texts(written, site, out):
    texts = {f"2026-04-01-article-{number}.md": normalise(text) for number, text in enumerate(ODD_TEXTS)}
    front_matter = f"title: 題\ndate: 2026-04-01 10:00:00 +0900\nexcerpt: {written}\ncategories: [市場]\n"
    for name in texts:
        site.write_raw(name, f"---\n{front_matter}---\n本文。\n".encode())
    site.run()
    for name, text in texts.items():
        post = article(name)
        post.excerpt = text
        save_post(post)
    assert_survives(out)


KRAMDOWN = "[前](/2026/01/01/gone/) {: .x}\n{% include x.html %}\n{{ site.url }}\n`{% raw %}`\n"


def translated():
    """What an import would translate: they differ for text alone. PostgreSQL repeats the first."""
    yield pytest.param(KRAMDOWN, marks=pytest.mark.postgresql)
    yield from ("[古い](/2026/04/01/article/)\n", "{: .x}", "![図](/assets/a.png)")


@pytest.mark.parametrize("body", list(translated()))
def test_a_body_that_an_import_would_translate_again_stays_as_it_is(body, site, out):
    """The link has a newer spelling: the article moved to another day."""
    site.write(NAME, date="2026-04-01 16:00:00 +0000")
    site.write_image("/assets/a.png")
    site.write("2026-05-01-shows.md", "![図](/assets/a.png)\n")
    site.run()
    post = article(NAME)
    post.body = body
    save_post(post)
    make_post("新しい記事", body=body)
    assert_survives(out)
    files = [path.read_text() for path in (out / "_posts").iterdir()]
    assert sum("verbatim: true" in text for text in files) == 2
    assert sum("render_with_liquid: false" in text for text in files) == (2 if body == KRAMDOWN else 0)


@pytest.mark.postgresql
@pytest.mark.parametrize("body", ["", "CRLF\r\nの行\r\n", "末尾に空白  \n\n\n", "\n---\n---END---\n", "\ufeff先頭"])
def test_bodies_to_the_last_byte(body, site, out):
    site.write(NAME)
    site.run()
    post = article(NAME)
    post.body = body or "別の本文"
    save_post(post)
    make_post("新しい記事", body=body)
    assert_survives(out)


@pytest.mark.postgresql
def test_every_state_and_flag(out):
    make_draft("下書き", slug="draft", tags=["AI"])
    make_in_review("確認待ち")
    make_scheduled("予約")
    make_unpublished("取り下げ")
    first = make_post("索引なし", noindex=True, in_sitemap=False, canonical_url="https://elsewhere.example/a")
    second = make_post("関連あり", at=MOMENT, pillar=first, category=make_category("技術", "tech"))
    save_post(second, related=[(first, "理由: これ"), (make_draft("下書き二"), "")])
    assert_survives(out)


def test_a_moved_article_keeps_every_address_and_its_guid(site, out):
    site.write(NAME, date="2026-04-01 16:00:00 +0000", redirect_from=["/old/"])
    site.run()
    post = article(NAME)
    post.slug = "moved"
    save_post(post)
    add_alias(post, "/以前の 場所/?/")
    assert_survives(out)


@pytest.mark.postgresql
def test_articles_that_collide_keep_their_addresses_when_the_winner_moves(site, out):
    site.write("2026-04-01-article.md", title="一", date="2026-04-01 16:00:00 +0000")
    site.write("2026-04-02-article.md", title="二", date="2026-04-02 10:00:00 +0900")
    site.run()
    winner = article("2026-04-02-article.md")
    winner.slug = "elsewhere"
    save_post(winner)
    assert_survives(out)


def test_an_old_address_that_two_files_ask_for_comes_back_to_the_one_that_has_it(site, out):
    site.write("2026-04-01-one.md", title="一", redirect_from=["/old/"])
    site.write("2026-04-02-two.md", title="二", date="2026-04-02", redirect_from=["/old/"])
    site.run()
    Permalink.objects.filter(path="/old/").update(post=article("2026-04-02-two.md"))
    assert_survives(out)


@pytest.mark.postgresql
def test_pictures_of_the_front_matter_and_of_new_and_edited_bodies(site, out):
    site.write_image("/assets/images/posts/card.png", "red")
    site.write_image("/assets/images/figure.png", "blue")
    site.write(NAME, "![図](/assets/images/figure.png)\n", image="/assets/images/posts/card.png")
    site.run()
    post = article(NAME)
    post.body += "追記。\n"
    save_post(post)
    post.lead_image, post.correction = post.share_image, "誤: 前\n正: 後"
    save_post(post)
    drawn = store_image(png("green"), name="drawn.png")
    make_post("新しい記事", body=f"![図](/media/{drawn.file.name})\n", share_image=store_image(png("white")))
    assert_survives(out)
    assert (out / "assets/images/posts/card.png").is_file()

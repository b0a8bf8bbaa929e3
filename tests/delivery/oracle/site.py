"""A small site where everything depends on something, and all addresses that it ever had."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.urls import reverse

from blog.editing.amendments import amend
from blog.editing.front_page import set_front_page
from blog.editing.saving import save_post
from blog.models import Author, Category, FrontPick, Image, Page, Permalink, Post, Tag, TagGroup
from blog.search.related import relate_all
from tests.factories import (
    make_author,
    make_category,
    make_draft,
    make_image,
    make_page,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

NOW = datetime(2026, 4, 20, 3, 0, tzinfo=UTC)
THREAD = "新型アクセラレーター「カエデ」の出荷がはじまる"
SUBJECTS = ("電力の契約", "光通信の部材", "推論の費用", "データセンターの冷却", "半導体の露光")
FIXED = (
    *("home", "tag_list", "archive_index", "feed_list", "feed", "atom_feed", "json_feed"),
    *("post_list", "sitemap", "robots", "llms", "manifest", "favicon", "opensearch"),
)
SECTIONS = (("市場", "markets"), ("技術", "technology"), ("制度", "policy"))
FURTHER = 2  # further pages of each list


def fill() -> None:
    """Some articles in each state, and what they are ordered by; titles share words, so that they are related."""
    sections = [make_category(*names, position=number) for number, names in enumerate(SECTIONS)]
    user = make_user("writer", is_superuser=True)
    authors = [make_author("編集部", "editors"), make_author("記者", "reporter", user=user, avatar=make_image("blue"))]
    picture = make_image("red", alt="赤い面")
    make_page("/about/", body="# 案内\n\n本文。", footer_position=1)
    make_page("/terms/", title="規約", is_published=False, footer_position=2)
    posts = [
        make_post(
            f"{SUBJECTS[number % 5]}を数える{number}",
            slug=f"count-{number}",
            at=NOW - timedelta(days=3 * number, hours=number),
            tags=[f"話題{number % 3}", *(["共通"] if number % 2 else [])],
            category=sections[number % 2],
            author=authors[number % 2],
            body=f"# 見出し\n\n{SUBJECTS[number % 5]}の本文{number}。",
            lead_image=picture if number == 0 else None,
        )
        for number in range(9)
    ]
    for number in range(3):
        at = NOW - timedelta(days=number, hours=1)
        make_post(f"{THREAD}第{number}報", slug=f"part-{number}", at=at, category=sections[1], tags=["話題0"])
    make_post("まもなく一年", slug="old", at=NOW.replace(year=2025, day=21), category=sections[0])
    make_post("とうに一年", slug="older", at=NOW.replace(year=2025, month=3), category=sections[0], tags=["まれ"])
    for body in ("直す前の本文。", "告げる本文。"):
        changed = Post.objects.get(slug="count-0")
        changed.body = body
        save_post(changed)
    amend(changed.revisions.get(was_read=True, version=changed.version), kind="update", note="直した。", by=user)
    scheduled = make_scheduled("予約の記事", slug="due", after=timedelta(hours=2), tags=["予約"], category=sections[0])
    make_unpublished("取り下げた記事", slug="gone", category=sections[0])
    make_draft("下書きの記事", slug="draft", category=sections[2])
    posts[1].pillar = posts[4]
    save_post(posts[1], related=[(posts[5], "背景"), (scheduled, "続き")])
    group = TagGroup.objects.create(name="主題")
    Tag.objects.filter(name="共通").update(group=group)
    Permalink.objects.create(path="/old-address/", target="/about/")
    picks = [FrontPick(post=posts[3]), FrontPick(post=posts[2], category=sections[0], until=NOW + timedelta(hours=5))]
    set_front_page(picks, expected=FrontPick.objects.all().signature())
    relate_all(Post.objects.all())
    Post.objects.filter(slug="older").update(thread=Post.objects.get(slug="part-0").thread)


def addresses() -> Iterator[str]:
    """Where something is now, or a redirect from there; paths are decoded, as WSGI has them."""
    yield from (reverse(f"blog:{name}") for name in FIXED)
    yield from (f"/articles/?page={number}" for number in range(1, FURTHER + 2))
    yield from (
        "/?page=1",
        "/tags/?page=2",
        "/sitemaps/pages.xml",
        "/sitemaps/news.xml",
        "/page2/",
        "/no-such-page/",
        "/old-address/",
        "/about",
        "/terms/",
    )
    for row in (*Category.objects.all(), *Tag.objects.all(), *Author.objects.all()):
        yield from (row.get_absolute_url(), row.get_feed_url(), f"{row.get_absolute_url()}?page=2")
    for day in {post.url_date for post in Post.objects.exclude(url_date=None).only("url_date")}:
        yield from (f"/{day:%Y}/", f"/{day:%Y/%m}/", f"/{day:%Y/%m/%d}/", f"/{day:%Y/%m}/?page=2")
        yield f"/sitemaps/posts-{day:%Y-%m}.xml"
    for post in Post.objects.exclude(url_date=None).only("url_date", "slug"):
        url = post.get_absolute_url()
        yield from (url, f"{url}index.md", f"{url}tate/", f"/{post.slug}/")
    yield from (page.get_absolute_url() for page in Page.objects.all())
    yield from Permalink.objects.values_list("path", flat=True)


def pictures() -> list[Image]:
    return list(Image.objects.order_by("pk"))

"""What the database does for a page does not grow with the archive, whatever page it is."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse

from blog.editing.saving import add_alias
from blog.models import FrontPick, Post, RelatedPost
from blog.queries.counts import tags_in_use
from blog.queries.post_list import POSTS_PER_PAGE, DayList, PostList, all_posts, posts_of
from blog.sample_posts import create_sample_posts
from tests.factories import make_page, make_scheduled

SMALL, BIG = 500, 2_500
GROWING = ("blog_post", "blog_taggedpost", "blog_permalink", "blog_relatedpost", "blog_postcount")
SCAN = re.compile(rf"SCAN ({'|'.join(GROWING)})\b")
STEPS_AT_ONCE = 10


def fill(number: int, seed: int) -> None:
    create_sample_posts(number, chars=100, seed=seed)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does
            cursor.execute("SET LOCAL random_page_cost = 1.1")  # no plan is to be that of a table of a few pages


def paths() -> dict[str, str]:
    """One of each kind of page, and of each kind of list its first, middle and last page."""
    post = Post.objects.published().newest_first()[Post.objects.count() // 3]
    big_tag = tags_in_use()[0]
    day = post.url_date
    fixed = {name: reverse(f"blog:{name}") for name in ("home", "tag_list", "author_list", "archive_index", "feed")}
    fixed |= {"post": post.get_absolute_url(), "404": "/no/such/page/", "alias": "/old/", "sitemap": "/sitemap.xml"}
    fixed |= {"sitemap of lists": "/sitemaps/pages.xml", "feed of a tag": big_tag.get_feed_url()}
    fixed |= {"feed of a section": post.category.get_feed_url(), "feed of an author": post.author.get_feed_url()}
    year = DayList(day.replace(month=1, day=1), day.replace(month=12, day=31))
    lists = {
        "everything": (reverse("blog:post_list"), all_posts()),
        "year": (reverse("blog:archive_year", args=[day.year]), year),
        "tag": (big_tag.get_absolute_url(), posts_of(big_tag)),
        "section": (post.category.get_absolute_url(), posts_of(post.category)),
        "author": (post.author.get_absolute_url(), posts_of(post.author)),
    }
    return fixed | dict(page for kind, (base, posts) in lists.items() for page in pages_of(kind, base, posts))


def pages_of(kind: str, base: str, posts: PostList) -> Iterator[tuple[str, str]]:
    last = posts.count() // POSTS_PER_PAGE  # the last full one
    for name, number in (("first", 1), ("middle", last // 2), ("last", last)):
        yield f"{kind}, {name}", f"{base}?page={number}" if number > 1 else base


def statements(path: str) -> list[tuple[str, Any]]:
    asked = []

    def note(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        Client().get(path)
    return asked


def work(path: str) -> int:
    """Instructions of SQLite's machine, or rows that PostgreSQL reads."""
    if connection.vendor == "sqlite":
        return steps(lambda: Client().get(path))
    return sum(rows_read(explain(sql, params, "ANALYZE, FORMAT JSON")) for sql, params in statements(path))


def steps(ask: Callable[[], Any]) -> int:
    number = 0

    def step() -> int:
        nonlocal number
        number += STEPS_AT_ONCE
        return 0

    connection.connection.set_progress_handler(step, STEPS_AT_ONCE)
    try:
        ask()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return number


def explain(sql: str, params: Any, options: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {sql}", params)
        plan = cursor.fetchone()[0]
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def rows_read(plan: dict[str, Any]) -> int:
    found = (node for node in nodes(plan) if "Relation Name" in node)
    return round(
        sum(node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + 1) for node in found)
    )


def scans(sql: str, params: Any) -> list[str]:
    """Growing tables that the statement reads from end to end."""
    if connection.vendor == "postgresql":
        plan = nodes(explain(sql, params, "FORMAT JSON"))
        return [
            node["Relation Name"]
            for node in plan
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING
        ]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [found[1] for row in cursor.fetchall() if (found := SCAN.match(row[-1]))]


class FlatCostTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        fill(SMALL, seed=1)
        first, second = Post.objects.order_by("pk")[:2]
        RelatedPost.objects.bulk_create(
            RelatedPost(post=post, target=first, reason="理由") for post in Post.objects.exclude(pk=first.pk)
        )
        FrontPick.objects.create(post=second)
        add_alias(second, "/old/")
        make_scheduled(tags=["国債の需要"])
        make_page(footer_position=1)
        cls.before = {kind: work(path) for kind, path in paths().items()}
        fill(BIG - SMALL, seed=2)

    def test_page_of_an_archive_five_times_as_big_costs_as_much(self):
        after = {kind: work(path) for kind, path in paths().items()}
        assert min(after.values()) > 0
        # A month has five times as many rows, too: that much longer is a walk from its edge. A page shows fifty.
        allowed = 1_500 if connection.vendor == "sqlite" else 100
        before = self.before
        grown = {kind: (before[kind], now) for kind, now in after.items() if now > 1.2 * before[kind] + allowed}
        assert grown == {}

    def test_no_page_reads_a_growing_table_from_end_to_end(self):
        found = {}
        day = Post.objects.published().latest("published_at").url_date
        # Those are as long as what came out in the time.
        spans = {
            "month": f"/{day:%Y/%m}/",
            "day": f"/{day:%Y/%m/%d}/",
            "its sitemap": f"/sitemaps/posts-{day:%Y-%m}.xml",
        }
        for kind, path in (paths() | spans).items():
            asked = statements(path)
            assert asked, kind
            read = {sql: tables for sql, params in asked if (tables := scans(sql, params))}
            found |= {kind: read} if read else {}
        assert found == {}

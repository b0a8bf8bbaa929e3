"""One of every kind of page, and how its HTML is read."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Self

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.editing.saving import save_post
from tests.factories import PUBLISHED_AT, make_author, make_category, make_page, make_post

BODY = "はじめに。\n\n## 背景\n\n本文。[^1]\n\n### 詳細\n\n| 列 | 値 |\n|---|---:|\n| 甲 | 1 |\n\n[^1]: 注。\n"

# Name of the kind: its path, after `fill(…)`.
PAGES = {
    "home": "/",
    "all articles": "/articles/",
    "article": "/2026/04/01/full/",
    "bare article": "/2026/03/31/bare/",
    "section": "/category/markets/",
    "empty section": "/category/empty/",
    "tag index": "/tags/",
    "other tags": "/tags/?page=2",
    "tag": "/tags/半導体/",
    "author": "/authors/editors/",
    "archive index": "/archive/",
    "month": "/2026/04/",
    "day": "/2026/04/01/",
    "static page": "/about/",
    "search form": "/search/",
    "search": "/search/?q=記事",
    "search without hits": "/search/?q=ありません",
    "narrowed search": "/search/?q=記事&section=markets&tag=半導体",
    "feeds": "/feeds/",
    "404": "/no/such/page/",
}


def fill(posts: int) -> None:
    """An article with everything, one with nothing, `posts` more around them, and what else pages show."""
    author = make_author(bio="紹介文。", links="公式サイト https://example.jp/")
    category = make_category(description="市場を読む。", notice="投資の助言ではありません。")
    make_category("空", "empty", position=9)
    make_page("/about/", body=BODY, footer_position=1)
    pillar = make_post("まとめの記事", slug="pillar", at=PUBLISHED_AT - timedelta(days=9), tags=["半導体"])
    others = [
        make_post(
            f"記事の{number}",
            slug=f"other-{number}",
            at=PUBLISHED_AT - timedelta(hours=number + 1),
            tags=["半導体", f"話題{number}"],
            author=make_author(f"著者{number}", f"author-{number}"),
            category=make_category(f"部門{number % 8}", f"section-{number % 8}") if number % 2 else category,
            body=BODY,
        )
        for number in range(posts)
    ]
    make_post("何もない記事", slug="bare", at=PUBLISHED_AT - timedelta(days=1), excerpt="", body="")
    full = make_post(
        "全部ある記事",
        slug="full",
        author=author,
        category=category,
        body=BODY,
        correction="数字を直しました。",
        pillar=pillar,
        tags=["半導体", "AI"],
    )
    save_post(full, related=[(other, "理由") for other in others[:3]])


def lying(html: str) -> str:
    """The text of a page in vertical lines as one in horizontal lines has it, without what sets figures upright."""
    return re.sub(r'<span class="(?:tcy|upright)">([^<]*)</span>', r"\1", html)


def queries(client: Client, path: str) -> list[str]:
    """What a page asks the database; on PostgreSQL a search also sets what it may cost, and takes that back."""
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    asked = [query["sql"] for query in captured]
    return [sql for sql in asked if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL"))]


class Document(HTMLParser):
    """What a page says to a machine that reads it with care."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self.feed(html)

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Nothing changes it: the tests of a class share what `setUpTestData` read."""
        return self

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "title" and not self.title:
            self.title = data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.elements if tag in ("h1", "h2", "h3", "h4", "h5", "h6")]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if attributes.get("id")]

"""Chooses the pages to measure, and counts the queries and bytes of each."""

import gzip
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.measure import DESK
from bench.servers import HOST

LONG_POST = "post of 15,000"
WEIGHED = ("home", LONG_POST)
# How hard servers compress: a page for each answer, a file only once.
GZIP_LEVEL, PAGE_QUALITY, FILE_QUALITY = 6, 5, 11
EDITOR = "bench"


def page_paths() -> dict[str, str]:
    """Returns the paths to measure by name. A new page of the site that must stay cheap belongs here."""
    from blog.models import Category, Post
    from blog.queries.post_list import POSTS_PER_PAGE
    from blog.queries.tags import tag_index

    # `prepare` made the posts, so all are public and keys follow each other: an OFFSET would read half a million rows.
    posts = Post.objects.order_by("pk")
    count = posts.count()
    long_post = posts[0]
    post = posts.filter(pk__gte=long_post.pk + count // 2)[0]
    last = -(-count // POSTS_PER_PAGE)
    tag: Any = tag_index().sections[0].tags[0]
    pages = -(-tag.post_count // POSTS_PER_PAGE)
    section = Category.objects.get(pk=post.category_id)
    everything = reverse("blog:post_list")
    return {
        "home": reverse("blog:home"),
        "post": post.get_absolute_url(),
        LONG_POST: long_post.get_absolute_url(),
        "list, first": everything,
        "list, middle": f"{everything}?page={max(last // 2, 2)}",
        "list, last": f"{everything}?page={last}",
        "section": section.get_absolute_url(),
        "big tag": tag.get_absolute_url(),
        "big tag, last": tag.get_absolute_url() + (f"?page={pages}" if pages > 1 else ""),
        "tags": reverse("blog:tag_list"),
        "archive": reverse("blog:archive_index"),
        "month": reverse("blog:archive_month", args=[post.url_date.year, post.url_date.month]),
        "feed": reverse("blog:feed"),
        "feed of a tag": tag.get_feed_url(),
        "sitemap": reverse("blog:sitemap"),
        "sitemap of lists": reverse("blog:sitemap_section", args=["pages"]),
        "sitemap of a month": reverse("blog:sitemap_month", args=[post.url_date.year, post.url_date.month]),
        f"{DESK}start": reverse("admin:index"),
        f"{DESK}articles": reverse("admin:blog_post_changelist"),
        f"{DESK}article": reverse("admin:blog_post_change", args=[post.pk]),
    }


def log_in() -> Client:
    """Logs in an editor with all permissions; the real server accepts the client's cookies too."""
    users = get_user_model().objects
    editor = users.filter(username=EDITOR).first() or users.create_superuser(EDITOR)
    client = Client(SERVER_NAME=HOST)
    client.force_login(editor)
    return client


def describe() -> dict[str, Any]:
    """Returns `pages` for the table, an editor's `cookie` for pages of the desk, and `weights` in bytes."""
    reader, editor = Client(SERVER_NAME=HOST), log_in()
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in editor.cookies.items())
    paths = page_paths().items()
    pages = {name: describe_page(path, editor if name.startswith(DESK) else reader) for name, path in paths}
    return {
        "pages": pages,
        "cookie": cookie,
        "weights": weigh(pages),
    }


def describe_page(path: str, client: Client) -> dict[str, str | int]:
    get = getter(path, client)
    get()  # does the work that a process does only once
    with CaptureQueriesContext(connection) as queries:
        size = len(get())
    return {"path": path, "queries": len(queries), "bytes": size}


def getter(path: str, client: Client) -> Callable[[], bytes]:
    """Returns a function that requests `path` and returns the body of the answer."""

    def get() -> bytes:
        response = client.get(path)
        close_old_connections()  # as Django does after real requests, but not after those of the test client
        if response.status_code != 200:
            sys.exit(f"{path} answers {response.status_code}, so it cannot be measured.")
        return response.content

    return get


# --- weights ---


def weigh(pages: dict[str, dict]) -> dict[str, dict[str, int]]:
    """Counts the bytes of a page, and of its style sheets and scripts, that a reader's first visit loads."""
    weights = {}
    for name in WEIGHED:
        html = getter(pages[name]["path"], Client(SERVER_NAME=HOST))()
        weights[name] = {
            "raw": len(html),
            "gzip": len(gzip.compress(html, GZIP_LEVEL)),
            "brotli": len(brotli.compress(html, quality=PAGE_QUALITY)),
            **{f"{kind} brotli": weigh_files(html.decode(), kind) for kind in ("css", "js")},
        }
    return weights


def weigh_files(html: str, kind: str) -> int:
    """Counts the Brotli bytes of the files that a page links to. Our scripts import no others."""
    urls = set(re.findall(rf'(?:href|src)="{re.escape(settings.STATIC_URL)}([^"]+\.{kind})"', html))
    files = (Path(settings.STATIC_ROOT, url).read_bytes() for url in urls)
    return sum(len(brotli.compress(data, quality=FILE_QUALITY)) for data in files)

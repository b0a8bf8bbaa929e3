"""What the files of the sitemap list: articles by month, those of the last two days, and everything else.

A file is made from the columns that it shows, without a model for each row: one may hold thousands.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from blog.addresses import absolute_url, address, article_address
from blog.models import Author, Category, Page, Post, Tag, TaggedPost

# Google News takes no article older than this, and no more of them in a file.
NEWS_SPAN, MOST_NEWS = timedelta(hours=48), 1_000
PLAIN = "!$&'()*+,;=~:@"  # what `reverse()` leaves as it is in a segment of a path
INDEXES = ("home", "post_list", "archive_index", "tag_list", "author_list")


class NewsEntry(NamedTuple):
    title: str
    published_at: datetime


class SitemapEntry(NamedTuple):
    """One address, and the last change of its page (None if the page never had an article to show)."""

    location: str
    changed_at: datetime | None
    picture: str = ""
    news: NewsEntry | None = None


def month_entries(year: int, month: int, part: slice) -> list[SitemapEntry]:
    """The articles of one month by the day of their address; none for a month that does not exist."""
    try:
        first = date(year, month, 1)
    except ValueError:
        return []
    posts = Post.objects.published().for_sitemap().in_month(first).order_by("url_date", "slug")
    locate, rows = _locator(), posts.values_list("url_date", "slug", "updated_at", "lead_image__file")
    return [SitemapEntry(locate(day, slug), changed_at, _picture(file)) for day, slug, changed_at, file in rows[part]]


def news_entries() -> list[SitemapEntry]:
    """The articles of the last two days, newest first; Google News wants none that somebody paid for."""
    since = timezone.now() - NEWS_SPAN
    posts = Post.objects.published().for_sitemap().filter(published_at__gt=since, is_sponsored=False).newest_first()
    columns = ("url_date", "slug", "updated_at", "lead_image__file", "title", "published_at")
    locate, rows = _locator(), posts.values_list(*columns)
    return [
        SitemapEntry(locate(day, slug), changed_at, _picture(file), NewsEntry(title, published_at))
        for day, slug, changed_at, file, title, published_at in rows[:MOST_NEWS]
    ]


def list_entries() -> list[SitemapEntry]:
    """Returns home, the indexes, every list with public posts, and the static pages.

    A list is dated by its newest article: a correction in an older one does not change the list.
    """
    of_list = Post.objects.published()
    categories = _dated(Category, of_list.filter(category=OuterRef("pk")))
    newest = max((category.published_at for category in categories), default=None)
    authors = _dated(Author, of_list.filter(author=OuterRef("pk")))
    tags = _dated(Tag, TaggedPost.objects.visible().filter(tag=OuterRef("pk")))
    pages = Page.objects.published().only("path", "updated_at").order_by("path")
    dated = [
        *((address(name), newest) for name in INDEXES),
        *((item.get_absolute_url(), item.published_at) for item in (*categories, *authors, *tags)),
        *((page.get_absolute_url(), page.updated_at) for page in pages),
    ]
    return [SitemapEntry(absolute_url(path), changed_at) for path, changed_at in dated]


def _dated(model: type[Author | Category | Tag], posts: QuerySet[Any]) -> list[Any]:
    """Returns the rows with public posts, each with the publication time of the newest."""
    newest = posts.order_by("-published_at").values("published_at")[:1]
    return [
        item
        for item in model.objects.only("slug").annotate(published_at=Subquery(newest)).order_by("slug")
        if item.published_at
    ]


def _locator() -> Callable[[Any, str], str]:
    """Returns a function from day and slug to the URL of an article; it calls `reverse` once for each day."""

    @cache
    def start(day: date) -> str:
        return absolute_url(article_address(day, "x")).removesuffix("x/")

    return lambda day, slug: f"{start(day)}{quote(slug, safe=PLAIN)}/"


def _picture(file: str | None) -> str:
    return absolute_url(default_storage.url(file)) if file else ""

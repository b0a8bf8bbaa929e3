"""The sitemap: an index of a file for each month, one for the lists and one of news.

https://www.sitemaps.org/protocol.html, with Google's elements for pictures and news. `django.contrib.sitemaps` is not
used: its index loads every URL of every section to date it, its addresses follow the request's host instead of
SITE_URL, and its Last-Modified stays when a post is unpublished.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import NEWS_SITEMAP, absolute_url, address, article_address
from blog.models import Author, Category, Page, Post, Tag
from blog.queries.tags import public_tags
from blog.text.characters import legal_xml
from blog.times import first_day, machine_time

# Google News takes no article older than this, and no more of them in a file.
NEWS_SPAN, MOST_NEWS = timedelta(hours=48), 1_000
INDEXES = ("home", "post_list", "archive_index", "tag_list")
NAMESPACES = (
    ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


class NewsEntry(NamedTuple):
    title: str
    published_at: datetime


class SitemapEntry(NamedTuple):
    """One address, and the last change of its page, if that is known."""

    path: str
    changed_at: datetime | None = None
    picture: str = ""
    news: NewsEntry | None = None


@csrf_exempt
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    past = Q(updated_at__lte=timezone.now())  # imports once took a day in the future as that of the last change
    months = Post.objects.published().order_by("-url_month").values_list("url_month")
    changes = months.annotate(at=Max("updated_at", filter=past))
    news = max((entry.changed_at for entry in _news_entries() if entry.changed_at), default=None)
    files = [
        SitemapEntry(address("sitemap_section", "pages"), _newest_of_lists()),
        *([SitemapEntry(address("sitemap_section", NEWS_SITEMAP), news)] if news else []),
        *(SitemapEntry(_month_file(first_day(month)), changed_at) for month, changed_at in changes),
    ]
    return _xml("sitemapindex", "sitemap", files)


@csrf_exempt
@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """The lists and static pages, or the news. Without news there is no file, as the schema allows no empty one."""
    makers = {"pages": _list_entries, NEWS_SITEMAP: _news_entries}
    if section not in makers or not (entries := makers[section]()):
        raise Http404("no such sitemap")
    return _xml("urlset", "url", entries)


@csrf_exempt
@require_safe
def month_sitemap(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The articles of a month by the day of their address, after the page of the month itself."""
    try:
        posts = Post.objects.published().in_month(date(year, month, 1))
    except ValueError as error:
        raise Http404("no such month") from error
    if not (changed_at := posts.aggregate(at=Max("updated_at"))["at"]):
        raise Http404("no article in this month")
    articles = _post_entries(posts.order_by("url_date", "slug"))
    return _xml("urlset", "url", [SitemapEntry(address("archive_month", year, month), changed_at), *articles])


def _month_file(month: date) -> str:
    return address("sitemap_month", month.year, month.month)


# --- what stands in the files ---


def _post_entries(posts: Any, *, as_news: bool = False) -> list[SitemapEntry]:
    """The findable ones of the posts, read without a model for each."""
    rows = posts.findable().values_list("url_date", "slug", "updated_at", "lead_image__file", "title", "published_at")
    return [
        SitemapEntry(
            article_address(day, slug),
            changed_at,
            absolute_url(default_storage.url(file)) if file else "",
            NewsEntry(title, published_at) if as_news else None,
        )
        for day, slug, changed_at, file, title, published_at in rows
    ]


def _news_entries() -> list[SitemapEntry]:
    """The articles of the last two days, newest first; Google News wants none that somebody paid for."""
    since = timezone.now() - NEWS_SPAN
    posts = Post.objects.published().filter(published_at__gt=since, is_sponsored=False)
    return _post_entries(posts.newest_first(), as_news=True)[:MOST_NEWS]


def _list_entries() -> list[SitemapEntry]:
    """Home, the indexes, every list with public posts, and the static pages.

    A list is dated by its newest article: a correction in an older one does not change it. To date the tags, all
    articles would be read.
    """
    newest = Post.objects.published().newest_first().values("published_at")
    sections = Category.objects.annotate(at=Subquery(newest.filter(category=OuterRef("pk"))[:1]))
    authors = Author.objects.annotate(at=Subquery(newest.filter(author=OuterRef("pk"))[:1]))
    pages = Page.objects.published().annotate(at=F("updated_at")).only("path")
    at = _newest_post()
    lists: list[Any] = [*sections.order_by("slug"), *authors.order_by("slug"), *pages.order_by("path")]
    return [
        *(SitemapEntry(address(name), at) for name in INDEXES),
        *(SitemapEntry(item.get_absolute_url(), item.at) for item in lists if item.at),
        *(SitemapEntry(tag.get_absolute_url()) for tag in Tag.objects.filter(public_tags()).only("slug")),
    ]


def _newest_post() -> datetime | None:
    return Post.objects.published().newest_first().values_list("published_at", flat=True).first()


def _newest_of_lists() -> datetime | None:
    changed = _newest_post(), Page.objects.published().aggregate(at=Max("updated_at"))["at"]
    return max(filter(None, changed), default=None)


# --- XML, by hand: a template takes ten times as long for a file of thousands ---


def _xml(root: str, row: str, entries: Iterable[SitemapEntry]) -> HttpResponse:
    now = timezone.now()
    rows = (f"<{row}>{''.join(_elements(entry, now))}</{row}>" for entry in entries)
    page = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<{root}{NAMESPACES}>", *rows, f"</{root}>", ""])
    return HttpResponse(page, content_type="application/xml; charset=utf-8")


def _elements(entry: SitemapEntry, now: datetime) -> Iterator[str]:
    yield f"<loc>{escape(absolute_url(entry.path))}</loc>"
    if entry.changed_at and entry.changed_at <= now:
        yield f"<lastmod>{machine_time(entry.changed_at)}</lastmod>"
    if entry.news:
        name, title = escape(legal_xml(settings.SITE_NAME)), escape(legal_xml(entry.news.title))
        yield f"<news:news><news:publication><news:name>{name}</news:name>"
        yield f"<news:language>{settings.LANGUAGE_CODE}</news:language></news:publication>"
        yield f"<news:publication_date>{machine_time(entry.news.published_at)}</news:publication_date>"
        yield f"<news:title>{title}</news:title></news:news>"
    if entry.picture:
        yield f"<image:image><image:loc>{escape(entry.picture)}</image:loc></image:image>"

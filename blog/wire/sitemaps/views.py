"""The sitemap: an index of a file for each month, one for the lists and one of news.

A month or the lists have several files if one cannot hold them. `django.contrib.sitemaps` is not used: its index loads
every URL of every section to date it, its addresses follow the request's host instead of SITE_URL, and its
Last-Modified stays when a post is unpublished.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import NEWS_SITEMAP, absolute_url, address
from blog.models import Author, Category, Page, Post, Tag
from blog.queries.counts import sitemap_months
from blog.wire.sitemaps.entries import INDEXES, SitemapEntry, list_entries, month_entries, news_entries
from blog.wire.sitemaps.writing import write_index, write_urls

URLS_PER_FILE = 5_000  # the protocol allows 50,000, which would take a second to make
LISTS = "pages"
FILE = re.compile(
    rf"(?:{LISTS}|posts-(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}}))(?:-(?P<part>[2-9]|[1-9][0-9]{{1,3}}))?"
)


@csrf_exempt
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    news = news_entries()
    return _xml(write_index([*_list_files(), *_news_file(news), *_month_files()]))


@csrf_exempt
@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    if section == NEWS_SITEMAP:
        return _news_response()
    match = FILE.fullmatch(section)
    if match is None:
        raise Http404("no such sitemap")
    start = (int(match["part"] or 1) - 1) * URLS_PER_FILE
    part = slice(start, start + URLS_PER_FILE)
    month = (int(match["year"]), int(match["month"])) if match["year"] else None
    entries = month_entries(*month, part) if month else list_entries()[part]
    if not entries:
        raise Http404("no such sitemap")
    return _xml(write_urls(entries))


def _news_response() -> HttpResponse:
    """Without news there is no file: the schema allows no empty one, and the index does not name it."""
    entries = news_entries()
    if not entries:
        raise Http404("no news")
    return _xml(write_urls(entries))


def _xml(page: str) -> HttpResponse:
    return HttpResponse(page, content_type="application/xml; charset=utf-8")


def _file(section: str) -> str:
    return absolute_url(address("sitemap_section", section))


def _news_file(news: list[SitemapEntry]) -> Iterator[SitemapEntry]:
    if dates := [entry.changed_at for entry in news if entry.changed_at]:
        yield SitemapEntry(_file(NEWS_SITEMAP), max(dates))


def _list_files() -> Iterator[SitemapEntry]:
    newest = [
        Post.objects.published().newest_first().values_list("published_at", flat=True).first(),
        Page.objects.published().aggregate(at=Max("updated_at"))["at"],
    ]
    return _files(LISTS, _number_of_lists(), max(filter(None, newest), default=None))


def _month_files() -> Iterator[SitemapEntry]:
    """The files of each month, newest first."""
    for month, count, changed_at in sitemap_months():
        yield from _files(f"posts-{month:%Y-%m}", count, changed_at)


def _files(name: str, count: int, changed_at: datetime | None) -> Iterator[SitemapEntry]:
    """Yields as many files as `count` addresses need, all dated with the last change."""
    yield SitemapEntry(_file(name), changed_at)
    for part in range(2, (count - 1) // URLS_PER_FILE + 2):
        yield SitemapEntry(_file(f"{name}-{part}"), changed_at)


def _number_of_lists() -> int:
    """Returns the length of `list_entries()`, or more if one file can hold that: the greater number loads no rows."""
    rows = [model.objects.order_by().values("pk") for model in (Author, Category, Tag, Page)]
    most = len(INDEXES) + rows[0].union(*rows[1:], all=True).count()
    return most if most <= URLS_PER_FILE else len(list_entries())

"""The sitemap and robots.txt. The sitemap is an index of a file for each month and one for the lists.

A month or the lists have several files if one cannot hold them. `django.contrib.sitemaps` is not used: its index loads
every URL of every section to date it, its addresses follow the request's host instead of SITE_URL, and its
Last-Modified stays when a post is unpublished.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url
from blog.models import Author, Category, Page, Post, Tag, TaggedPost
from blog.queries.counts import sitemap_months
from blog.times import machine_time

URLS_PER_FILE = 50_000  # the protocol allows no more
LISTS = "pages"
INDEXES = ("home", "post_list", "archive_index", "tag_list", "author_list")
NOT_CRAWLED = ("/admin/", "/preview/", "/search/")
FILE = re.compile(
    rf"(?:{LISTS}|posts-(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}}))(?:-(?P<part>[2-9]|[1-9][0-9]{{1,3}}))?"
)


class SitemapEntry(NamedTuple):
    """One address, and the last change of its page (None if the page never had an article to show)."""

    path: str
    changed_at: datetime | None

    @property
    def location(self) -> str:
        return absolute_url(self.path)

    @property
    def lastmod(self) -> str:
        return machine_time(self.changed_at)


@csrf_exempt
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    return _xml("blog/sitemap_index.xml", [*_list_files(), *_month_files()])


@csrf_exempt
@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    match = FILE.fullmatch(section)
    if match is None:
        raise Http404("no such sitemap")
    start = (int(match["part"] or 1) - 1) * URLS_PER_FILE
    part = slice(start, start + URLS_PER_FILE)
    entries = _post_entries(int(match["year"]), int(match["month"]), part) if match["year"] else _list_entries()[part]
    if not entries:
        raise Http404("no such sitemap")
    return _xml("blog/sitemap.xml", entries)


@csrf_exempt
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_CRAWLED)]
    lines += ["", f"Sitemap: {absolute_url(reverse('blog:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _xml(template: str, entries: list[SitemapEntry]) -> HttpResponse:
    return HttpResponse(render_to_string(template, {"entries": entries}), content_type="application/xml; charset=utf-8")


def _file_path(section: str) -> str:
    return reverse("blog:sitemap_section", args=[section])


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
    yield SitemapEntry(_file_path(name), changed_at)
    for part in range(2, (count - 1) // URLS_PER_FILE + 2):
        yield SitemapEntry(_file_path(f"{name}-{part}"), changed_at)


def _number_of_lists() -> int:
    """Returns the length of `_list_entries()`, or more if one file can hold that: the greater number loads no rows."""
    rows = [model.objects.order_by().values("pk") for model in (Author, Category, Tag, Page)]
    most = len(INDEXES) + rows[0].union(*rows[1:], all=True).count()
    return most if most <= URLS_PER_FILE else len(_list_entries())


def _post_entries(year: int, month: int, part: slice) -> list[SitemapEntry]:
    """The articles of one month by the day of their address; none for a month that does not exist."""
    try:
        first = date(year, month, 1)
    except ValueError:
        return []
    posts = Post.objects.published().for_sitemap().in_month(first).order_by("url_date", "slug")[part]
    return [SitemapEntry(post.get_absolute_url(), post.updated_at) for post in posts]


def _list_entries() -> list[SitemapEntry]:
    """Returns home, the indexes, every list with public posts, and the static pages.

    A list is dated by its newest article: a correction in an older one does not change the list.
    """
    of_list = Post.objects.published()
    categories = _dated(Category, of_list.filter(category=OuterRef("pk")))
    newest = max((category.published_at for category in categories), default=None)
    authors = _dated(Author, of_list.filter(author=OuterRef("pk")))
    tags = _dated(Tag, TaggedPost.objects.visible().filter(tag=OuterRef("pk")))
    pages = Page.objects.published().only("path", "updated_at").order_by("path")
    return [
        *(SitemapEntry(reverse(f"blog:{name}"), newest) for name in INDEXES),
        *(SitemapEntry(item.get_absolute_url(), item.published_at) for item in (*categories, *authors, *tags)),
        *(SitemapEntry(page.get_absolute_url(), page.updated_at) for page in pages),
    ]


def _dated(model: type[Author | Category | Tag], posts: QuerySet[Any]) -> list[Any]:
    """Returns the rows with public posts, each with the publication time of the newest."""
    newest = posts.order_by("-published_at").values("published_at")[:1]
    return [
        item
        for item in model.objects.only("slug").annotate(published_at=Subquery(newest)).order_by("slug")
        if item.published_at
    ]

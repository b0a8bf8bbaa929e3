"""What machines alone read, besides feeds and sitemaps.

robots.txt (https://www.rfc-editor.org/rfc/rfc9309), llms.txt (https://llmstxt.org), the description of the search
(https://github.com/dewitt/opensearch), security.txt (https://www.rfc-editor.org/rfc/rfc9116), and the files that
settings put at the root, such as ads.txt.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address, root_files
from blog.models import Category, Page, Post
from blog.times import machine_time
from blog.wire.page_meta import feed_links, list_description, markdown_url, shorten

# --- robots.txt ---

NOT_CRAWLED = ("/admin/", "/preview/", "/search/")


@csrf_exempt
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    groups = [
        _group([*settings.CRAWLERS_ALLOWED, "*"], NOT_CRAWLED),
        *([_group(settings.CRAWLERS_REFUSED, ["/"])] if settings.CRAWLERS_REFUSED else []),
        f"Sitemap: {absolute_url(address('sitemap'))}\n",
    ]
    return HttpResponse("\n".join(groups), content_type="text/plain; charset=utf-8")


def _group(crawlers: Iterable[str], paths: Iterable[str]) -> str:
    rows = [*(f"User-agent: {name}" for name in crawlers), *(f"Disallow: {path}" for path in paths)]
    return "".join(f"{row}\n" for row in rows)


# --- llms.txt ---

# Signs that mean something in Markdown anywhere in a line, and those that do at its beginning.
MARKS, BEGINNINGS = re.compile(r"([\\`*_\[\]<>&|~#])"), re.compile(r"^(\s*(?:\d+(?=[.)])|(?=[-+=])))", re.MULTILINE)
NEWEST = 50
HINT = "記事のURLの末尾に index.md を付けると、同じ記事をMarkdownで読めます。過去の記事はサイトマップにあります。"


@csrf_exempt
@require_safe
def llms(request: HttpRequest) -> HttpResponse:
    blocks = [
        f"# {plain(settings.SITE_NAME)}",
        quoted(settings.SITE_DESCRIPTION),
        HINT,
        _list("新しい記事", _articles()),
        _list("セクション", _sections()),
        _list("フィードとサイトマップ", _feeds()),
        _list("Optional", _pages()),  # the word by which the format marks what may be skipped
    ]
    return HttpResponse("\n\n".join(filter(None, blocks)) + "\n", content_type="text/plain; charset=utf-8")


def _list(name: str, rows: Iterable[str]) -> str:
    items = "\n".join(rows)
    return f"## {name}\n\n{items}" if items else ""


def _row(name: str, url: str, note: str = "") -> str:
    text = plain(shorten(note))
    return f"- [{plain(' '.join(name.split()))}]({url})" + (f": {text}" if text else "")


def _articles() -> Iterator[str]:
    for post in Post.objects.published().findable().for_list()[:NEWEST]:
        day = timezone.localdate(post.published_at)
        note = f"{day.isoformat()} {post.category.name} {post.description or post.excerpt}"
        yield _row(post.labelled_title, markdown_url(post), note)


def _sections() -> Iterator[str]:
    for section in Category.objects.all():
        yield _row(section.name, absolute_url(section.get_absolute_url()), list_description(section))


def _feeds() -> Iterator[str]:
    for feed in feed_links():
        yield _row(feed.title, feed.url)
    yield _row("サイトマップ", absolute_url(address("sitemap")))


def _pages() -> Iterator[str]:
    for page in Page.objects.published().only("path", "title", "description"):
        yield _row(page.title, absolute_url(page.get_absolute_url()), page.description)


def plain(text: str) -> str:
    """Writes a text so that Markdown shows its characters, and the lines stay lines."""
    return BEGINNINGS.sub(r"\1\\", MARKS.sub(r"\\\1", text.strip()))


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in plain(text).splitlines())


# --- the search ---

CONTENT_TYPE = "application/opensearchdescription+xml"
LONGEST_SHORT_NAME = 16
DAY = 24 * 3600


@csrf_exempt
@require_safe
@cache_control(public=True, max_age=DAY)
def opensearch(request: HttpRequest) -> HttpResponse:
    described = {
        "name": settings.SITE_NAME[:LONGEST_SHORT_NAME],
        "description": f"{settings.SITE_NAME}の記事を検索します。",
        "icon": absolute_url(static("img/favicon.svg")),
        "itself": absolute_url(address("opensearch")),
        "search": absolute_url(address("search")),
        "suggestions": absolute_url(address("search_suggestions")),
    }
    return render(request, "blog/opensearch.xml", described, content_type=CONTENT_TYPE)


# --- security.txt, and files of the settings ---

CONTENT_TYPES = {".html": "text/html", ".json": "application/json", ".txt": "text/plain", ".xml": "application/xml"}
MONTHS_VALID = 6  # of security.txt, which must say when somebody last looked at it; a year is too long


@csrf_exempt
@require_safe
def root_file(request: HttpRequest, name: str) -> HttpResponse:
    content = root_files()[name]  # the route matches no other name
    return HttpResponse(content, content_type=f"{CONTENT_TYPES[PurePosixPath(name).suffix]}; charset=utf-8")


@csrf_exempt
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """https://www.rfc-editor.org/rfc/rfc9116"""
    if not settings.SECURITY_CONTACT:
        raise Http404("nobody to write to")
    today = timezone.localdate()
    rows = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {machine_time(_month_begins(today, MONTHS_VALID))}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}, en",
        f"Canonical: {absolute_url(address('security'))}",
    ]
    return HttpResponse("".join(f"{row}\n" for row in rows), content_type="text/plain; charset=utf-8")


def _month_begins(day: date, months: int) -> datetime:
    """The beginning of the month that is `months` after the month of the day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return timezone.make_aware(datetime.combine(first, time.min))

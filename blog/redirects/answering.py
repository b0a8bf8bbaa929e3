"""Tells whether an address has a page for readers. It asks only for the rows that decide that, and makes no page."""

from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from blog.addresses import STORED_NAME
from blog.models import Author, Category, Page, Post, PreviewLink, Tag
from blog.models.image import CONTENT_TYPES
from blog.queries.edition import newest_day
from blog.queries.post_list import (
    PAGE_NUMBER,
    POSTS_PER_PAGE,
    PostList,
    all_posts,
    posts_of,
    posts_of_days,
    public_authors,
)
from blog.queries.tags import public_tags, tag_index
from blog.times import month_of


def answering_url(path: str, query: QueryDict) -> str | None:
    """Returns the URL at which the page of the decoded path answers with this query, or None if none does.

    `reverse()` makes the URL, so it is encoded and on this site whatever the path contained. The first page of a list
    has no number in its URL.
    """
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.app_name != "blog":  # the desk itself checks permissions
        return _url_of(match) if match.url_name else None
    name, captured = str(match.url_name), match.kwargs
    if name in PAGED:
        number = query.get("page", "1")
        if not (PAGE_NUMBER.fullmatch(number) and PAGED[name](int(number), **captured)):
            return None
        if number == "1":
            query = query.copy()
            query.pop("page", None)
    elif name not in FIXED and not (name in ROWS and ROWS[name](**captured)):
        return None
    url = _url_of(match)
    return f"{url}?{query.urlencode()}" if query else url


def has_page(path: str) -> bool:
    """Whether readers get a page at exactly this decoded path."""
    return answering_url(path, QueryDict()) is not None


def _url_of(match: ResolverMatch) -> str:
    return reverse(match.view_name, kwargs=match.captured_kwargs)  # type: ignore[attr-defined]  # documented


# --- addresses that one row, or none, decides ---

FIXED = {
    "archive_index",
    "atom_feed",
    "favicon",
    "feed",
    "feed_list",
    "json_feed",
    "llms",
    "manifest",
    "opensearch",
    "robots",
    "root_file",
    "search_suggestions",
    "sitemap",
}


def _post(year: int, month: int, day: int, slug: str) -> bool:
    return Post.objects.published().at_address(year, month, day, slug).exists()


def _section(slug: str) -> bool:
    return Category.objects.filter(slug=slug).exists()


def _picture(path: str) -> bool:
    try:
        is_ours = PurePosixPath(path).suffix in CONTENT_TYPES and STORED_NAME.fullmatch(path)
        return bool(is_ours) and default_storage.exists(path)
    except (OSError, SuspiciousFileOperation):
        return False


ROWS: dict[str, Callable[..., bool]] = {
    "author_feed": lambda slug: Author.objects.filter(public_authors(), slug=slug).exists(),
    "category_feed": _section,
    "media": _picture,
    "page_detail": lambda path: Page.objects.published().filter(path=f"/{path}/").exists(),
    "post_detail": _post,
    "post_markdown": _post,
    "post_tate": _post,
    "preview": lambda token: PreviewLink.objects.find(token) is not None,
    "security": lambda: bool(settings.SECURITY_CONTACT),
    "sitemap_month": lambda year, month: False,
    "sitemap_section": lambda section: False,  # only machines ask for it, at the address that the index gives
    "today": lambda: newest_day() is not None,  # it redirects to another page each day
    "tag_feed": lambda slug: Tag.objects.filter(public_tags(), slug=slug).exists(),
}


# --- lists, with the number of the page that is asked for ---


def _reaches(posts: PostList, number: int) -> bool:
    """Whether the list has the page."""
    return posts.count() > (number - 1) * POSTS_PER_PAGE


def _posts(number: int) -> bool:
    return _reaches(all_posts(), number)


def _category(number: int, slug: str) -> bool:
    if number == 1:
        return _section(slug)
    section = Category.objects.filter(slug=slug).first()
    return section is not None and _reaches(posts_of(section), number)


def _tag(number: int, slug: str) -> bool:
    tag = Tag.objects.filter(slug=slug).first()
    return tag is not None and _reaches(posts_of(tag), number)


def _author(number: int, slug: str) -> bool:
    author = Author.objects.filter(slug=slug).first()
    return author is not None and _reaches(posts_of(author), number)


def _days(number: int, year: int, month: int, day: int = 0) -> bool:
    try:
        first, last = (date(year, month, day),) * 2 if day else month_of(date(year, month, 1))
    except ValueError:
        return False
    return _reaches(posts_of_days(first, last), number)


PAGED: dict[str, Callable[..., bool]] = {
    "archive_day": _days,
    "archive_month": _days,
    "author_detail": _author,
    "category_detail": _category,
    "home": lambda number: number == 1,
    "post_list": _posts,
    "search": lambda number: True,  # what a search finds is not known without searching
    "tag_detail": _tag,
    "tag_list": lambda number: number == 1 or (number == 2 and bool(tag_index().others)),
}

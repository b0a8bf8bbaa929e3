"""The page that an article names as its original, where that page is now."""

from django.conf import settings

from blog.addresses import absolute_url
from blog.models import Post
from blog.models.permalink import clean_path
from blog.redirects.answering import has_page
from blog.redirects.finding import find_redirect, leads_to


def canonical_path(post: Post) -> str:
    """The decoded path of the canonical page, or "" if the article names none, or one elsewhere."""
    url = post.canonical_url
    for origin in (settings.SITE_URL, settings.SITE_URL.replace("https://", "http://", 1)):  # which leads to the first
        url = url.removeprefix(origin)
    return clean_path(url) if url.startswith("/") else ""


def is_own_address(post: Post) -> bool:
    """Whether the canonical page is the article itself, or redirects to it.

    An article with a stored canonical address counts as a copy, and is hidden from sitemaps and the like.
    """
    path = canonical_path(post)
    return path != "" and leads_to(path, post)


def canonical_url(post: Post) -> str:
    """The absolute URL of the canonical page, or that of the article. Only a path of this site costs queries.

    The row keeps what the editor wrote: an import, and another editor's open form, would take a corrected address for
    somebody's edit.
    """
    path = canonical_path(post)
    moved = find_redirect(path) if path and not has_page(path) else None
    return absolute_url(moved or post.canonical_url or post.get_absolute_url())

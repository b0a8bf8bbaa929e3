"""The addresses of our own pages, as paths and as absolute URLs under SITE_URL."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote, urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import RFC3986_SUBDELIMS

MARKDOWN_FILE = "index.md"  # in the folder of an article's page
VERTICAL = "tate/"
NEWS_SITEMAP = "news"
# The names that the site gives to pictures and cards. Any other name is answered with 404.
STORED_NAME = re.compile(r"(images|renditions|cards)/\w[\w.-]{0,99}")
SAFE = f"{RFC3986_SUBDELIMS}/:@~"  # what a path may hold as it is, to `reverse` too
# A picture of this site in a text, by its file.
PICTURE_ADDRESS = re.compile(rf"{re.escape(settings.MEDIA_URL)}(images/[0-9A-Za-z_.-]+)")

# Where addresses of the old site lead.
OLD_PATHS = {
    "/sitemap_index.xml": "/sitemap.xml",
    "/authors/": "/archive/",
    "/category/analysis/": "/category/industry/",
    "/category/implementation/": "/category/case-studies/",
    "/feeds/analysis.xml": "/feeds/industry.xml",
    "/feeds/implementation.xml": "/feeds/case-studies.xml",
}


def root_files() -> dict[str, str]:
    """Maps the names of the files that settings put at the root to their contents, such as ads.txt."""
    ads = {"ads.txt": "".join(f"{row}\n" for row in settings.ADS_TXT)} if settings.ADS_TXT else {}
    return {**settings.VERIFICATION_FILES, **ads}


def address(name: str, *args: str | int) -> str:
    """Returns the percent-encoded path of the page `blog:name`."""
    # Asked among our routes alone, which stand at the root; to find them by their namespace takes as long again.
    return reverse(name, urlconf="blog.urls", args=args)


def edition_path(day: date) -> str:
    """Returns the path of the edition of a day, under which its articles have their own."""
    return f"/{day.year:04d}/{day.month:02d}/{day.day:02d}/"


def article_path(day: date, slug: str) -> str:
    """Returns the decoded path of an article, as the ledger spells it."""
    return f"{edition_path(day)}{slug}/"


def article_address(day: date, slug: str) -> str:
    """Returns the percent-encoded path of an article, for links.

    A list has fifty. `reverse` would look each up among the routes and match it against one, in six times the time.
    """
    return encoded(article_path(day, slug))


def encoded(path: str) -> str:
    """Percent-encodes a path of ours as `reverse` does."""
    return quote(path, safe=SAFE)


def absolute_url(path: str) -> str:
    """Puts SITE_URL before a path from `get_absolute_url()`, `address()` or a storage's `url()`.

    Percent-encoded characters stay as they are, and so does an absolute address (pictures in an object store).
    """
    if path.startswith("/") and not path.startswith("//"):
        return settings.SITE_URL + iri_to_uri(path)
    return urljoin(f"{settings.SITE_URL}/", iri_to_uri(path))


def spellings(path: str) -> Iterator[str]:
    """Yields the path as it is, then with tidied slashes, then as this site spells addresses."""
    path = unicodedata.normalize("NFC", path)
    yield path
    segments = [segment for segment in path.split("/") if segment]
    if segments and segments[-1].lower() == "index.html":
        segments.pop()
    own = [unicodedata.normalize("NFC", segment.lower()).rstrip("-") for segment in segments]
    for parts in (segments, [part for part in own if part]):
        yield "/" + "".join(f"{part}/" for part in parts)
        yield "/" + "/".join(parts)

"""The addresses of our own pages: paths, and whole ones under SITE_URL."""

from functools import lru_cache
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import iri_to_uri


@lru_cache(maxsize=20_000)
def address(name: str, *args: str | int) -> str:
    """The percent-encoded path of the page `blog:name`.

    Remembered, since `reverse()` tries patterns and a page asks for fifty addresses, most of which the page before
    it showed too; which path a name and its arguments stand for changes with the code alone, since FORCE_SCRIPT_NAME
    keeps a request from having a prefix.
    """
    return reverse(f"blog:{name}", args=args)


def absolute_url(path: str) -> str:
    """The address, under SITE_URL, of what `get_absolute_url()`, `address()` or a storage's `url()` gave.

    What is percent-encoded already stays as it is, and so does an absolute address (pictures of an object store).
    """
    if path.startswith("/") and not path.startswith("//"):
        return settings.SITE_URL + iri_to_uri(path)
    return urljoin(f"{settings.SITE_URL}/", iri_to_uri(path))

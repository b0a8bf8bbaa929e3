"""The addresses of our own pages, as paths and as absolute URLs under SITE_URL."""

from functools import lru_cache
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.encoding import iri_to_uri


@lru_cache(maxsize=20_000)
def address(name: str, *args: str | int) -> str:
    """Returns the percent-encoded path of the page `blog:name`.

    Paths are cached: `reverse()` tries patterns, and a page needs fifty addresses, most of them the same as the page
    before. Only the code can change a path, because FORCE_SCRIPT_NAME keeps requests from adding a prefix.
    """
    return reverse(f"blog:{name}", args=args)


def absolute_url(path: str) -> str:
    """Puts SITE_URL before a path from `get_absolute_url()`, `address()` or a storage's `url()`.

    Percent-encoded characters stay as they are, and so does an absolute address (pictures in an object store).
    """
    if path.startswith("/") and not path.startswith("//"):
        return settings.SITE_URL + iri_to_uri(path)
    return urljoin(f"{settings.SITE_URL}/", iri_to_uri(path))

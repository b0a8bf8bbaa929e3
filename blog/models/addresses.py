"""Addresses of what is stored."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=20_000)
def address(name: str, *args: str | int) -> str:
    """The percent-encoded path of the page `blog:name`.

    Remembered, since `reverse()` tries patterns and a page asks for fifty addresses, most of which the page before
    it showed too; which path a name and its arguments stand for changes with the code alone, since FORCE_SCRIPT_NAME
    keeps a request from having a prefix.
    """
    return reverse(f"blog:{name}", args=args)

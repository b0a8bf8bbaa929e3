"""System checks of URLs that strangers could abuse or never reach, and of files and keys that a deployment needs."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from blog.addresses import root_files
from blog.pictures.cards import FONT, WORDMARK


@register(Tags.urls)
def check_markdownx_views(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuses django-markdownx's own views, which render and store what anybody sends, and serve it."""
    return [
        Error(
            f"{pattern.callback.__module__} is mounted at {pattern.pattern}: it asks nobody for a login.",
            hint="Use the views of blog.admin.api and never include('markdownx.urls').",
            id="blog.E001",
        )
        for pattern in _patterns(get_resolver().url_patterns)
        if pattern.callback.__module__.partition(".")[0] == "markdownx"
    ]


@register
def check_card_drawing(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warns if the font or the wordmark of the social cards is missing."""
    return [
        Warning(
            f"{path} is missing: no social card can be drawn, and the site's own picture stands in for all.",
            hint="Deploy the whole repository.",
            id="blog.W001",
        )
        for path in (FONT, WORDMARK)
        if not path.is_file()
    ]


@register(Tags.urls)
def check_verification_files(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuses files that nobody would get: another route, or the file of another setting, answers at their address."""
    served = root_files()
    return [
        Error(
            f"VERIFICATION_FILES names {name}, and the site has something else at /{name}.",
            hint="Ask the service for a file of another name, or for a record of the DNS.",
            id="blog.E003",
        )
        for name, content in settings.VERIFICATION_FILES.items()
        if served[name] != content or resolve(f"/{name}").url_name != "root_file"
    ]


def _patterns(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns)
        else:
            yield entry

"""What `manage.py check` says about a wiring that would open a door, and about files that are not in their place."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.urls import URLPattern, URLResolver, get_resolver

from blog.pictures.cards.drawing import FONT
from blog.pictures.cards.outline import WORDMARK


@register(Tags.urls)
def check_markdownx_views(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """django-markdownx's own views take a preview and an upload from anybody, and serve what was uploaded."""
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
    """Social cards need a font and the wordmark, which a deployment may have left behind."""
    return [
        Warning(
            f"{path} is missing: no social card can be drawn, and the site's own picture stands in for all.",
            hint="Deploy the whole repository.",
            id="blog.W001",
        )
        for path in (FONT, WORDMARK)
        if not path.is_file()
    ]


def _patterns(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns)
        else:
            yield entry

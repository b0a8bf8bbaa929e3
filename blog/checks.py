"""What `manage.py check` says about a wiring that would open a door."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver


@register(Tags.urls)
def check_markdownx_views(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """django-markdownx's own views take a preview and an upload from anybody, and serve what was uploaded."""
    return [
        Error(
            f"{pattern.callback.__module__} is mounted at {pattern.pattern}: it asks nobody for a login.",
            hint="Use the views of blog.admin.views and never include('markdownx.urls').",
            id="blog.E001",
        )
        for pattern in _patterns(get_resolver().url_patterns)
        if pattern.callback.__module__.partition(".")[0] == "markdownx"
    ]


def _patterns(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns)
        else:
            yield entry

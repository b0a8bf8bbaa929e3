"""The part of a page's head that machines read."""

import json
from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings
from django.utils.encoding import escape_uri_path
from django.utils.safestring import SafeString, mark_safe

from blog.models import Author, Category, Page, Post, Tag
from blog.wire.page_meta import HOME, feed_links, list_meta, plain_meta, post_meta, static_page_meta
from blog.wire.structured_data import Crumb

register = template.Library()

# Escaped, no data can end the script element or begin another.
ESCAPES = {character: f"\\u{ord(character):04X}" for character in "<>&"}


@register.inclusion_tag("includes/head_meta.html", takes_context=True)
def head_meta(
    context: template.Context,
    subject: Author | Category | Page | Post | Tag | None = None,
    *,
    title: str = "",
    description: str = "",
    page: Any = None,
    path: str = "",
    noindex: bool = False,
    kind: str = "CollectionPage",
    trail: Sequence[tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """Description, canonical address, share card, feeds and structured data of the page.

    `subject` is the object that the page shows. A page without one passes a `title` and perhaps a `description`; its
    canonical address is `path`, or else the path of the request; `kind` is what schema.org calls it, and `trail` the
    names and paths of the pages between it and the front page. `page` is the paginator's page of a list.
    """
    number = page.number if page else 1
    match subject:
        case Post():
            meta = post_meta(subject)
        case Page():
            meta = static_page_meta(subject)
        case Author() | Category() | Tag():
            meta = list_meta(subject, number=number)
        case None:
            meta = plain_meta(
                path or escape_uri_path(context["request"].path),
                title=title,
                description=description,
                number=number,
                noindex=noindex,
                kind=kind,
                trail=None if trail is None else [HOME, *(Crumb(*step) for step in trail)],
            )
        case _:
            raise TypeError(f"no page of the site shows {subject!r}")  # a variable that does not exist is ""
    return {"meta": meta, "site_name": settings.SITE_NAME}


@register.inclusion_tag("includes/feed_alternates.html")
def feed_alternates() -> dict[str, Any]:
    """The feeds of the site, for the head of a page that says nothing else of itself."""
    return {"feeds": feed_links()}


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """A JSON-LD block. Browsers do not run it, so the policy's `script-src` does not forbid it."""
    text = json.dumps(data, ensure_ascii=False)
    for character, escaped in ESCAPES.items():  # `translate` takes thirty times as long for Japanese
        text = text.replace(character, escaped)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped above

"""Stored HTML made anew: after a change of the renderer, or of what it knows of the pictures."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from blog.models import Page, Post

BATCH = 200

logger = logging.getLogger(__name__)
Stored = TypeVar("Stored", Post, Page)


def render_stored(items: QuerySet[Stored], *, progress: Callable[[int], None] = lambda done: None) -> int:
    """Renders the text of each post or page again and writes the rows that come out different; returns how many.

    Nothing else of a row moves: not `updated_at`, since no word of it changed, nor `version`, since nobody edited it.
    A text that is saved meanwhile is left to that save, and one that no HTML is made of any more keeps what it has.
    `progress` is told how many were looked at.
    """
    changed, looked_at, last = 0, 0, 0
    while batch := list(items.filter(pk__gt=last).order_by("pk")[:BATCH]):
        changed += sum(_render(item) for item in batch)
        looked_at, last = looked_at + len(batch), batch[-1].pk
        progress(looked_at)
    return changed


def _render(item: Post | Page) -> bool:
    stored = {name: getattr(item, name) for name in item.RENDERED_FIELDS}
    try:
        item.render()
    except ValidationError as error:
        logger.warning("%s %s keeps its HTML: %s", type(item).__name__, item.pk, error.messages[0])
        return False
    rendered = {name: getattr(item, name) for name in item.RENDERED_FIELDS}
    if rendered == stored:
        return False
    unchanged = type(item).objects.filter(pk=item.pk, body=item.body, body_html=stored["body_html"])
    return bool(unchanged.update(**rendered))

"""Renders stored HTML again after a change of the renderer or of the pictures that a text shows."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from blog.delivery.generation import touch
from blog.models import Page, Post
from blog.search.index import index_again

BATCH = 200

logger = logging.getLogger(__name__)
Stored = TypeVar("Stored", Post, Page)


def render_stored(items: QuerySet[Stored], *, progress: Callable[[int], None] = lambda done: None) -> int:
    """Renders each post or page again and writes the rows whose HTML differs. Returns the number of those rows.

    `updated_at` does not change, since the text is the same, nor does `version`, since nobody edited it. A row that
    somebody saves meanwhile is left to that save. A text that the renderer now refuses keeps its HTML. `progress`
    is called with the number of rows that were checked.
    """
    changed, looked_at, last = 0, 0, 0
    while batch := list(items.filter(pk__gt=last).order_by("pk")[:BATCH]):
        changed += sum(_render(item) for item in batch)
        looked_at, last = looked_at + len(batch), batch[-1].pk
        progress(looked_at)
    return changed


@task()
def render_uses(url: str) -> None:
    """Renders the posts and pages again whose text names the file at the URL."""
    render_stored(Post.objects.filter(body__contains=url))
    render_stored(Page.objects.filter(body__contains=url))


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
    unchanged = type(item).objects.filter(pk=item.pk, title=item.title, body=item.body, body_html=stored["body_html"])
    with transaction.atomic():
        is_written = bool(unchanged.update(**rendered))
        if is_written and isinstance(item, Post):
            index_again([item.pk])
        if is_written:
            touch(soon=True)
    return is_written

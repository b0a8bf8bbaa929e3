"""An article or page as readers would get it after a save: what the template needs, without saving anything."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from blog.editing.fields import PAGE_CONTENT
from blog.editing.snapshots import Snapshot, apply_snapshot
from blog.models import Page, Post, Tag
from blog.queries.article_page import article_page
from blog.queries.tags import EVERY_TAG
from blog.text.japanese import post_slug

GENERATED_SLUG = 80  # characters of a slug that is made from a title


def page_of_version(post: Post, snapshot: Snapshot | None = None) -> dict[str, Any]:
    """The context of the article template for a version: `snapshot`, else the pending version, else the stored post.

    This changes `post` in memory. The caller must not save it. Raises ValidationError for a stored text that the
    renderer refuses by now.
    """
    if snapshot is None and post.pending_revision:
        snapshot = post.pending_revision.snapshot
    if snapshot is None:
        publish_unsaved(post)
        return article_page(post)
    contents = apply_snapshot(post, snapshot)
    give_tags(post, contents.tags)
    publish_unsaved(post)
    return article_page(post, chosen={target.pk: reason for target, reason in contents.related if target.is_public})


def static_page_of_version(page: Page, snapshot: Snapshot) -> dict[str, Any]:
    """The context of the template of a static page for a version. This changes `page` in memory.

    The caller must not save it. Raises ValidationError as `page_of_version` does.
    """
    for name in PAGE_CONTENT:
        setattr(page, name, snapshot.get(name, getattr(page, name)))
    page.render()
    return {"static_page": page}


def publish_unsaved(post: Post) -> None:
    """Publishes and renders the post in memory. It is public from now, unless it already has a date."""
    if not post.is_public and not post.is_scheduled:
        post.publish()
    post.slug = post.slug or post_slug(post.title)[:GENERATED_SLUG].strip("-") or "preview"
    post.complete()


def give_tags(post: Post, names: Iterable[str], among: Q = EVERY_TAG) -> None:
    """Gives the post in memory these tags instead of the stored ones. A name that no tag `among` has is new."""
    known = {tag.name: tag for tag in Tag.objects.filter(among, name__in=names)}
    post.tag_list = [known.get(name) or Tag(name=name, slug=Tag().slugify(name)) for name in names]

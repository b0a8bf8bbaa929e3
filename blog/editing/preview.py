"""An article as readers will get it: its coming version on the page of the public template, saved nowhere."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from blog.editing.snapshots import Snapshot, apply
from blog.models import Post, Tag
from blog.queries.article_page import article_page
from blog.queries.tags import EVERY_TAG
from blog.text.japanese import post_slug

GENERATED_SLUG = 80  # characters of one that is made from a title


def coming_page(post: Post, snapshot: Snapshot | None = None) -> dict[str, Any]:
    """What the template of an article shows of the pending version, of any other (`snapshot`), or else of the post.

    `post` is changed in memory by it and must not be saved. Raises ValidationError for a text that was stored before
    such texts were refused.
    """
    if snapshot is None and post.pending_revision:
        snapshot = post.pending_revision.snapshot
    if snapshot is None:
        settle(post)
        return article_page(post)
    contents = apply(post, snapshot)
    give_tags(post, contents.tags)
    settle(post)
    return article_page(post, chosen={target.pk: reason for target, reason in contents.related if target.is_public})


def settle(post: Post) -> None:
    """Makes it what a save would: public, from now unless it has a date, and rendered."""
    if not post.is_public and not post.is_scheduled:
        post.publish()
    post.slug = post.slug or post_slug(post.title)[:GENERATED_SLUG].strip("-") or "preview"
    post.complete()


def give_tags(post: Post, names: Iterable[str], among: Q = EVERY_TAG) -> None:
    """Shows these tags instead of the stored ones; those that do not exist yet, or are not `among` these, as new."""
    known = {tag.name: tag for tag in Tag.objects.filter(among, name__in=names)}
    post.tag_list = [known.get(name) or Tag(name=name, slug=Tag().slugify(name)) for name in names]

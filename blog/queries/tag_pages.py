"""What the pages of tags show: the index by groups, and the tags that appear together with one."""

from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count

from blog.addresses import address
from blog.models import Tag, TaggedPost, TagGroup
from blog.queries.counts import tags_in_use
from blog.queries.post_list import posts_of

COMMON = 3  # articles that make a tag common

NEWEST = 60
RELATED_TAGS = 12


class TagSection(NamedTuple):
    """The common tags of a group, or of none."""

    group: TagGroup | None
    tags: list[Tag]


class TagIndex(NamedTuple):
    sections: list[TagSection]
    """The groups in the editors' order; the tags without a group come last."""
    others: list[Tag]
    """The tags of fewer than COMMON articles, by name."""


def tag_index() -> TagIndex:
    """All tags of public articles, in one query. As long as no tag is common, all of them count as common."""
    tags: list[Any] = list(tags_in_use().select_related("group").defer("description"))
    common = [tag for tag in tags if tag.post_count >= COMMON] or tags
    others = [tag for tag in tags if tag.post_count < COMMON] if common is not tags else []
    sections = [
        TagSection(group, list(own)) for group, own in groupby(sorted(common, key=_place), lambda tag: tag.group)
    ]
    return TagIndex(sections, sorted(others, key=lambda tag: tag.name))


def _place(tag: Tag) -> tuple[bool, int, str, bool, int]:
    """The place of the group, and the editors' place in it; sorting keeps the order by articles of all others."""
    group = (False, tag.group.position, tag.group.name) if tag.group else (True, 0, "")
    return *group, tag.position is None, tag.position or 0


class RelatedTag(NamedTuple):
    name: str
    url: str
    shared: int
    """The number of articles, among those examined, that have both tags."""


def related_tags(tag: Tag) -> list[RelatedTag]:
    """Counts the other tags of the NEWEST public articles with `tag`; the most frequent come first.

    The cost does not grow with the archive.
    """
    rows = TaggedPost.objects.filter(content_object__in=posts_of(tag).newest_keys(NEWEST)).exclude(tag=tag)
    shared = rows.order_by().values_list("tag__name", "tag__slug").annotate(shared=Count("pk"))
    found = shared.order_by("-shared", "tag__name")[:RELATED_TAGS]
    return [RelatedTag(name, address("tag_detail", slug), number) for name, slug, number in found]

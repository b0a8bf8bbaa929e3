"""The index of tags: those of several articles under their groups, and the others apart."""

from itertools import groupby
from typing import Any, NamedTuple

from blog.models import Tag, TagGroup
from blog.queries.counts import tags_in_use

COMMON = 3  # articles that make a tag common


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

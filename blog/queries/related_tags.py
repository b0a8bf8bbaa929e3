"""Tags that appear together with a tag."""

from typing import NamedTuple

from blog.addresses import address
from blog.database import fetch
from blog.models import Tag
from blog.queries.post_list import posts_of

NEWEST = 60
RELATED_TAGS = 12
SHARED = (
    "SELECT tag.name, tag.slug, COUNT(*) FROM blog_taggedpost JOIN blog_tag AS tag ON tag.id = tag_id"
    " WHERE content_object_id IN ({keys}) AND tag_id <> %s"
    " GROUP BY tag.id, tag.name, tag.slug ORDER BY COUNT(*) DESC, tag.name LIMIT %s"
)


class RelatedTag(NamedTuple):
    name: str
    url: str
    shared: int
    """The number of articles, among those examined, that have both tags."""


def related_tags(tag: Tag) -> list[RelatedTag]:
    """Counts the other tags of the NEWEST public articles with `tag`; the most frequent come first.

    The cost does not grow with the archive.
    """
    keys = posts_of(tag).newest_keys(NEWEST)
    rows = fetch(SHARED.format(keys=keys.sql), *keys.params, tag.pk, RELATED_TAGS)
    return [RelatedTag(name, address("tag_detail", slug), shared) for name, slug, shared in rows]

"""Which tags stand beside a tag."""

from blog.database import fetch
from blog.models import Tag
from blog.queries.post_list import posts_of

NEWEST = 60
RELATED_TAGS = 12
SHARED = (
    "SELECT tag.id, tag.name, tag.slug, COUNT(*) FROM blog_taggedpost JOIN blog_tag AS tag ON tag.id = tag_id"
    " WHERE content_object_id IN ({keys}) AND tag_id <> %s"
    " GROUP BY tag.id, tag.name, tag.slug ORDER BY COUNT(*) DESC, tag.name LIMIT %s"
)


def related_tags(tag: Tag) -> list[Tag]:
    """The other tags of the newest public articles that bear `tag`; the most frequent first.

    Each has `shared`, how many of these articles it is on. What it costs does not grow with the archive.
    """
    keys = posts_of(tag).newest_keys(NEWEST)
    related = []
    for pk, name, slug, shared in fetch(SHARED.format(keys=keys.sql), *keys.params, tag.pk, RELATED_TAGS):
        other = Tag(pk=pk, name=name, slug=slug)
        other.shared = shared
        related.append(other)
    return related

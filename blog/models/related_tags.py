"""Which tags stand beside a tag."""

from django.db.models import Count, QuerySet

from blog.models.post_list import posts_of
from blog.models.taxonomy import Tag

NEWEST = 60
RELATED_TAGS = 12


def related_tags(tag: Tag) -> QuerySet[Tag]:
    """The other tags of the newest public articles that bear `tag`; the most frequent first.

    Each has `shared`, how many of these articles it is on. What it costs does not grow with the archive.
    """
    newest = posts_of(tag).newest(NEWEST)
    others = Tag.objects.filter(tagged_posts__content_object__in=newest).exclude(pk=tag.pk)
    return others.annotate(shared=Count("tagged_posts")).order_by("-shared", "name")[:RELATED_TAGS]

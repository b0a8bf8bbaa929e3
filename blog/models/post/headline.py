"""The title of an article as pages show it."""

from django.utils import timezone

from blog.models.post.post import Post
from blog.text.headlines import Headline, parts_of, says_only_year, typeset


def headline_of(post: Post) -> Headline:
    """The title in its parts, without labels that say no more than the year of the date beside it."""
    labels, head, deck = parts_of(post.headline or typeset(post.title))
    if labels and post.published_at:
        year = timezone.localdate(post.published_at).year
        labels = tuple(label for label in labels if not says_only_year(label, year))
    return Headline(labels, head, deck)

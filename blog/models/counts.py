"""Tags, authors and months that have public posts, with how many (`post_count`).

Every count is of public posts only: a number must not tell that something unpublished is there.
"""

from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from blog.models.post import Post
from blog.models.taxonomy import Author, Tag


def tags_in_use() -> QuerySet[Tag]:
    visible = Post.objects.visible("tagged_posts__content_object__")
    return Tag.objects.filter(visible).annotate(post_count=Count("tagged_posts"))


def authors_in_use() -> QuerySet[Author]:
    return Author.objects.filter(Post.objects.visible("posts__")).annotate(post_count=Count("posts"))


def months_in_use() -> QuerySet[Any, dict[str, Any]]:
    """Rows of `month` (its first day) and `post_count`, newest first."""
    posts = Post.objects.published().order_by().annotate(month=TruncMonth("url_date"))
    return posts.values("month").annotate(post_count=Count("pk")).order_by("-month")

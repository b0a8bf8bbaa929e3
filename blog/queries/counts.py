"""Tags, authors and months with public posts, each with the number of these (`post_count`).

Counts contain public posts only, unless a docstring says otherwise: a number must not betray unpublished posts.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from blog.models import Author, Post, PostCount, Tag, TaggedPost
from blog.models.post.counts import EVER
from blog.models.post.queryset import PostQuerySet
from blog.times import first_day

Item = TypeVar("Item", Author, Tag)


class Month(NamedTuple):
    month: date
    """Its first day."""
    post_count: int


class Day(NamedTuple):
    day: date
    post_count: int


class SitemapMonth(NamedTuple):
    month: date
    post_count: int
    changed_at: datetime | None
    """The last change that a reader would notice in its posts; None if all those lie in the future."""


def tags_in_use() -> QuerySet[Tag]:
    """Tags of public posts, the commonest first."""
    scheduled = TaggedPost.objects.scheduled().filter(tag=OuterRef("pk"))
    return _in_use(Tag.objects.all(), PostCount.Kind.TAG, scheduled.values("tag"))


def authors_in_use() -> QuerySet[Author]:
    """Authors of public posts, the busiest first."""
    scheduled = Post.objects.scheduled().filter(author=OuterRef("pk"))
    return _in_use(Author.objects.all(), PostCount.Kind.AUTHOR, scheduled.values("author"))


def months_in_use(hidden: PostQuerySet | None = None) -> list[Month]:
    """Months with posts, newest first, by the day in the address.

    Scheduled posts do not count. With `hidden`, the scheduled posts outside that queryset do.
    """
    kept = PostCount.objects.filter(kind=PostCount.Kind.ARCHIVE, key=0).values_list("month", "count")
    counts = Counter(dict(kept))
    scheduled = (Post.objects.all() if hidden is None else hidden).scheduled()
    counts.subtract(filter(None, scheduled.values_list("url_month", flat=True)))
    return [Month(first_day(month), count) for month, count in sorted(counts.items(), reverse=True) if count > 0]


def days_in_use(first: date, last: date) -> list[Day]:
    """The days with public posts from `first` to `last`, newest first, by the day in the address.

    It reads the index of all posts of these days, and so is for a month at most.
    """
    posts = Post.objects.published().filter(url_date__range=(first, last)).order_by("-url_date")
    return [Day(day, count) for day, count in posts.values_list("url_date").annotate(Count("pk")) if day]


def sitemap_months() -> list[SitemapMonth]:
    """Months with public posts that search engines should know, newest first."""
    scheduled = Counter(Post.objects.scheduled().for_sitemap().values_list("url_month", flat=True))
    posts = Post.objects.published().for_sitemap().filter(url_month=OuterRef("month"), updated_at__lte=timezone.now())
    newest_change = Subquery(posts.order_by("-updated_at").values("updated_at")[:1])
    kept = PostCount.objects.filter(kind=PostCount.Kind.SITEMAP, key=0).order_by("-month")
    rows = kept.annotate(changed_at=newest_change).values_list("month", "count", "changed_at")
    months = (SitemapMonth(first_day(month), count - scheduled[month], at) for month, count, at in rows)
    return [month for month in months if month.post_count > 0]


def _in_use(items: QuerySet[Item], kind: PostCount.Kind, scheduled: QuerySet[Any, Any]) -> QuerySet[Item]:
    kept = PostCount.objects.filter(kind=kind, key=OuterRef("pk"), month=EVER).values("count")
    still_to_come = scheduled.order_by().annotate(number=Count("pk")).values("number")
    counted = items.annotate(post_count=Subquery(kept) - Coalesce(Subquery(still_to_come), 0))
    return counted.filter(post_count__gt=0).order_by(F("post_count").desc(), "name")

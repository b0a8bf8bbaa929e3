"""Recounts the numbers that saves keep, compares the two and repairs differences."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import ExtractMonth, ExtractYear, TruncMonth

from blog.database import consistent_reads, execute
from blog.models import Post, PostCount, TaggedPost
from blog.models.post.counts import EVER, LISTED_AT, CountKey, add
from blog.times import month_number

PER_MONTH_ONLY = (PostCount.Kind.ARCHIVE, PostCount.Kind.SITEMAP)


class Drift(NamedTuple):
    """The stored values that are wrong."""

    counts: dict[CountKey, tuple[int, int]]  # (stored, counted)
    tagged_posts: int  # rows whose `published_at` is not that of their post
    posts: int  # posts whose `url_month` is not the month of their `url_date`


@consistent_reads()
def find_drift() -> Drift:
    """Recounts everything as of one moment, and changes nothing."""
    kept, counted = _kept(), _count()
    both = {key: (kept[key], counted[key]) for key in sorted({*kept, *counted})}
    wrong = {key: pair for key, pair in both.items() if pair[0] != pair[1]}
    return Drift(wrong, _astray().count(), _misplaced().count())


@transaction.atomic
def repair_drift() -> Drift:
    """Repairs wrong values and returns them. On PostgreSQL, saves wait until it is done."""
    if connection.vendor == "postgresql":
        execute("LOCK TABLE blog_post, blog_taggedpost, blog_postcount IN EXCLUSIVE MODE")
    drift = find_drift()
    add(Counter({key: counted - kept for key, (kept, counted) in drift.counts.items()}))
    for row, published_at in _astray().iterator():
        TaggedPost.objects.filter(pk=row).update(published_at=published_at)
    for post, url_month in _misplaced().iterator():
        Post.objects.filter(pk=post).update(url_month=url_month)
    return drift


def _kept() -> Counter[CountKey]:
    rows = PostCount.objects.values_list("kind", "key", "month", "count")
    return Counter({CountKey(kind, key, month): count for kind, key, month, count in rows})


def _count() -> Counter[CountKey]:
    posts = Post.objects.listed().order_by()
    tagged = posts.filter(tagged_posts__isnull=False)
    kinds, published, by_address = PostCount.Kind, TruncMonth("published_at"), TruncMonth("url_date")
    counts: Counter[CountKey] = Counter()
    for kind, rows in (
        (kinds.ALL, posts.values_list(Value(0), published)),
        (kinds.SECTION, posts.values_list("category", published)),
        (kinds.AUTHOR, posts.values_list("author", published)),
        (kinds.TAG, tagged.values_list("tagged_posts__tag", published)),
        (kinds.ARCHIVE, posts.values_list(Value(0), by_address)),
        (kinds.SITEMAP, posts.for_sitemap().values_list(Value(0), by_address)),
    ):
        for key, first_day, number in rows.annotate(Count("pk")):
            counts[CountKey(kind.value, key, month_number(first_day))] = number
            if kind not in PER_MONTH_ONLY:
                counts[CountKey(kind.value, key, EVER)] += number
    return counts


def _astray() -> QuerySet[TaggedPost, tuple[int, datetime | None]]:
    """Finds (key, `listed_at` of the post) of each row whose `published_at` differs from it."""
    rows = TaggedPost.objects.annotate(expected=LISTED_AT).filter(_differ("published_at"))
    return rows.values_list("pk", "expected")


def _misplaced() -> QuerySet[Post, tuple[int, int | None]]:
    """Finds (key, month of `url_date`) of each post whose `url_month` differs from it."""
    month = ExtractYear("url_date") * 100 + ExtractMonth("url_date")
    return Post.objects.annotate(expected=month).filter(_differ("url_month")).values_list("pk", "expected")


def _differ(kept: str) -> Q:
    """The condition that the field `kept` differs from `expected`; with NULL, SQL's `<>` is neither true nor false."""
    expected = F("expected")
    return (
        Q(**{f"{kept}__lt": expected})
        | Q(**{f"{kept}__gt": expected})
        | Q(**{f"{kept}__isnull": True, "expected__isnull": False})
        | Q(**{f"{kept}__isnull": False, "expected__isnull": True})
    )

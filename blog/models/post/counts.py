"""The number of published posts in each list and month. Every save keeps it, so that no page counts rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Case, F, When
from django.utils import timezone

from blog.database import check_references, execute_many
from blog.models.post.post import Post
from blog.models.post.queryset import is_findable
from blog.times import month_number

EVER = 0  # instead of a month: all of them
KEYS_AT_ONCE = 1_000  # SQLite takes 32,766 values in a statement; a tag may be on more posts
READ = ("pk", "published_at", "url_date", "category_id", "author_id", "in_sitemap", "noindex", "canonical_url")
# The twin of `Post.listed_at` for a query of `TaggedPost`.
LISTED_AT = Case(When(content_object__status=Post.Status.PUBLISHED, then=F("content_object__published_at")))

ADD = (
    "INSERT INTO blog_postcount (kind, key, month, count) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (kind, key, month) DO UPDATE SET count = blog_postcount.count + excluded.count"
)


_waiting: ContextVar[Counter["CountKey"] | None] = ContextVar("waiting", default=None)


class PostCount(models.Model):
    """The number of published posts of one list in one month, or in all months.

    A scheduled post counts from its save on, so that no timer has to run: queries subtract the scheduled posts.
    The month is that of `published_at` in Tokyo; in the archive and the sitemap it is that of `url_date`.
    """

    class Kind(models.TextChoices):
        ALL = "all"
        SECTION = "section"
        AUTHOR = "author"
        TAG = "tag"
        ARCHIVE = "archive"
        SITEMAP = "sitemap"

    pk = models.CompositePrimaryKey("kind", "key", "month")
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.BigIntegerField()  # of the section, author or tag; 0 where there is only one such list
    month = models.PositiveIntegerField()  # 202604, or EVER
    count = models.IntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "記事数"

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.month}: {self.count}"


class CountKey(NamedTuple):
    """The key of a PostCount."""

    kind: str
    key: int
    month: int


def count_keys(post: Any, tags: Iterable[int]) -> Iterator[CountKey]:
    """Yields the counts that a published post is part of; `post` may be a row of READ, `tags` are keys of its tags."""
    kinds = PostCount.Kind
    month = month_number(timezone.localtime(post.published_at))
    keys = [(kinds.ALL, 0), (kinds.SECTION, post.category_id), (kinds.AUTHOR, post.author_id)]
    for kind, key in [*keys, *((kinds.TAG, tag) for tag in tags)]:
        yield CountKey(kind.value, key, month)
        yield CountKey(kind.value, key, EVER)
    month = month_number(post.url_date)
    yield CountKey(kinds.ARCHIVE.value, 0, month)
    if is_findable(post):
        yield CountKey(kinds.SITEMAP.value, 0, month)


@contextmanager
def counted(*posts: Post) -> Iterator[None]:
    """Updates the counts after the block has saved, retagged or deleted these posts.

    The caller's transaction must hold the locks of those posts that are stored already. The counts are locked at the
    end of the block, and everything that may wait for another transaction belongs inside it, so that a transaction
    with locked counts waits for nobody. Put all posts into one block: two transactions with several blocks each may
    lock counts in opposite order, and PostgreSQL would then abort one of them.
    """
    before = _stored_keys(posts)
    yield
    recount(before, _stored_keys(posts))


def listed_keys(post: Post, tags: Iterable[int]) -> Counter[CountKey]:
    """The counts that the post with these tags is part of; none unless it is published."""
    return Counter(count_keys(post, tags)) if post.listed_at else Counter()


def recount(before: Counter[CountKey], after: Counter[CountKey]) -> None:
    """Updates the counts as `counted` does, for a caller who knows the counts before and after."""
    if after != before:
        check_references()  # at commit it would wait for the rows that ours refer to
        waiting = _waiting.get()
        if waiting is None:
            add(after, before)
        else:
            waiting.update(after)
            waiting.subtract(before)


@contextmanager
def counted_together() -> Iterator[None]:
    """Updates the counts of all saves in the block at its end, as those of one; of none if an error leaves the block.

    Within another such block, its counts wait for the end of that one. Both stand in the transaction of the saves.
    """
    change: Counter[CountKey] = Counter()
    token = _waiting.set(change)
    try:
        yield
    finally:
        _waiting.reset(token)
    outer = _waiting.get()
    if outer is None:
        add(change)
    else:
        outer.update(change)


def add(more: Counter[CountKey], less: Counter[CountKey] | None = None) -> None:
    """Adds `more` to the stored counts and subtracts `less`."""
    change = Counter(more)
    change.subtract(less or {})
    # Sorted: transactions that lock the same rows in the same order cannot wait for each other in a circle.
    rows = [(*key, number) for key, number in sorted(change.items()) if number]
    if rows:
        execute_many(ADD, rows)


def _stored_keys(posts: Iterable[Post]) -> Counter[CountKey]:
    keys = [post.pk for post in posts if post.pk]
    listed = Post.objects.listed().order_by()
    found: Counter[CountKey] = Counter()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        tags = defaultdict(list)
        rows = listed.filter(pk__in=keys[start : start + KEYS_AT_ONCE])
        for row in rows.values_list(*READ, "tagged_posts__tag", named=True):
            tags[row._replace(tagged_posts__tag=None)].append(row.tagged_posts__tag)
        found.update(key for row, own in tags.items() for key in count_keys(row, filter(None, own)))
    return found

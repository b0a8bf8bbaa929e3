"""Lists of public posts, and the months and days that have some."""

import re
from collections import Counter
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from blog.models import Author, Category, Post, Tag, TaggedPost
from blog.models.post.queryset import PostQuerySet
from blog.times import first_day

POSTS_PER_PAGE = 50
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


class PostList:
    """Posts in the order of a list, with what a paginator needs: `count()` and slices.

    `shape` names the method of PostQuerySet that loads their fields. A slice first finds its keys along an index, and
    then loads those rows: an OFFSET over joined rows would join all before it too.
    """

    def __init__(self, posts: PostQuerySet, shape: str = "for_row") -> None:
        self.posts, self.shape = posts, shape

    def count(self) -> int:
        return self.posts.order_by().count()

    def __getitem__(self, page: slice) -> list[Post]:
        return self._load(page, self.shape)

    def newest(self, number: int, shape: str = "") -> list[Post]:
        """The first `number` posts; `shape` replaces that of the list."""
        return self._load(slice(number), shape or self.shape)

    def _load(self, part: slice, shape: str) -> list[Post]:
        posts: PostQuerySet = getattr(Post.objects, shape)()
        return list(posts.filter(pk__in=self.posts.values("pk")[part]).order_by(*self.posts.query.order_by))


class TagList(PostList):
    """The public posts with a tag. It counts the tag's rows without those of hidden posts, which are few."""

    def __init__(self, tag: Tag) -> None:
        self.rows = TaggedPost.objects.filter(tag=tag)
        # A join would load all posts of the tag to sort them; this walks along the index of posts until it has enough.
        borne = Exists(self.rows.filter(content_object=OuterRef("pk")))
        super().__init__(Post.objects.published().filter(borne).newest_first())

    def count(self) -> int:
        return self.rows.count() - self.rows.filter(content_object__in=Post.objects.hidden().values("pk")).count()


def all_posts() -> PostList:
    return PostList(Post.objects.published().newest_first())


def posts_of(item: Author | Category | Tag) -> PostList:
    """The public posts of an author, a section or a tag."""
    if isinstance(item, Tag):
        return TagList(item)
    posts = Post.objects.published().newest_first()
    return PostList(posts.filter(author=item) if isinstance(item, Author) else posts.filter(category=item))


def posts_of_days(first: date, last: date) -> PostList:
    """The public posts whose address has a day from `first` to `last`, sorted by that day."""
    posts = Post.objects.published().filter(url_date__range=(first, last))
    # An edition, which is of one day, composes its posts.
    return PostList(posts.order_by("-url_date", "-published_at", "-pk"), "for_list" if first == last else "for_row")


def public_authors() -> Q:
    """The condition for authors of public posts."""
    return Q(Exists(Post.objects.published().filter(author=OuterRef("pk"))))


class Month(NamedTuple):
    month: date
    """Its first day."""
    post_count: int


class Day(NamedTuple):
    day: date
    post_count: int


def months_in_use(scheduled: PostQuerySet | None = None) -> list[Month]:
    """Months with public posts, or with one of those `scheduled`, newest first, by the day in the address."""
    rows = Post.objects.published().order_by().values_list("url_month").annotate(Count("pk"))
    counts = Counter(dict(rows))
    if scheduled is not None:
        counts.update(scheduled.values_list("url_month", flat=True))
    return [Month(first_day(month), count) for month, count in sorted(counts.items(), reverse=True)]


def days_in_use(first: date, last: date) -> list[Day]:
    """The days with public posts from `first` to `last`, newest first, by the day in the address."""
    posts = Post.objects.published().filter(url_date__range=(first, last)).order_by("-url_date")
    return [Day(day, count) for day, count in posts.values_list("url_date").annotate(Count("pk")) if day]

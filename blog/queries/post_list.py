"""Lists of public posts. However long a list is, its first, middle and last pages cost the same.

A plain OFFSET walks past all rows before the page. Here the walk begins at the nearest start of a month, because the
counts tell how many posts stand before each month. It reads keys along an index; only the page's posts are loaded.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from datetime import date, datetime, time, timedelta
from operator import attrgetter

from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import cached_property

from blog.database import adapted, fetch
from blog.models import Author, Category, Post, PostCount, Tag
from blog.models.post.counts import EVER
from blog.models.post.queryset import POSTS, TAGGED_POSTS, Condition, scheduled_sql, visible_sql
from blog.times import first_day, month_number

POSTS_PER_PAGE = 50
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
# The counts include scheduled posts; those few rows are subtracted.
MONTHS = (
    "SELECT month, count FROM blog_postcount WHERE kind = %s AND key = %s AND month BETWEEN %s AND %s"
    " UNION ALL SELECT {month}, -1 FROM {table} WHERE {rows}{scheduled}"
)
WALK = "SELECT {key} FROM {table} WHERE {rows}{bounds} ORDER BY {order} LIMIT %s OFFSET %s"
LAST_MONTH, AFTER_ALL = 9999_12, 9999_13


class PostList:
    """The public posts of one list, newest first, with what a paginator needs: `count()` and slices.

    `kind` and `of` are the kind and key of its PostCounts; rows of its posts have the value `of` in `column`.
    """

    table, key, column = POSTS, "id", ""
    ordering: tuple[str, ...] = ("published_at", "pk")
    month = str(LAST_MONTH)  # scheduled posts stand before all others
    months = (EVER + 1, LAST_MONTH)
    shape = "for_row"

    def __init__(self, kind: PostCount.Kind, of: int = 0) -> None:
        self.kind, self.of = kind, of
        self.rows, self.values = (f"{self.column} = %s AND ", [of]) if self.column else ("", [])
        self.now = timezone.now()

    def count(self) -> int:
        return self.since[min(self.since)]

    def __getitem__(self, page: slice) -> list[Post]:
        first, last = page.start, min(page.stop, self.count())
        if first >= last:
            return []
        months, since = list(self.since), list(self.since.values())
        newer, older = bisect_right(since, first) - 1, bisect_left(since, last)
        if first - since[newer] <= since[older] - last:
            keys = self._walk("<", months[newer], "DESC", last - first, first - since[newer])
        else:
            keys = self._walk(">=", months[older], "ASC", last - first, since[older] - last)
        return self._load(keys, self.shape)

    def months_at(self, first: int, last: int) -> tuple[date, date]:
        """The first days of the months of the posts `first` and `last`, counted from 0; both must exist."""
        months, since = list(self.since), list(self.since.values())
        newest, oldest = (months[bisect_right(since, place)] for place in (first, last))
        return first_day(newest), first_day(oldest)

    def by_month(self) -> dict[int, int]:
        """Maps each month with public posts, as 202604, to their number."""
        totals = list(self.since.items())
        pairs = zip(totals[1:], totals, strict=False)
        return {month: number - before for (month, number), (_, before) in pairs if number > before}

    def newest(self, number: int, shape: str = "") -> list[Post]:
        """Loads the first `number` posts without a query for their count; `shape` names a method of PostQuerySet."""
        return self._load(self.newest_keys(number), shape or self.shape)

    def newest_keys(self, number: int) -> RawSQL:
        """The keys of the first `number` posts, as the value of a filter with `__in`."""
        return self._walk("<", AFTER_ALL, "DESC", number, 0)

    def _load(self, keys: RawSQL, shape: str) -> list[Post]:
        posts = getattr(Post.objects, shape)().filter(pk__in=keys)
        return sorted(posts.order_by(), key=attrgetter(*self.ordering), reverse=True)

    @cached_property
    def since(self) -> dict[int, int]:
        """Maps each month, newest first, to the number of public posts in it and in all later ones."""
        scheduled, due = scheduled_sql(self.table, now=self.now)
        sql = MONTHS.format(month=self.month, table=self.table, rows=self.rows, scheduled=scheduled)
        months: Counter[int] = Counter()
        for month, number in fetch(sql, self.kind.value, self.of, *self.months, *self.values, *due):
            months[month] += number
        since, number = {AFTER_ALL: 0}, 0
        for month in sorted(months, reverse=True):
            if self.months[0] <= month <= self.months[1]:
                number += months[month]
                since[month] = max(number, 0)
        return since

    def _walk(self, side: str, month: int, direction: str, limit: int, offset: int) -> RawSQL:
        """The keys of `limit` posts from the start of a month, back in time (`side` "<") or forward (">=").

        The walk skips the first `offset` posts.
        """
        bounds, values = self._bounds(side, month)
        columns = (self.key if column == "pk" else column for column in self.ordering)
        order = ", ".join(f"{column} {direction}" for column in columns)
        sql = WALK.format(key=self.key, table=self.table, rows=self.rows, bounds=bounds, order=order)
        return RawSQL(sql, adapted([*self.values, *values, limit, offset]))  # noqa: S611  parts of ours

    def _bounds(self, side: str, month: int) -> Condition:
        """The condition for public posts on that side of the start of a month."""
        if month == AFTER_ALL:
            start = self.now + timedelta.resolution
        else:
            start = datetime.combine(first_day(month), time.min, timezone.get_current_timezone())
        if side == "<":
            return visible_sql(self.table, now=self.now, before=start)
        visible, values = visible_sql(self.table, now=self.now)
        return f"{visible} AND published_at >= %s", [*values, start]


class TagList(PostList):
    table, key, column = TAGGED_POSTS, "content_object_id", "tag_id"


class AuthorList(PostList):
    column = "author_id"


class SectionList(PostList):
    column = "category_id"
    shape = "for_lead"  # the first one leads its page


class DayList(PostList):
    """The posts whose address has a day from `first` to `last`, sorted by that day; the span is one of whole months."""

    month = "url_month"
    ordering = ("url_date", "published_at", "pk")

    def __init__(self, first: date, last: date) -> None:
        super().__init__(PostCount.Kind.ARCHIVE)
        self.months, self.last = (month_number(first), month_number(last)), last

    def _bounds(self, side: str, month: int) -> Condition:
        visible, values = visible_sql(self.table, now=self.now)
        return f"{visible} AND url_date {side} %s", [*values, self._start(month)]

    def _start(self, month: int) -> date:
        return self.last + timedelta(days=1) if month == AFTER_ALL else first_day(month)


class OneDayList(DayList):
    """The posts of one day. It counts them itself, since the stored counts know months only."""

    shape = "for_list"  # its page composes them

    def __init__(self, day: date) -> None:
        super().__init__(day, day)

    @cached_property
    def since(self) -> dict[int, int]:
        return {AFTER_ALL: 0, EVER: Post.objects.published().filter(url_date=self.last).count()}

    def _start(self, month: int) -> date:
        return self.last if month == EVER else super()._start(month)


def all_posts() -> PostList:
    return PostList(PostCount.Kind.ALL)


def posts_of(item: Author | Category | Tag) -> PostList:
    """The public posts of an author, a section or a tag."""
    kinds = PostCount.Kind
    if isinstance(item, Tag):
        return TagList(kinds.TAG, item.pk)
    return AuthorList(kinds.AUTHOR, item.pk) if isinstance(item, Author) else SectionList(kinds.SECTION, item.pk)

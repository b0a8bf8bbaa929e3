"""Lists of public posts whose every page costs the same, the first, the middle and the last, however long they are.

A plain OFFSET walks past all rows before the page. Here a walk begins at the nearest edge of a month: the counters know
how many posts stand before each. It reads keys along an index; only the posts of the page are loaded.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import cached_property

from blog.models.months import first_day, month_number
from blog.models.post import Post
from blog.models.post_count import EVER, PostCount
from blog.models.sql import adapted, fetch
from blog.models.taxonomy import Author, Category, Tag

# The counters hold what is still to come, too; those few rows are subtracted.
MONTHS = (
    "SELECT month, count FROM blog_postcount WHERE kind = %s AND key = %s AND month BETWEEN %s AND %s"
    " UNION ALL SELECT {month}, -1 FROM {table} WHERE {rows} AND published_at >= %s"
)
WALK = "SELECT {key} FROM {table} WHERE {rows} AND {bounds} ORDER BY {order} LIMIT %s OFFSET %s"
LAST_MONTH = 9999_12


class Edge(NamedTuple):
    """A moment, and how many public posts of the list stand at it or after."""

    at: date
    passed: int


class PostList:
    """The public posts of one list, newest first, as a paginator wants them: with `count()` and slices.

    `kind` and `of` are those of its counters, `rows` the condition (with its `values`) that its published posts meet.
    """

    table, key, moment = "blog_post", "id", "published_at"
    month = str(LAST_MONTH)  # what is to come stands before everything else
    months = (EVER + 1, LAST_MONTH)
    end: date = datetime(9999, 12, 30, tzinfo=UTC)

    def __init__(self, kind: PostCount.Kind, of: int, rows: str, *values: Any) -> None:
        self.kind, self.of, self.rows, self.values = kind, of, rows, values
        self.future = timezone.now() + timedelta.resolution
        self.columns = tuple(dict.fromkeys((self.moment, "published_at", self.key)))

    def count(self) -> int:
        return self.edges[-1].passed

    def __getitem__(self, page: slice) -> list[Post]:
        first, last = page.start, min(page.stop, self.count())
        if first >= last:
            return []
        newer = max((edge for edge in self.edges if edge.passed <= first), key=lambda edge: edge.passed)
        older = min((edge for edge in self.edges if edge.passed >= last), key=lambda edge: edge.passed)
        if first - newer.passed <= older.passed - last:
            keys = self._walk("<", newer.at, "DESC", last - first, first - newer.passed)
        else:
            keys = self._walk(">=", older.at, "ASC", last - first, older.passed - last)
        order = (f"-{'pk' if column == self.key else column}" for column in self.columns)
        return list(Post.objects.for_list().filter(pk__in=keys).order_by(*order))

    def newest(self, number: int) -> RawSQL:
        """The keys of that many posts, as the right side of a filter with `__in`."""
        return self._walk("<", self.end, "DESC", number, 0)

    @cached_property
    def edges(self) -> list[Edge]:
        """The end of the list, then the beginning of each month that has posts, newest first."""
        sql = MONTHS.format(month=self.month, table=self.table, rows=self.rows)
        months: Counter[int] = Counter()
        for month, number in fetch(sql, self.kind.value, self.of, *self.months, *self.values, self.future):
            months[month] += number
        edges, passed = [Edge(self.end, 0)], 0
        for month in sorted(months, reverse=True):
            if self.months[0] <= month <= self.months[1]:
                passed += months[month]
                edges.append(Edge(self._beginning(month), max(passed, 0)))
        return edges

    def _walk(self, side: str, at: date, direction: str, limit: int, offset: int) -> RawSQL:
        """The keys of `limit` posts, from a moment on back in time (side "<") or forth (">="), after the first ones."""
        order = ", ".join(f"{column} {direction}" for column in self.columns)
        bounds = {f"{self.moment} {side} %s": at}
        if self.moment == "published_at" and side == "<":
            # Of two upper bounds SQLite would begin the walk at the first, wherever the other is.
            bounds = {"published_at < %s": min(at, self.future)}
        else:
            bounds["published_at < %s"] = self.future
        sql = WALK.format(key=self.key, table=self.table, rows=self.rows, bounds=" AND ".join(bounds), order=order)
        return RawSQL(sql, adapted([*self.values, *bounds.values(), limit, offset]))

    def _beginning(self, month: int) -> date:
        return datetime.combine(first_day(month), time.min, timezone.get_current_timezone())


class TagList(PostList):
    table, key = "blog_taggedpost", "content_object_id"


class DayList(PostList):
    """The posts whose address bears a day of these, which are whole months, by that day."""

    moment, month = "url_date", "url_month"

    def __init__(self, first: date, last: date) -> None:
        super().__init__(PostCount.Kind.ARCHIVE, 0, "status = %s", Post.Status.PUBLISHED.value)
        self.months, self.end = (month_number(first), month_number(last)), last + timedelta(days=1)

    def _beginning(self, month: int) -> date:
        return first_day(month)


class OneDayList(DayList):
    def __init__(self, day: date) -> None:
        super().__init__(day, day)
        self.day = day

    @cached_property
    def edges(self) -> list[Edge]:
        """What comes out in a day is soon counted, and the counters know months only."""
        return [Edge(self.end, 0), Edge(self.day, Post.objects.published().filter(url_date=self.day).count())]


def all_posts() -> PostList:
    return PostList(PostCount.Kind.ALL, 0, "status = %s", Post.Status.PUBLISHED.value)


def posts_of(item: Author | Category | Tag) -> PostList:
    kinds, published = PostCount.Kind, Post.Status.PUBLISHED.value
    if isinstance(item, Tag):
        return TagList(kinds.TAG, item.pk, "tag_id = %s", item.pk)
    if isinstance(item, Author):
        return PostList(kinds.AUTHOR, item.pk, "author_id = %s AND status = %s", item.pk, published)
    return PostList(kinds.SECTION, item.pk, "category_id = %s AND status = %s", item.pk, published)

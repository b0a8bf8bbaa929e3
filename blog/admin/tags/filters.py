"""The filter of the list of tags by their number of articles."""

from django.db.models import QuerySet
from django.http import HttpRequest

from blog.admin.base import OfferedFilter
from blog.queries.tags import with_listed_count

COUNTS = {"0": {"listed": 0}, "1": {"listed": 1}, "2": {"listed": 2}, "3": {"listed__gte": 3}}


class CountFilter(OfferedFilter):
    """Reads the kept counts of published and scheduled articles, so that its cost does not grow with the articles."""

    title, parameter_name = "記事の数（公開・予約）", "posts"
    offered = {"0": "なし", "1": "1件だけ", "2": "2件", "3": "3件以上"}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return with_listed_count(queryset).filter(**COUNTS[self.value()]) if self.value() in COUNTS else queryset

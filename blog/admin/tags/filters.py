"""The filter of the list of tags by their number of articles."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.queries.tags import with_listed_count

COUNTS = {"0": ("なし", {"listed": 0}), "1": ("1件だけ", {"listed": 1}), "2": ("2件", {"listed": 2})}
COUNTS["3"] = ("3件以上", {"listed__gte": 3})


class CountFilter(admin.SimpleListFilter):
    """Reads the kept counts of published and scheduled articles, so that its cost does not grow with the articles."""

    title, parameter_name = "記事の数（公開・予約）", "posts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, name) for value, (name, _) in COUNTS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return with_listed_count(queryset).filter(**COUNTS[self.value()][1]) if self.value() in COUNTS else queryset

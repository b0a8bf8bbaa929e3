"""How the list of articles is narrowed; none of it costs more with every article."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.models import Post, PostCount
from blog.models.months import first_day

DATED = (Post.State.SCHEDULED, Post.State.PUBLISHED, Post.State.WITHDRAWN)


class OwnFilter(admin.SimpleListFilter):
    title, parameter_name = "担当", "own"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        self.user = request.user

    def lookups(self, request: HttpRequest, model_admin: BaseModelAdmin) -> list[tuple[str, str]]:
        return [("1", "自分の記事")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(author__user=request.user) if self.value() == "1" else queryset


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "状態", "state"

    def lookups(self, request: HttpRequest, model_admin: BaseModelAdmin) -> list[tuple[str, str]]:
        return Post.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.in_state(self.value()) if self.value() in Post.State.values else queryset


class MonthFilter(admin.SimpleListFilter):
    """The months of the addresses, from the counters, as one choice: ten years of links would bury the others."""

    title, parameter_name, template = "月", "month", "admin/blog/post/month_filter.html"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        self.others = [(name, value) for name, value in request.GET.items() if name not in (self.parameter_name, "p")]

    def lookups(self, request: HttpRequest, model_admin: BaseModelAdmin) -> list[tuple[str, str]]:
        counts = PostCount.objects.filter(kind=PostCount.Kind.ARCHIVE, count__gt=0).order_by("-month")
        return [(str(month), f"{month // 100}年{month % 100}月") for month in counts.values_list("month", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        day = self._day()
        return queryset.in_month(day) if day else queryset

    def _day(self) -> date | None:
        known = {value for value, _ in self.lookup_choices}
        return first_day(int(self.value())) if self.value() in known else None

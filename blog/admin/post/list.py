"""The filters of the list of articles. Their cost does not grow with the number of articles."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.editing import permissions
from blog.models import Post
from blog.queries.counts import months_in_use
from blog.times import first_day, month_number

DATED = (Post.State.SCHEDULED, Post.State.PUBLISHED, Post.State.WITHDRAWN)

CHOICE = "admin/select_filter.html"


def others(request: HttpRequest, name: str) -> list[tuple[str, str]]:
    """The other parameters of the list, without the page."""
    return [(other, value) for other, value in request.GET.items() if other not in (name, "p")]


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
    """The months of the addresses, from the counters, as one select box: links for ten years would fill the page."""

    title, parameter_name, template = "公開した月", "month", CHOICE

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        self.others = others(request, self.parameter_name)

    def lookups(self, request: HttpRequest, model_admin: BaseModelAdmin) -> list[tuple[str, str]]:
        """The months of public articles, and of scheduled ones that the user may see."""
        days = [month.month for month in months_in_use(hidden=permissions.hidden_posts(request.user))]
        return [(str(month_number(day)), f"{day.year}年{day.month}月") for day in days]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        day = self._day()
        return queryset.in_month(day) if day else queryset

    def _day(self) -> date | None:
        known = {value for value, _ in self.lookup_choices}
        return first_day(int(self.value())) if self.value() in known else None


class AuthorFilter(admin.RelatedFieldListFilter):
    """The authors as one select box, for the same reason."""

    template = CHOICE

    def __init__(self, field: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, request, *args, **kwargs)
        self.parameter_name = self.lookup_kwarg
        self.others = others(request, self.parameter_name)
        self.value = (self.lookup_val or [""])[-1]

    def field_choices(self, field: Any, request: HttpRequest, model_admin: BaseModelAdmin) -> list[tuple[str, str]]:
        choices = field.get_choices(
            include_blank=False,
            limit_choices_to=permissions.seen_authors(request.user),
            ordering=self.field_admin_ordering(field, request, model_admin),
        )
        return [(str(pk), name) for pk, name in choices]

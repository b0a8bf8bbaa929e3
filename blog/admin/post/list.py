"""The filters of the list of articles. Their cost does not grow with the number of articles."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from blog.admin.base import CutPaginator
from blog.editing import permissions
from blog.models import Post, PostCount
from blog.queries.counts import listed_number, months_in_use
from blog.times import first_day, month_number, month_of

DATED = (Post.State.SCHEDULED, Post.State.PUBLISHED, Post.State.WITHDRAWN)

CHOICE = "admin/select_filter.html"


def others(request: HttpRequest, name: str) -> list[tuple[str, str]]:
    """The other parameters of the list, without the page."""
    return [(other, value) for other, value in request.GET.items() if other not in (name, "p")]


class CountedPostsMixin:
    """Takes the number of articles in the list from the counters, where they know it."""

    def get_paginator(self, request: HttpRequest, queryset: QuerySet, per_page: int, *args: Any, **kwargs: Any) -> Any:
        if request.GET.get(SEARCH_VAR, "").strip():
            return CutPaginator(queryset, per_page, *args, **kwargs)  # the search itself finds no more
        pages = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        pages.known = partial(known_number, request)
        return pages


def known_number(request: HttpRequest) -> int | None:
    """The number of articles that the user sees with the filters of the list; None where no counter tells it.

    A counter has the published articles of one list or month, also scheduled ones that the user may not see. The other
    articles are few, and an index finds them.
    """
    chosen = {name: value for name in (*COUNTED_BY, "state") if (value := request.GET.get(name))}
    state = chosen.pop("state", "")
    if len(chosen) > 1 or state not in ("", Post.State.PUBLISHED):
        return None
    name, value = next(iter(chosen.items()), ("", "0"))
    try:
        condition, *counter = COUNTED_BY[name](request.user, int(value))
    except ValueError:
        return None  # a value that no filter offers
    listed = listed_number(*counter)
    if state:
        return listed - Post.objects.scheduled().filter(condition).count()
    unlisted = permissions.visible_posts(request.user).unlisted().filter(condition).count()
    return listed + unlisted - permissions.hidden_posts(request.user).scheduled().filter(condition).count()


def _own(user: permissions.User, value: int) -> tuple[Q, PostCount.Kind, int]:
    author = permissions.author_of(user)
    return Q(author=author), PostCount.Kind.AUTHOR, author.pk if author else 0


# By filter: the condition that it sets, and the kind, key and month of the counter.
COUNTED_BY: dict[str, Callable[[permissions.User, int], tuple[Any, ...]]] = {
    "": lambda user, value: (Q(), PostCount.Kind.ALL),
    "own": _own,
    "month": lambda user, value: (Q(url_date__range=month_of(first_day(value))), PostCount.Kind.ARCHIVE, 0, value),
    "category__id__exact": lambda user, value: (Q(category=value), PostCount.Kind.SECTION, value),
    "author__id__exact": lambda user, value: (Q(author=value), PostCount.Kind.AUTHOR, value),
}


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

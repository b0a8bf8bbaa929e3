"""The filters of the list of articles. Their cost does not grow with the number of articles."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.admin.base import OfferedFilter
from blog.admin.fields import TagsWidget
from blog.editing import permissions
from blog.models import Author, Post, PostFinding, TaggedPost
from blog.queries.post_list import months_in_use
from blog.queries.tags import find_tags
from blog.text.desk import ERRORS
from blog.text.japanese import tag_name
from blog.times import first_day, month_name, month_number


class SelectFilter(admin.SimpleListFilter):
    """A filter as one select box, or as its own `widget`: links for ten years of months would fill the page."""

    template = "admin/select_filter.html"

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        self.others = [(name, value) for name, value in request.GET.items() if name not in (self.parameter_name, "p")]

    @property
    def chosen(self) -> int | None:
        """The number that was chosen; None for a value that the filter does not offer."""
        value = self.value()
        return int(value) if value in {offered for offered, _ in self.lookup_choices} else None


class OwnFilter(OfferedFilter):
    title, parameter_name = "担当", "own"
    offered = {"1": "自分の記事"}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(author__user=request.user) if self.value() == "1" else queryset


class StateFilter(OfferedFilter):
    title, parameter_name = "状態", "state"
    offered = dict(Post.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.in_state(self.value()) if self.value() in Post.State.values else queryset


class MarkFilter(OfferedFilter, SelectFilter):
    """Filters by what an article waits for or lacks.

    A filter by what only the history tells finds only articles whose history the user may read.
    """

    title, parameter_name = "手入れ", "mark"
    offered = {
        "changes": "公開前の変更がある",
        "returned": "差し戻された",
        "not_returned": "差し戻されていない",
        "no_picture": "リード画像がない",
        "errors": "公開を止める指摘がある",
        "findings": "指摘がある",
    }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        own = queryset.filter(permissions.readable_history(request.user))
        match self.value():
            case "changes":
                return own.waiting()
            case "returned":
                return own.returned()
            case "not_returned":
                return queryset.filter(return_reason="")
            case "no_picture":
                return queryset.filter(lead_image__isnull=True)
            case "errors":
                return own.filter(pk__in=PostFinding.objects.filter(code__in=ERRORS).values("post"))
            case "findings":
                return own.filter(pk__in=PostFinding.objects.values("post"))
        return queryset


class TagFilter(OfferedFilter, SelectFilter):
    """The articles with a tag, by its name. Thousands of tags are too many to choose from, so it proposes them."""

    title, parameter_name = "タグ", "tag"
    offered = {"": ""}  # Django leaves out a filter that offers nothing

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(request, *args)
        field = {"id": "filter-tag", "aria-label": self.title}
        self.widget = TagsWidget(single=True).render(self.parameter_name, self.value() or "", field)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        name = tag_name((self.value() or "").replace("\0", ""))
        if not name:
            return queryset
        tag = find_tags([name], permissions.visible_tags(request.user)).get(name)
        return queryset.filter(pk__in=TaggedPost.objects.filter(tag=tag).values("content_object"))


class MonthFilter(SelectFilter):
    """The months of the addresses, newest first."""

    title, parameter_name = "公開した月", "month"

    def lookups(self, request: HttpRequest, model_admin: BaseModelAdmin) -> list[tuple[str, str]]:
        """The months of public articles, and of scheduled ones that the user may see."""
        days = [month.month for month in months_in_use(scheduled=permissions.visible_posts(request.user).scheduled())]
        return [(str(number), month_name(number)) for number in map(month_number, days)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.in_month(first_day(self.chosen)) if self.chosen else queryset


class AuthorFilter(SelectFilter):
    title, parameter_name = "著者", "author__id__exact"

    def lookups(self, request: HttpRequest, model_admin: BaseModelAdmin) -> list[tuple[str, str]]:
        authors = Author.objects.filter(permissions.visible_authors(request.user))
        return [(str(pk), name) for pk, name in authors.values_list("pk", "name")]

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1  # one author is no choice

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(author=self.chosen) if self.chosen else queryset

"""The groups of tags: their names and their order."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from blog.admin.base import CutPaginator, DeskAdmin
from blog.models import TagGroup


@admin.register(TagGroup)
class TagGroupAdmin(DeskAdmin):
    list_display = ("name", "position", "tag_count")
    list_editable = ("position",)
    paginator = CutPaginator  # the formset of editable rows wants a queryset, and DeskPaginator reads the end as a list
    fields = ("name", "position")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The list shows the field without its label."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "position":
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(tag_count=Count("tags"))

    @admin.display(description="タグ", ordering="tag_count")
    def tag_count(self, obj: TagGroup) -> int:
        return obj.tag_count

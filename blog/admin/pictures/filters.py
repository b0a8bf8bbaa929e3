"""The filters of the list of pictures."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.editing.pictures import unused_for

NOWHERE, NO_ALT = "nowhere", "no_alt"


class UseFilter(admin.SimpleListFilter):
    title, parameter_name = "使いみち", "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(NOWHERE, "どこにも使っていない"), (NO_ALT, "代替テキストがない")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == NOWHERE:
            return queryset.filter(unused_for(request.user))
        return queryset.filter(alt="") if self.value() == NO_ALT else queryset

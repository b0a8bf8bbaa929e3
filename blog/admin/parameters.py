"""What the address of a list may ask for: the filters that the list declares, words, an order and a page.

Django takes every look-up for a filter. A pattern can hold up the database for minutes, and a look-up across a relation
tells what hangs on rows that its asker does not see.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from blog.text.japanese import normalise

SEARCHED_CHARS, SEARCHED_WORDS = 100, 8
OWN_PARAMETERS = frozenset({ALL_VAR, ERROR_FLAG, IS_POPUP_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR, TO_FIELD_VAR})
COLUMN = re.compile("-?[0-9]{1,2}")


class DeclaredAdmin(admin.ModelAdmin):
    """A list that answers to what it declares, once each, and refuses the rest as Django does a filter's bad value."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self.refusal(request) or super().changelist_view(request, extra_context)

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """The way to the plain list, for a question that it does not answer."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return None if self._understands(request) else redirect(f"{request.path}?{ERROR_FLAG}=1")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """An empty name of a field, which Django does not refuse and cannot find, is none."""
        return super().get_object(request, object_id, from_field or None)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup in self.declared_filters(request)

    def declared_filters(self, request: HttpRequest) -> set[str]:
        """The parameters of `list_filter`: for a field what its filter offers, which is a value, or none of any."""
        names = set()
        filters: Iterable[Any] = self.get_list_filter(request)
        for item in filters:
            if isinstance(item, type):
                names.add(item.parameter_name)
                continue
            name = item if isinstance(item, str) else item[0]
            field: Any = self.opts.get_field(name)
            names.add(f"{name}__{field.target_field.name}__exact" if field.is_relation else f"{name}__exact")
            if field.null or field.many_to_many:
                names.add(f"{name}__isnull")
        return names

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Of an overlong question, here or in a choice by typing, the rest is dropped: each word is a condition."""
        words = normalise(search_term)[:SEARCHED_CHARS].split()[:SEARCHED_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))

    def _understands(self, request: HttpRequest) -> bool:
        sent, declared = request.GET, self.declared_filters(request)
        if any(name not in OWN_PARAMETERS and (name not in declared or len(sent.getlist(name)) > 1) for name in sent):
            return False
        to_field = sent.get(TO_FIELD_VAR)
        return self._can_order(request, sent.get(ORDER_VAR)) and (
            not to_field or self.to_field_allowed(request, to_field)
        )

    def _can_order(self, request: HttpRequest, order: str | None) -> bool:
        """Whether it names columns, none of them twice: a database takes only so many, and not every list has any."""
        if not order:
            return True
        columns = order.split(".")
        numbers = {column.removeprefix("-") for column in columns}
        return len(columns) == len(numbers) <= len(self.get_sortable_by(request)) and all(
            map(COLUMN.fullmatch, columns)
        )

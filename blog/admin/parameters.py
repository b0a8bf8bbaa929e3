"""Limits the parameters in the address of a list to declared filters, search words, an order and a page.

Django accepts every look-up as a filter. A regular expression can occupy the database for minutes, and a look-up across
a relation tells of rows that the user may not see.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from blog.text.japanese import normalise

SEARCHED_CHARS, SEARCHED_WORDS = 100, 8
OWN_PARAMETERS = frozenset({ALL_VAR, ERROR_FLAG, IS_POPUP_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR, TO_FIELD_VAR})
SAVE_AS_NEW = "_saveasnew"
COLUMN = re.compile("-?[0-9]{1,2}")


class DeclaredAdmin(admin.ModelAdmin):
    """A list that accepts each declared parameter once. It answers all others as Django answers a bad filter value."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return self.refusal(request) or super().changelist_view(request, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Refuses Django's button that saves a form as a new object.

        Django obeys it even where it is not shown, which would bypass the checks of the add form.
        """
        if SAVE_AS_NEW in request.POST:
            raise PermissionDenied
        return super().changeform_view(request, object_id, *args, **kwargs)

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """A redirect to the plain list if a parameter is not allowed, else None."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return None if self._understands(request) else redirect(f"{request.path}?{ERROR_FLAG}=1")

    def render(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        """A page of the desk beside the list and the form."""
        about = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, about)

    def row_to_change(self, request: HttpRequest, object_id: int) -> Any:
        """The row with this key. Raises Http404 if there is none, PermissionDenied if the user may not change it."""
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404("nothing has this key")
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Treats an empty field name as none, because Django cannot find it."""
        return super().get_object(request, object_id, from_field or None)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup in self.declared_filters(request)

    def declared_filters(self, request: HttpRequest) -> set[str]:
        """The parameters of `list_filter`: of a field one for a value and, if it may be empty, one for no value."""
        names = set()
        filters: Iterable[Any] = self.get_list_filter(request)
        for item in filters:
            if isinstance(item, type):
                names.add(item.parameter_name)
                continue
            field: Any = self.opts.get_field(item)
            names.add(f"{item}__{field.target_field.name}__exact" if field.is_relation else f"{item}__exact")
            if field.null or field.many_to_many:
                names.add(f"{item}__isnull")
        return names

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Cuts a long search in lists and autocompletion, since each word is a condition of the query."""
        words = normalise(search_term)[:SEARCHED_CHARS].split()[:SEARCHED_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))

    def _understands(self, request: HttpRequest) -> bool:
        sent, declared = request.GET, self.declared_filters(request)
        if any(name not in OWN_PARAMETERS and (name not in declared or len(sent.getlist(name)) > 1) for name in sent):
            return False
        if any("\0" in sent[name] for name in sent if name.endswith("__exact")):  # PostgreSQL takes none
            return False
        to_field = sent.get(TO_FIELD_VAR)
        return self._can_order(request, sent.get(ORDER_VAR)) and (
            not to_field or self.to_field_allowed(request, to_field)
        )

    def _can_order(self, request: HttpRequest, order: str | None) -> bool:
        """Whether the order names sortable columns, each once. A database takes a limited number of them."""
        if not order:
            return True
        columns = order.split(".")
        if not all(map(COLUMN.fullmatch, columns)):
            return False
        shown = [*(["action_checkbox"] if self.get_actions(request) else []), *self.get_list_display(request)]
        sortable = self.get_sortable_by(request)
        numbers = [int(column.removeprefix("-")) for column in columns]
        named = [shown[number] for number in numbers if number < len(shown)]
        return len(numbers) == len(set(numbers)) == len(named) and all(name in sortable for name in named)

"""The log of acts: who did what, when and from where. It can be read and exported, but not changed."""

import csv
from collections.abc import Iterator

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.timezone import localdate

from blog.admin.base import ReadOnlyAdmin
from blog.models import AuditEntry
from blog.models.work.audit_entry import values_of

BOM = "\ufeff"  # without it, Excel does not read the file as UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run
AT_A_TIME = 2_000


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "who", "act", "target", "detail", "address")
    list_filter = ("act",)
    search_fields = ("user_name", "name", "address")
    sortable_by = ()  # an index serves only the list's own order
    fields = ("at", "who", "act", "target", "key", "detail", "address")

    def get_urls(self) -> list[URLPattern]:
        export = path("export/", self.admin_site.admin_view(self.export), name="blog_auditentry_export")
        return [export, *super().get_urls()]

    @admin.display(description="した人")
    def who(self, obj: AuditEntry) -> str:
        return obj.who

    @admin.display(description="対象")
    def target(self, obj: AuditEntry) -> str:
        return f"{_kind_in_words(obj.kind)}「{obj.name}」" if obj.kind else obj.name

    def list_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        asked = request.GET.copy()
        asked.pop(PAGE_VAR, None)  # the export has no pages
        url = reverse("admin:blog_auditentry_export")
        return [(f"{url}?{asked.urlencode()}" if asked else url, "CSVで書き出す")]

    def export(self, request: HttpRequest) -> HttpResponse:
        """The entries that the list shows for these parameters, all of them, as CSV. The export is noted too."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return redirect("admin:blog_auditentry_changelist")
        AuditEntry.objects.note(AuditEntry.Act.EXPORTED, name="操作の記録", detail=request.GET.urlencode())
        headers = {"Content-Disposition": f'attachment; filename="audit-{localdate():%Y%m%d}.csv"'}
        return StreamingHttpResponse(_lines(entries), content_type="text/csv; charset=utf-8", headers=headers)


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(values_of(AuditEntry()))
    for entry in entries.iterator(AT_A_TIME):
        yield writer.writerow([_harmless(value) for value in values_of(entry).values()])


def _harmless(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def _kind_in_words(kind: str) -> str:
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind  # of a model that is gone

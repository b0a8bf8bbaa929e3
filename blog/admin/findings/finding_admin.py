"""The audit page: the findings of every article, and from there the batch fix."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from blog.admin.base import OfferedFilter, ReadOnlyAdmin
from blog.admin.findings import batches, preview
from blog.admin.findings.names import name_of
from blog.admin.post.filters import MonthFilter, SelectFilter
from blog.editing import permissions
from blog.models import Category, PostFinding
from blog.queries.findings import counts_by_code
from blog.text.desk import CODES, ERRORS

PER_PAGE = 50


class CodeFilter(OfferedFilter, SelectFilter):
    title, parameter_name = "種類", "code"
    offered = {code: name_of(code) for code in CODES}


class SectionFilter(SelectFilter):
    title, parameter_name = "セクション", "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Category.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.within(section=self.chosen)


class FindingMonthFilter(MonthFilter):
    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.within(month=self.chosen)


@admin.register(PostFinding)
class FindingAdmin(ReadOnlyAdmin):
    """A list of findings, which the check alone makes."""

    class Media:
        css = {"all": ["desk/audit.css"]}

    pages = {
        "fix": ("fix/", preview.fix),
        "batches": ("batches/", batches.batch_list),
        "batch": ("batches/<int:number>/", batches.batch_detail),
        "undo": ("batches/<int:number>/undo/", batches.undo),
    }
    change_list_template = "admin/findings/audit.html"
    list_display = ("what", "article", "place", "words")
    list_display_links = None
    list_filter = (CodeFilter, SectionFilter, FindingMonthFilter)
    list_per_page = PER_PAGE
    list_max_show_all = PER_PAGE
    sortable_by = ()
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: PostFinding | None = None) -> bool:
        return obj is None and permissions.may_fix(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("post").only(*LISTED).newest_first()

    def list_tools(self, request: HttpRequest) -> list[tuple[str, str]]:
        names = {"postfinding_batches": "一括修正の記録", "houseword_changelist": "用語集"}
        return [(reverse(f"admin:blog_{name}"), words) for name, words in names.items()]

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-post_id", "number")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if cl := getattr(response, "context_data", {}).get("cl"):
            filters = {spec.parameter_name: spec for spec in cl.filter_specs}
            scope = {name: filters[name].chosen for name in ("section", "month") if name in filters}
            response.context_data |= self.summary(scope, filters["code"].value())
        return response

    def summary(self, scope: dict[str, int | None], code: str | None) -> dict[str, Any]:
        """The counts by kind, errors first, each with the address of its list."""
        kept = {name: value for name, value in scope.items() if value is not None}
        numbers = counts_by_code(**scope)
        rows = [
            {
                "code": kind,
                "name": name_of(kind),
                "number": numbers[kind],
                "shown": f"{numbers[kind].findings:,}",
                "url": f"?{urlencode({**kept, 'code': kind})}",
                "is_chosen": kind == code,
                "is_error": kind in ERRORS,
            }
            for kind in CODES
            if kind in numbers
        ]
        groups = [
            ("公開を止める指摘", [row for row in rows if row["is_error"]]),
            ("助言", [row for row in rows if not row["is_error"]]),
        ]
        can_fix = any(row["number"].fixable for row in rows)
        return {"groups": groups, "can_fix": can_fix, "scope": kept, "has_findings": bool(rows)}

    # --- columns ---

    @admin.display(description="種類")
    def what(self, obj: PostFinding) -> SafeString:
        kind = "error" if obj.is_error else "warning"
        return format_html('<span class="audit-kind audit-kind--{}">{}</span>', kind, name_of(obj.code))

    @admin.display(description="記事")
    def article(self, obj: PostFinding) -> SafeString:
        url = reverse("admin:blog_post_change", args=[obj.post_id])
        line = f"#line-{obj.line}" if obj.line else ""
        return format_html('<a href="{}{}">{}</a>', url, line, obj.post.title)

    @admin.display(description="行")
    def place(self, obj: PostFinding) -> str:
        return f"{obj.line}行目" if obj.line else ""

    @admin.display(description="内容")
    def words(self, obj: PostFinding) -> SafeString:
        return format_html('{}<span class="audit-excerpt">{}</span>', obj.message, obj.excerpt)


LISTED = ("code", "line", "excerpt", "message", "post__title")

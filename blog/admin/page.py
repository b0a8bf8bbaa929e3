"""Static pages at the desk: as safe as articles, without review, dates and pending versions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.admin.base import OfferedFilter
from blog.admin.fields import UntouchedMixin
from blog.admin.item import ItemForm, SavedAlready, finish_autosaves
from blog.admin.item_admin import ItemAdmin
from blog.admin.layout import FOLDED, RAIL, TEXT
from blog.admin.versions.conflicts import TooLate
from blog.editing import permissions
from blog.editing.pending import address_change
from blog.editing.saving import StaleVersion
from blog.editing.snapshots import differences, page_snapshot
from blog.editing.static_pages import save_page
from blog.models import Page

MOVED = "この固定ページのURLが変わります。下の2つのURLを確かめてから、もう一度保存してください。"


class PageForm(UntouchedMixin, ItemForm):
    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.errors and not self.is_late:  # an edit that came too late is asked about when it is merged
            self._confirm_address()

    def _confirm_address(self) -> None:
        if self.stored.pk and (change := address_change(self.stored, page_snapshot(self.instance))):
            self.confirm_address(change, MOVED)


class PublishedFilter(OfferedFilter):
    title, parameter_name = "状態", "is_published__exact"
    offered = {"1": "公開", "0": "非公開"}


@admin.register(Page)
class PageAdmin(ItemAdmin):
    form = PageForm
    saved_already = "「{item}」は、すでにこの内容で保存されています。"
    list_display = ("title", "path", "published", "footer_position", "updated_at")
    list_filter = (PublishedFilter,)
    search_fields = ("title", "path", "body")
    fieldsets = (
        (None, {"fields": ("title", "body", "base_version"), "classes": (TEXT,)}),
        ("公開", {"fields": ("path", "is_published", "footer_position"), "classes": (RAIL,)}),
        ("検索・共有", {"fields": ("description",), "classes": (FOLDED, "in-found")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return super().get_queryset(request).defer("body_html", "toc")

    def get_fieldsets(self, request: HttpRequest, obj: Page | None = None) -> Any:
        """Leaves out the edit number for a user who may only look."""
        hidden = {"base_version"} if obj and not permissions.may_edit(request.user, obj) else set()
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The key that saves only keeps what is typed over a live page, which half a sentence must not reach."""
        stored = context["adminform"].form.stored
        context["keeps_only"] = stored.pk is not None and stored.is_published
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="状態", ordering="is_published")
    def published(self, obj: Page) -> str:
        return "公開" if obj.is_published else "非公開"

    def view_on_site(self, obj: Page) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

    # --- saving ---

    def save_model(self, request: HttpRequest, obj: Page, form: PageForm, change: bool) -> None:
        version, sent = form.cleaned_data["base_version"] if change else None, page_snapshot(obj)
        try:
            save_page(obj, by=request.user, expected_version=version)
        except StaleVersion as stale:
            if not differences(page_snapshot(stale.stored), sent):
                raise SavedAlready(stale.stored) from stale
            raise TooLate(stale.stored, sent, version) from stale
        finish_autosaves(request, obj)

import hashlib
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.admin.base import MovedAdmin
from blog.admin.fields import UntouchedMixin
from blog.admin.versions.changes import NOTHING, Change, lines
from blog.models import Page

FIELDS = ("title", "path", "body", "description", "is_published", "footer_position")
STALE_PAGE = (
    "編集しているあいだに、別の人がこのページを保存しました。上書きを防ぐため、保存していません。"
    "書いた内容はこの画面に残っています。違いを確かめてください。もう一度保存すると、この内容で置き換えます。"
)


class PageForm(UntouchedMixin, forms.ModelForm):
    """Refuses once to overwrite a page that somebody else saved after the form opened, and shows the differences."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signature = self.data.get("signature", "") if self.is_bound else signature(self.instance)
        self.differences: list[Change] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # The row is locked until the save is committed: of two saves at once, the second finds the first one's text.
        stored = Page.objects.select_for_update().filter(pk=self.instance.pk).first()
        if stored is not None and self.signature != signature(stored):
            self.differences = differences(stored, cleaned)
            if self.differences:
                self.signature = signature(stored)
                self.add_error(None, STALE_PAGE)
        return cleaned


def signature(page: Page) -> str:
    """A digest of the page's fields, which changes with each save that changes one."""
    return hashlib.sha256(repr([getattr(page, name) for name in FIELDS]).encode()).hexdigest()


def differences(stored: Page, typed: dict[str, Any]) -> list[Change]:
    """The differences field by field, without the fields whose typed value is invalid."""
    found = []
    for name in FIELDS:
        old, new = getattr(stored, name), typed.get(name)
        if name in typed and new != old:
            label, is_text = str(Page._meta.get_field(name).verbose_name), isinstance(old, str)
            values = {"lines": lines(old, new)} if is_text else {"lines": [], "old": shown(old), "new": shown(new)}
            found.append(Change(name, label, **values))
    return found


def shown(value: bool | int | None) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return NOTHING if value is None else str(value)


@admin.register(Page)
class PageAdmin(MovedAdmin):
    class Media:
        css = {"all": ["desk/versions.css"]}

    form = PageForm
    list_display = ("title", "path", "is_published", "footer_position", "updated_at")
    list_filter = ("is_published",)
    search_fields = ("title", "path")
    fields = FIELDS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return super().get_queryset(request).defer("body_html", "toc")

    def view_on_site(self, obj: Page) -> str | None:
        return obj.get_absolute_url() if obj.is_published else None

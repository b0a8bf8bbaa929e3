from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from blog.admin.base import DeskAdmin
from blog.admin.fields import LinesField
from blog.models import Author, Category, Page, Permalink, Tag
from blog.models.permalink import clean_path

# The models whose slug leads to a page and a feed.
LISTS = {"category": Category, "tag": Tag, "author": Author}


def answers(path: str) -> bool:
    """Whether the site has a page at the path, which would hide a redirect from there."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.url_name == "page_detail":
        return Page.objects.published().filter(path=path).exists()
    if match.url_name == "post_detail":
        return False  # a post's path is in the ledger already
    kind = match.url_name.partition("_")[0]
    if kind in LISTS and "slug" in match.kwargs:
        return LISTS[kind].objects.filter(slug=match.kwargs["slug"]).exists()
    return True


class RedirectForm(forms.ModelForm):
    """A redirect that an editor makes. It also takes a whole address that was copied from the browser."""

    class Meta:
        field_classes = dict.fromkeys(("path", "target"), LinesField)  # a line end is refused, not made a space

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "target" in self.fields:
            self.fields["target"].required = True

    def clean_path(self) -> str:
        path = self.cleaned_data["path"].removeprefix(settings.SITE_URL)
        if answers(clean_path(path)):
            raise forms.ValidationError("このパスではページを公開しています。")
        return path

    def clean_target(self) -> str:
        target = self.cleaned_data["target"].removeprefix(settings.SITE_URL)
        if "?" in target or "#" in target:
            raise forms.ValidationError("転送先に「?」と「#」は使えません。パスだけを書いてください。")
        if clean_path(target) == clean_path(self.cleaned_data.get("path") or self.instance.path):
            raise forms.ValidationError("パスと転送先が同じです。")
        onward = Permalink.objects.filter(path=clean_path(target)).exclude(target="").first()
        if onward:
            raise forms.ValidationError(f"ここはさらに「{onward.target}」へ転送されます。行き先を直接書いてください。")
        return target


class KindFilter(admin.SimpleListFilter):
    title, parameter_name = "種類", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("post", "記事のパス"), ("redirect", "転送")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        return queryset.filter(post__isnull=self.value() == "redirect")


@admin.register(Permalink)
class PermalinkAdmin(DeskAdmin):
    """Editors add redirects and change their targets. They delete none, since a path that was ever public stays."""

    form = RedirectForm
    list_display = ("path", "leads_to", "created_at")
    list_filter = (KindFilter,)
    search_fields = ("path", "target")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("post")
        return rows.only("path", "target", "created_at", "post__title")

    @admin.display(description="行き先", ordering="target")
    def leads_to(self, obj: Permalink) -> str:
        return obj.target or f"記事「{obj.post}」"

    def get_fields(self, request: HttpRequest, obj: Permalink | None = None) -> tuple[str, ...]:
        return ("path", "post") if obj and obj.post_id else ("path", "target")

    def get_readonly_fields(self, request: HttpRequest, obj: Permalink | None = None) -> tuple[str, ...]:
        return ("path",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Permalink | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.post_id)

    def has_delete_permission(self, request: HttpRequest, obj: Permalink | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Permalink, form: Any, change: bool) -> None:
        """Also changes the redirects that lead to this path, so no reader is redirected twice."""
        obj.pk = Permalink.objects.lead(obj.path, to=obj.target).pk

    def view_on_site(self, obj: Permalink) -> str:
        return quote(obj.path)

"""The ledger at the desk: the paths of articles, which are read-only, and redirects.

A redirect that an editor made may be changed and deleted. Of one that was left by a change of address only the target
may be changed, since a path that was ever public stays.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from blog.admin.base import DeskAdmin, OfferedFilter
from blog.admin.fields import LinesField
from blog.delivery.generation import touch
from blog.models import Permalink
from blog.models.permalink import clean_path, validate_path
from blog.redirects.answering import has_page
from blog.redirects.finding import find_redirect

OF_POST, HANDMADE, LEFT = "記事のパーマリンク", "編集者が作った転送", "前のURLからの転送"
NO_QUERY = "もとのパスに「?」と「#」は使えません。「?」より後ろは、どの転送でもそのまま転送先に引き継ぎます。"
NO_PAGE = "この転送先には、読者が読めるページがありません。公開しているページのパスを書いてください。"
HINTS = {
    "path": "例：/old/。ブラウザーからコピーしたこのサイトのURLも書けます。",
    "target": "このサイトの中の、読者が読めるページのパスです。例：/about/",
}
LEADS_ON = "ここはさらに「{}」へ転送されます。転送先を直接書いてください。"
STAYS = "前のURLからの転送です。前のURLを知っている読者のために残すので、変えられるのは転送先だけです。"
KEPT = "「{}」（記事のパーマリンクと、前のURLからの転送は、残します）"


class RedirectForm(forms.ModelForm):
    """A redirect that an editor makes. It also takes a whole address that was copied from the browser."""

    class Meta:
        field_classes = dict.fromkeys(("path", "target"), LinesField)  # a line end is refused, not made a space
        error_messages = {"path": {"unique": "このパスは、すでに登録されています。"}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in HINTS.keys() & self.fields.keys():
            self.fields[name].help_text = HINTS[name]
        if "target" in self.fields:
            self.fields["target"].required = True

    def clean_path(self) -> str:
        path = self.cleaned_data["path"].removeprefix(settings.SITE_URL)
        if "?" in path or "#" in path:
            raise forms.ValidationError(NO_QUERY)
        if has_page(clean_path(path)):
            raise forms.ValidationError("このパスではページを公開しています。")
        return path

    def clean_target(self) -> str:
        target = self.cleaned_data["target"].removeprefix(settings.SITE_URL)
        if "?" in target or "#" in target:
            raise forms.ValidationError("転送先に「?」と「#」は使えません。パスだけを書いてください。")
        path = clean_path(target)
        validate_path(path)
        if path == clean_path(self.cleaned_data.get("path") or self.instance.path):
            raise forms.ValidationError("パスと転送先が同じです。")
        if not has_page(path):
            onward = find_redirect(path)
            raise forms.ValidationError(LEADS_ON.format(unquote(onward)) if onward else NO_PAGE)
        return target


class KindFilter(OfferedFilter):
    """Shows redirects, and only on demand the paths of articles, which editors do not make."""

    title, parameter_name = "種類", "kind"
    offered = {"handmade": HANDMADE, "left": LEFT, "post": OF_POST}

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        first, *others = super().choices(changelist)
        yield first | {"display": "すべての転送"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        redirects = queryset.filter(post=None)
        match self.value():
            case "handmade":
                return redirects.filter(is_handmade=True)
            case "left":
                return redirects.filter(is_handmade=False)
            case "post":
                return queryset.exclude(post=None)
        return redirects


@admin.register(Permalink)
class PermalinkAdmin(DeskAdmin):
    form = RedirectForm
    list_display = ("path", "leads_to", "kind", "created_at")
    list_filter = (KindFilter,)
    search_fields = ("path", "target")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("post")
        return rows.only("path", "target", "is_handmade", "created_at", "post__title")

    @admin.display(description="転送先", ordering="target")
    def leads_to(self, obj: Permalink) -> str:
        return obj.target or f"記事「{obj.post}」"

    @admin.display(description="種類")
    def kind(self, obj: Permalink) -> str:
        return OF_POST if obj.post_id else HANDMADE if obj.is_handmade else LEFT

    def get_fieldsets(self, request: HttpRequest, obj: Permalink | None = None) -> Any:
        fields = ("path", "post") if obj and obj.post_id else ("path", "target")
        stays = obj and not obj.post_id and not obj.is_handmade
        return [(None, {"fields": fields, "description": STAYS if stays else ""})]

    def get_readonly_fields(self, request: HttpRequest, obj: Permalink | None = None) -> tuple[str, ...]:
        return ("path",) if obj and not obj.is_handmade else ()

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if (obj := kwargs.get("obj")) and obj.post_id:
            context["title"] = OF_POST
        return super().render_change_form(request, context, *args, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Permalink | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.post_id)

    def has_delete_permission(self, request: HttpRequest, obj: Permalink | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_handmade)

    def save_model(self, request: HttpRequest, obj: Permalink, form: Any, change: bool) -> None:
        """Also changes the redirects that lead to this path, so no reader is redirected twice."""
        if change and "path" in form.changed_data:
            Permalink.objects.filter(pk=obj.pk, is_handmade=True).update(path=obj.path)
            touch()
        obj.pk = Permalink.objects.lead(obj.path, to=obj.target, is_handmade=obj.is_handmade or not change).pk

    def delete_model(self, request: HttpRequest, obj: Permalink) -> None:
        self.delete_queryset(request, Permalink.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Leaves redirects that became former addresses of the site after the confirmation page was shown."""
        Permalink.objects.filter(pk__in=queryset.values("pk"), is_handmade=True).delete()

    def get_deleted_objects(self, objs: Iterable[Permalink], request: HttpRequest) -> tuple:
        kept = [KEPT.format(row) for row in objs if not row.is_handmade]
        return ([], {}, set(), kept) if kept else super().get_deleted_objects(objs, request)

    def view_on_site(self, obj: Permalink) -> str:
        return quote(obj.path)

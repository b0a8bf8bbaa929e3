"""Pictures at the desk."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from blog.admin.base import DeskAdmin, OfferedFilter, for_naming
from blog.editing import permissions
from blog.editing.log import log_act
from blog.editing.pictures import addresses_of, in_texts, markdown_of, replace_file, unused_for, with_uses
from blog.editing.rerendering import render_uses
from blog.models import Author, Image, Page, Permalink, Post
from blog.pictures.encoding import MAX_BYTES, ImageRejected
from blog.pictures.renditions import render_image
from blog.pictures.stored_files import delete_images
from blog.pictures.uploads import store_image


class UseFilter(OfferedFilter):
    NOWHERE, NO_ALT = "nowhere", "no_alt"
    title, parameter_name = "使いみち", "use"
    offered = {NOWHERE: "どこにも使っていない", NO_ALT: "代替テキストがない"}

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == self.NOWHERE:
            return queryset.filter(unused_for(request.user))
        return queryset.filter(alt="") if self.value() == self.NO_ALT else queryset


KEEP, REMOVE = "keep", "remove"
DONE = "画像を差し替えました。小さい画像と、使っている記事は、まもなく作り直されます。"
SAID = {
    KEEP: "前のファイルのアドレスは、これまでどおり前の画像を表示します。",
    REMOVE: "前のファイルは消し、そのアドレスは「見つかりません」と答えます。外部の写しまでは消せません。",
}


class ReplaceForm(forms.Form):
    upload = forms.FileField(
        label="新しいファイル",
        help_text=f"JPEG、PNG、WebP、GIF。{MAX_BYTES // 2**20}MBまで。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    old = forms.ChoiceField(
        label="前のファイル",
        choices=[(KEEP, f"残す：{SAID[KEEP]}"), (REMOVE, f"消す：{SAID[REMOVE]}")],
        initial=KEEP,
        widget=forms.RadioSelect,
    )


def replace(request: HttpRequest, admin: Any, object_id: int) -> HttpResponse:
    image = admin.row_to_change(request, object_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReplaceForm(*sent, label_suffix="")
    if form.is_bound and form.is_valid() and _replaced(admin, request, image, form):
        return redirect("admin:blog_image_change", image.pk)
    about = {"title": "画像を差し替える", "media": admin.media + form.media, "image": image, "form": form}
    return admin.render(request, "admin/blog/image/replace.html", **about)


def _replaced(admin: Any, request: HttpRequest, image: Image, form: ReplaceForm) -> bool:
    """Whether the picture has the new file; if not, the form says why."""
    upload, old = form.cleaned_data["upload"], form.cleaned_data["old"]
    note = partial(log_act, request.user, image, f"ファイルを差し替え（{upload.name}）")
    try:
        replace_file(image, bytes_of(upload), name=upload.name, keeps_old=old == KEEP, replaced=note)
    except ImageRejected as error:
        form.add_error("upload", str(error))
        return False
    messages.success(request, f"{DONE}{SAID[old]}")
    return True


TEXTS = ("alt", "caption", "credit")
KNOWN = (
    'この画像は、すでに登録されています（<a href="{}">{}</a>）。'
    "代替テキスト、キャプション、クレジットは、登録済みのままです。変えるときは、この画像を開いて直してください。"
)
SHOWN_USES = 20


def bytes_of(upload: UploadedFile) -> bytes:
    """Reads the file. Raises ImageRejected for one that is too large."""
    if upload.size > MAX_BYTES:
        raise ImageRejected(f"画像は{MAX_BYTES // 2**20}MBまでです。")
    return upload.read()


def store_upload(upload: UploadedFile, **about: Any) -> Image:
    """Does what `store_image` does for an uploaded file."""
    image = store_image(bytes_of(upload), name=upload.name, **about)
    if image.renditions is None:
        render_image.enqueue(image.pk)
    return image


class ImageAddForm(forms.ModelForm):
    upload = forms.FileField(
        label="ファイル",
        help_text=f"JPEG、PNG、WebP、GIF。{MAX_BYTES // 2**20}MBまで。撮影場所などの情報は取り除いて保存します。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )

    def clean(self) -> dict[str, Any]:
        """Stores the picture if all fields are valid. A known one keeps its texts, which others may have written."""
        cleaned = super().clean()
        if not self.errors:
            new: list[Image] = []
            texts = {name: cleaned[name] for name in TEXTS}
            try:
                self.instance = store_upload(cleaned["upload"], added=new.append, **texts)
            except ImageRejected as error:
                self.add_error("upload", str(error))
            if not self.errors and not new:
                url = reverse("admin:blog_image_change", args=[self.instance.pk])
                self.add_error("upload", format_html(KNOWN, url, self.instance))
        return cleaned


@admin.register(Image)
class ImageAdmin(DeskAdmin):
    class Media:
        css = {"all": ["desk/pictures.css"]}
        js = (forms.Script("desk/focus.js", type="module"),)

    pages = {"replace": ("<int:object_id>/replace/", replace)}
    list_display = ("thumbnail", "name", "number_of_uses", "size", "credit", "created_at")
    list_filter = (UseFilter,)
    sortable_by = ()  # the newest stand first
    list_display_links = ("thumbnail", "name")
    search_fields = ("alt", "original_name", "caption", "credit")
    readonly_fields = ("thumbnail", "markdown", "size", "original_name")

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple[str, ...]:
        if not obj:
            return ("upload", *TEXTS)
        return ("thumbnail", *TEXTS, ("focus_x", "focus_y"), "markdown", "size", "original_name")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_uses(super().get_queryset(request), permissions.visible_posts(request.user))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        image = kwargs.get("obj")
        if image is not None:
            context["used_in"] = self._shown_uses(request, image)
        return super().render_change_form(request, context, *args, **kwargs)

    def _shown_uses(self, request: HttpRequest, image: Image) -> list[tuple[str, Model, str]]:
        """The newest articles that show the picture, then the static pages and authors; what the user may see of them.

        Each with the name of its form's URL and what it is.
        """
        shown = Q(lead_image=image) | Q(share_image=image) | Q(pk__in=image.uses_in_texts.values("post"))
        posts = permissions.visible_posts(request.user).filter(shown).order_by("-pk")
        pages, authors = Page.objects.filter(in_texts([image])), Author.objects.filter(avatar=image)
        return [
            *(("admin:blog_post_change", post, post.state.label) for post in for_naming(posts)[:SHOWN_USES]),
            *(("admin:blog_page_change", page, "固定ページ") for page in self._seen(request, pages)),
            *(("admin:blog_author_change", author, "著者の写真") for author in self._seen(request, authors)),
        ]

    def _seen(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        may_see = self.admin_site.get_model_admin(rows.model).has_view_permission(request)
        return rows[:SHOWN_USES] if may_see else rows.none()

    def get_form(self, request: HttpRequest, obj: Image | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_form(request, obj, **({} if obj else {"form": ImageAddForm}) | kwargs)

    def save_model(self, request: HttpRequest, obj: Image, form: forms.ModelForm, change: bool) -> None:
        if change and form.changed_data:  # the rest may have changed since it was read, such as the file
            obj.save(update_fields=form.changed_data)
        if change and "credit" in form.changed_data:  # the HTML of each text that shows the picture holds the credit
            for address in addresses_of(obj):
                render_uses.enqueue(address)

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        delete_images(Image.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        delete_images(queryset)

    @admin.display(description="画像")
    def thumbnail(self, obj: Image) -> SafeString:
        return format_html(
            '<img class="thumbnail" src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
            obj.thumbnail_url,
            obj.width,
            obj.height,
            obj.alt or obj,
        )

    @admin.display(description="大きさ")
    def size(self, obj: Image) -> str:
        return f"{obj.width}×{obj.height}"

    @admin.display(description="代替テキストかファイル名")
    def name(self, obj: Image) -> str:
        return str(obj)

    @admin.display(description="記事での使用")
    def number_of_uses(self, obj: Image) -> str:
        return f"{obj.number_of_uses}か所" if obj.number_of_uses else "なし"

    @admin.display(description="本文に入れる書き方")
    def markdown(self, obj: Image) -> SafeString:
        return format_html("<code>{}</code>", markdown_of(obj))

    def uses(self, objs: Iterable[Image]) -> list[QuerySet]:
        """The posts, pages, authors and redirects that show one of the pictures. A text names the picture's address."""
        objs = list(objs)
        pks, in_text = [image.pk for image in objs], in_texts(objs)
        pending = in_texts(objs, "pending_revision__snapshot__body")
        leads_here = Q(target__in=[image.file.url for image in objs])
        shown = Q(lead_image__in=pks) | Q(share_image__in=pks) | pending
        for field in ("lead_image", "share_image"):
            shown |= Q(**{f"pending_revision__snapshot__{field}__0__in": pks})
        return [
            for_naming(Post.objects.filter(shown | in_text)),
            Page.objects.filter(in_text).only("title"),
            Author.objects.filter(avatar__in=pks),
            Permalink.objects.filter(leads_here),
        ]

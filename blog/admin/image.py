from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from blog.admin.base import UsedAdmin, for_naming
from blog.database import hold_uses_of_pictures
from blog.editing.rerendering import render_uses
from blog.models import Author, Image, Page, Permalink, Post
from blog.pictures.renditions import render_image
from blog.pictures.stored_files import delete_images
from blog.pictures.uploads import MAX_BYTES, ImageRejected, store_image

TEXTS = ("alt", "caption", "credit")


def store_upload(upload: UploadedFile, **texts: str) -> Image:
    """Stores an uploaded file and returns its Image. Does not read a file that is too large. Raises ImageRejected."""
    if upload.size > MAX_BYTES:
        raise ImageRejected(f"画像は{MAX_BYTES // 2**20}MBまでです。")
    image = store_image(upload.read(), name=upload.name, **texts)
    if image.renditions is None:
        render_image.enqueue(image.pk)
    return image


class ImageAddForm(forms.ModelForm):
    upload = forms.FileField(
        label="ファイル",
        help_text=f"JPEG、PNG、WebP、GIF。{MAX_BYTES // 2**20}MBまで。撮影場所などの情報は取り除いて保存します。",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )

    may_change: bool
    """Whether the user may change the texts of a stored picture, which may stand in the articles of others."""
    is_kept = False
    """Whether the picture was stored before with other texts and keeps those."""

    def clean(self) -> dict[str, Any]:
        """Stores the picture if all fields are valid. A known picture gets the texts, if the user may change it."""
        cleaned = super().clean()
        if not self.errors:
            texts = {name: cleaned[name] for name in TEXTS}
            try:
                self.instance = store_upload(cleaned["upload"], **texts)
            except ImageRejected as error:
                self.add_error("upload", str(error))
            else:
                stored = {name: getattr(self.instance, name) for name in TEXTS}
                wanted = {name: texts[name] or stored[name] for name in TEXTS}
                self.is_kept = not self.may_change and wanted != stored
                cleaned.update(stored if self.is_kept else wanted)
        return cleaned


@admin.register(Image)
class ImageAdmin(UsedAdmin):
    list_display = ("thumbnail", "__str__", "size", "credit", "created_at")
    list_display_links = ("thumbnail", "__str__")
    search_fields = ("alt", "original_name", "caption")
    readonly_fields = ("thumbnail", "markdown", "size", "original_name")

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> tuple[str, ...]:
        return ("thumbnail", *TEXTS, "markdown", "size", "original_name") if obj else ("upload", *TEXTS)

    def get_form(self, request: HttpRequest, obj: Image | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **({} if obj else {"form": ImageAddForm}) | kwargs)
        form.may_change = self.has_change_permission(request)  # the class is made anew for each request
        return form

    def save_model(self, request: HttpRequest, obj: Image, form: forms.ModelForm, change: bool) -> None:
        if not change and form.is_kept:
            kept = "この画像はすでに登録されています。代替テキスト、キャプション、クレジットは登録済みのままです。"
            self.message_user(request, kept, messages.WARNING)
            return
        super().save_model(request, obj, form, change)
        if "credit" in form.changed_data:  # the HTML of each text that shows the picture holds the credit
            render_uses.enqueue(obj.file.url)

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

    @admin.display(description="本文に入れる書き方")
    def markdown(self, obj: Image) -> SafeString:
        return format_html("<code>{}</code>", markdown_of(obj))

    def hold_uses(self) -> None:
        hold_uses_of_pictures()

    def uses(self, objs: Iterable[Image]) -> list[QuerySet]:
        """The posts, pages, authors and redirects that show one of the pictures. A text names the picture's address."""
        pks, in_text, pending, leads_here = [image.pk for image in objs], Q(), Q(), Q()
        for image in objs:
            in_text |= Q(body__contains=image.file.url)
            pending |= Q(pending_revision__snapshot__body__icontains=image.file.url)
            leads_here |= Q(target=image.file.url)
        shown = Q(lead_image__in=pks) | Q(share_image__in=pks) | pending
        for field in ("lead_image", "share_image"):
            shown |= Q(**{f"pending_revision__snapshot__{field}__0__in": pks})
        return [
            for_naming(Post.objects.filter(shown | in_text)),
            Page.objects.filter(in_text).only("title"),
            Author.objects.filter(avatar__in=pks),
            Permalink.objects.filter(leads_here),
        ]


def markdown_of(image: Image, alt: str | None = None) -> str:
    """The Markdown that shows the picture, with `alt` or the picture's own alternative text."""
    alt = " ".join((image.alt if alt is None else alt).split())
    for mark in ("\\", "[", "]", "<", "`", "*", "_"):
        alt = alt.replace(mark, f"\\{mark}")
    caption = " ".join(image.caption.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'![{alt}]({image.file.url} "{caption}")' if caption else f"![{alt}]({image.file.url})"

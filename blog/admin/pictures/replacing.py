"""The page that gives a picture a new file, wherever it is shown."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from blog.editing.pictures import replace_file
from blog.models import AuditEntry, Image
from blog.pictures.encoding import MAX_BYTES, ImageRejected

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

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(f"画像は{MAX_BYTES // 2**20}MBまでです。")
        return upload


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
    detail = f"ファイルを差し替え（{upload.name}）"
    note = partial(AuditEntry.objects.note, AuditEntry.Act.CHANGED, image, detail=detail)
    try:
        replace_file(image, upload.read(), name=upload.name, keeps_old=old == KEEP, replaced=note)
    except ImageRejected as error:
        form.add_error("upload", str(error))
        return False
    messages.success(request, f"{DONE}{SAID[old]}")
    return True

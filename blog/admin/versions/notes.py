"""The notes of one article: read, written, resolved."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from blog.admin.fields import KEY, LinesField
from blog.admin.item.pages import item_for, render
from blog.editing import permissions
from blog.editing.versions.notes import add_note, colleagues, resolve_note
from blog.models import Post
from blog.models.history import display_name
from blog.models.work.post_note import LONGEST_NOTE

PER_PAGE = 30


class NameChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return display_name(obj)


class NoteForm(forms.Form):
    text = LinesField(label="メモ", max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 4}))
    to = NameChoice(
        User.objects.none(),
        label="あて先",
        required=False,
        empty_label="だれでも（メールは送りません）",
        help_text="選んだ人には、メールでも届きます。",
    )

    def __init__(self, post: Post, data: object = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["to"].queryset = colleagues(post)


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, admin: ModelAdmin, object_id: int) -> HttpResponse:
    post = item_for(request, admin, object_id, permissions.may_read_history)
    if "done" in request.POST:
        return _resolve(request, post, request.POST["done"])
    form = NoteForm(post, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        note = add_note(post, form.cleaned_data["text"], by=request.user, to=form.cleaned_data["to"])
        messages.success(request, f"{note.whom}さんにメモを書きました。" if note.to else "メモを書きました。")
        return redirect("admin:blog_post_notes", post.pk)
    found = post.notes.select_related("by", "to")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, admin, post, "notes.html", title="メモ", form=form, page=page)


def _resolve(request: HttpRequest, post: Post, key: str) -> HttpResponse:
    if KEY.fullmatch(key) and resolve_note(post, int(key), by=request.user):
        messages.success(request, "メモを済みにしました。")
    else:
        messages.info(request, "このメモは、もう済みになっています。")
    return redirect("admin:blog_post_notes", post.pk)

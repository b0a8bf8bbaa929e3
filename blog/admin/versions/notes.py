"""The page of the notes on an article, on which they are read, written and resolved."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from blog.admin.fields import LinesField, number_in
from blog.admin.item import finish_autosaves, item_for, key_of, made_by, render
from blog.editing import permissions
from blog.editing.notes import add_note, colleagues, resolve_note
from blog.models import Post
from blog.models.history import display_name
from blog.models.workflow import LONGEST_NOTE

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
        help_text="選んだ人にメールアドレスがあれば、メールでも届きます（自分あてには送りません）。",
    )

    def __init__(self, post: Post, data: object = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["to"].queryset = colleagues(post)


def notes(request: HttpRequest, admin: ModelAdmin, object_id: int) -> HttpResponse:
    post = item_for(request, admin, object_id, permissions.may_read_history)
    if "done" in request.POST:
        return _resolve(request, post, request.POST["done"])
    form = NoteForm(post, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        to = form.cleaned_data["to"]
        _write(request, post, form.cleaned_data["text"], to)
        told = f"{display_name(to)}さんにメモを書きました。" if to else "メモを書きました。"
        messages.success(request, told, extra_tags="typed")  # the browser drops its copy
        return redirect("admin:blog_post_notes", post.pk)
    found = post.notes.select_related("by", "to")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    form_key = key_of(request.POST.get("form_key", "")) or uuid.uuid4()
    return render(request, admin, post, "notes.html", title="メモ", form=form, page=page, form_key=form_key)


@transaction.atomic
def _write(request: HttpRequest, post: Post, text: str, to: User | None) -> None:
    """Adds the note. A form that is sent twice adds one, unless another note was written in it meanwhile."""
    if made_by(request, Post) and post.notes.filter(by=request.user.pk, to=to, text=text).exists():
        return
    add_note(post, text, by=request.user, to=to)
    finish_autosaves(request, post)


def _resolve(request: HttpRequest, post: Post, key: str) -> HttpResponse:
    if (pk := number_in(key)) and resolve_note(post, pk, by=request.user):
        messages.success(request, "メモを済みにしました。")
    else:
        messages.info(request, "このメモは、もう済みになっています。")
    return redirect("admin:blog_post_notes", post.pk)

"""The desk's page for the thread of an article: editors take articles out of it, and put others into it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from blog.admin.fields import number_in
from blog.admin.item import item_for, render
from blog.editing import permissions
from blog.editing.log import log_act
from blog.editing.permissions import User
from blog.models import Post, RelatedPost
from blog.search import threads

LISTED = 200
DELETED = "この記事か、選んだ記事が、その間に削除されました。"


class JoinForm(forms.Form):
    """The choice of a published article whose thread the article joins."""

    other = forms.ModelChoiceField(
        Post.objects.listed().only("title", "thread_id"),
        label="同じ話題の記事",
        widget=AutocompleteSelect(RelatedPost._meta.get_field("target"), admin.site),
        error_messages={"invalid_choice": "公開済みか予約済みの記事を選んでください。"},
    )

    def __init__(self, data: Any, *, post: Post) -> None:
        super().__init__(data, label_suffix="")
        self.post = post

    def clean_other(self) -> Post:
        other: Post = self.cleaned_data["other"]
        if other.pk == self.post.pk:
            raise forms.ValidationError("この記事とは別の記事を選んでください。")
        if other.thread_id is not None and other.thread_id == self.post.thread_id:
            raise forms.ValidationError(f"「{other}」は、すでに同じ話題に入っています。")
        return other


def may_arrange(user: User, post: Post) -> bool:
    return permissions.may_publish(user) and post.listed_at is not None


def thread(request: HttpRequest, admin: ModelAdmin, object_id: int) -> HttpResponse:
    """The thread of a published article; a POST takes one article out (`part`) or this one to another (`other`)."""
    post = item_for(request, admin, object_id, may_arrange)
    members = Post.objects.listed().filter(thread=post.thread_id or 0).newest_first().only("title", "published_at")
    form = JoinForm(request.POST if request.method == "POST" and "part" not in request.POST else None, post=post)
    try:
        if request.method == "POST" and (gone := members.filter(pk=number_in(request.POST.get("part", ""))).first()):
            threads.part(gone)
            log_act(request.user, gone, "話題から外しました。")
            messages.success(request, f"「{gone}」をこの話題から外しました。自動で戻ることはありません。")
            return redirect("admin:blog_post_thread", post.pk)
        if form.is_valid():
            threads.join(post, form.cleaned_data["other"])
            log_act(request.user, post, f"「{form.cleaned_data['other']}」と同じ話題にしました。")
            messages.success(request, f"「{form.cleaned_data['other']}」と同じ話題にしました。")
            return redirect("admin:blog_post_thread", post.pk)
    except Post.DoesNotExist:
        messages.error(request, DELETED)
        return redirect("admin:blog_post_thread", post.pk)
    context = {"form": form, "media": form.media, "members": members[:LISTED]}
    return render(request, admin, post, "thread.html", title="続報", **context)

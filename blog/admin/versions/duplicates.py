"""The button that makes a draft from an article."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from blog.admin.item import finish_autosaves, hold_for, item_for, made_by
from blog.editing import permissions
from blog.editing.duplicates import duplicate as make_duplicate
from blog.models import Post


@require_POST
def duplicate(request: HttpRequest, admin: ModelAdmin, object_id: int) -> HttpResponse:
    """Makes the draft and opens its form. A form that is sent twice makes one."""
    post = item_for(request, admin, object_id, permissions.may_duplicate)
    with transaction.atomic():
        draft = made_by(request, Post)
        if draft is None:
            hold_for(request, post, permissions.may_duplicate)
            draft = make_duplicate(post, by=request.user)
            finish_autosaves(request, draft)
            admin.log_addition(request, draft, f"「{post}」を複製しました。")
    messages.success(request, f"「{post}」を複製しました。これは新しい下書きです。タイトルとURL名を確かめてください。")
    return redirect("admin:blog_post_change", draft.pk)

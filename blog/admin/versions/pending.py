"""The page on which an editor looks at the pending version of a public post, and releases or discards it."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from blog.admin.post.findings import SHOWN_BEFORE, ReasonField, shown
from blog.admin.post.pages import item_for, render, version_in
from blog.admin.versions.changes import changes
from blog.admin.versions.revisions import STALE_VERSION, put_or_tell
from blog.editing import permissions
from blog.editing.blocking import check_version, new_to_readers
from blog.editing.fields import CONTENT
from blog.editing.saving import StaleVersion
from blog.editing.versions.pending import address_change, discard_pending
from blog.editing.versions.snapshots import take
from blog.models import Post, PostRevision


class ReasonForm(forms.Form):
    override_reason = ReasonField()


@require_http_methods(["GET", "HEAD", "POST"])
def pending(request: HttpRequest, admin: ModelAdmin, object_id: int) -> HttpResponse:
    """Shows what the pending version would change for readers. The page is the confirmation of both buttons."""
    post = item_for(request, admin, object_id, permissions.may_edit)
    waiting = post.pending_revision
    if waiting is None:
        messages.info(request, "公開前の変更はありません。")
        return redirect("admin:blog_post_change", post.pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and (answer := _end(request, post, form)):
        return answer
    return render(
        request,
        admin,
        post,
        "pending.html",
        title="公開前の変更",
        revision=waiting,
        changes=changes(take(post), waiting.snapshot, CONTENT),
        address_change=address_change(post, waiting.snapshot),
        findings=shown(new_to_readers(post, check_version(post, waiting.snapshot)), SHOWN_BEFORE),
        form=form,
    )


def _end(request: HttpRequest, post: Post, form: ReasonForm) -> HttpResponse | None:
    """Releases or discards the version. Returns a redirect, or None if the page must be shown again."""
    try:
        if "discard" in request.POST:
            discard_pending(post, by=request.user, expected_version=version_in(request.POST))
            messages.success(request, f"公開前の変更を破棄しました。{post.pending_revision}として履歴に残っています。")
        elif "release" in request.POST and form.is_valid():
            waiting, reason = post.pending_revision, form.cleaned_data["override_reason"]
            about = {"kind": PostRevision.Kind.RELEASED, "source": waiting, "reason": reason}
            if not put_or_tell(request, post, waiting.snapshot, **about):
                return None
            messages.success(request, "公開前の変更を記事に反映しました。")
        else:
            return None
    except StaleVersion:
        messages.error(request, STALE_VERSION.format(post._meta.verbose_name))
        return redirect("admin:blog_post_pending", post.pk)
    return redirect("admin:blog_post_change", post.pk)

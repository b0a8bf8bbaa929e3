"""The page on which an editor looks at the pending version of a public post, and releases or discards it."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from blog.admin.fields import MomentWidget, clean_schedule_time
from blog.admin.item import item_for, render, version_in
from blog.admin.post.findings import SHOWN_BEFORE, ReasonField, shown
from blog.admin.versions.changes import changes
from blog.admin.versions.revisions import STALE_VERSION, save_or_tell
from blog.editing import permissions
from blog.editing.blocking import check_version, new_to_readers
from blog.editing.fields import CONTENT
from blog.editing.pending import NotPublic, address_change, discard_pending
from blog.editing.releasing import NOT_PUBLIC, PAST, cancel_plan, plan_release
from blog.editing.saving import StaleVersion
from blog.editing.snapshots import stored_snapshot
from blog.models import PlannedRelease, Post, PostRevision
from blog.times import tokyo

UNPLANNED = "反映の予約を取り消しました。公開前の変更は残っています。"


class ReasonForm(forms.Form):
    override_reason = ReasonField()


class PlanForm(forms.Form):
    plan_at = forms.SplitDateTimeField(
        label="反映する日時",
        required=False,  # in the browser, since the form has other buttons too
        widget=MomentWidget,
        help_text="日本時間です。この日時に、公開前の変更が自動で読者に出ます。",
    )

    def clean_plan_at(self) -> datetime:
        return clean_schedule_time(self.cleaned_data["plan_at"], PAST)


def pending(request: HttpRequest, admin: ModelAdmin, object_id: int) -> HttpResponse:
    """Shows what the pending version would change for readers. The page is the confirmation of both buttons."""
    post = item_for(request, admin, object_id, permissions.may_edit)
    waiting = post.pending_revision
    if waiting is None:
        messages.info(request, "公開前の変更はありません。")
        return redirect("admin:blog_post_change", post.pk)
    form = ReasonForm(request.POST or None, label_suffix="")
    plan = PlannedRelease.objects.select_related("by").filter(post=post).first()
    plan_form = PlanForm(request.POST if "plan" in request.POST else None, initial={"plan_at": plan and plan.at})
    if request.method == "POST" and (answer := _end(request, post, form) or _plan(request, post, form, plan_form)):
        return answer
    return render(
        request,
        admin,
        post,
        "pending.html",
        title="公開前の変更",
        revision=waiting,
        changes=changes(stored_snapshot(post), waiting.snapshot, CONTENT),
        address_change=address_change(post, waiting.snapshot),
        findings=shown(new_to_readers(post, check_version(post, waiting.snapshot)), SHOWN_BEFORE),
        form=form,
        plan=plan,
        plan_form=plan_form,
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
            if not save_or_tell(request, post, waiting.snapshot, **about):
                return None
            messages.success(request, "公開前の変更を記事に反映しました。")
        else:
            return None
    except StaleVersion:
        return _stale(request, post)
    return redirect("admin:blog_post_change", post.pk)


def _plan(request: HttpRequest, post: Post, form: ReasonForm, plan_form: PlanForm) -> HttpResponse | None:
    """Plans the release, or cancels the plan. Returns a redirect, or None if the page must be shown again."""
    if "unplan" in request.POST:
        if cancel_plan(post, by=request.user):
            messages.success(request, UNPLANNED)
        return redirect("admin:blog_post_pending", post.pk)
    if "plan" not in request.POST or not (form.is_valid() and plan_form.is_valid()):
        return None
    try:
        plan = plan_release(
            post,
            plan_form.cleaned_data["plan_at"],
            by=request.user,
            expected_version=version_in(request.POST),
            confirmed_path=request.POST.get("confirmed_path", ""),
            reason=form.cleaned_data["override_reason"],
        )
    except StaleVersion:
        return _stale(request, post)
    except NotPublic:
        messages.error(request, f"予約していません。{NOT_PUBLIC}")
        return None
    except (ValidationError, IntegrityError) as error:
        said = " ".join(error.messages) if isinstance(error, ValidationError) else "同じURLの記事があります。"
        messages.error(request, f"予約していません。{said}")
        return None
    messages.success(request, f"公開前の変更を、{tokyo(plan.at)}に反映するよう予約しました。")
    return redirect("admin:blog_post_pending", post.pk)


def _stale(request: HttpRequest, post: Post) -> HttpResponse:
    messages.error(request, STALE_VERSION.format(post._meta.verbose_name))
    return redirect("admin:blog_post_pending", post.pk)

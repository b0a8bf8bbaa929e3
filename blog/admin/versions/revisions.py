"""The history of a post or static page: the list of its revisions, the differences of two, and the restoring of one."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from blog.admin.fields import number_in
from blog.admin.item import go_to, item_for, may_wait, render, revision_of, version_in
from blog.admin.versions.amendments import can_be_amended
from blog.admin.versions.changes import changes
from blog.editing import permissions, static_pages
from blog.editing.blocking import Blocked
from blog.editing.fields import label
from blog.editing.pending import RESTORED, save_version
from blog.editing.saving import StaleVersion
from blog.editing.snapshots import Snapshot
from blog.models import Page, Post, PostRevision
from blog.models.history import Revision

Kind = PostRevision.Kind
REVISIONS_PER_PAGE = 50
STALE_VERSION = "そのあいだに別の人がこの{}を保存しました。違いを確かめて、もう一度選んでください。"
UNSCHEDULE = "予約をやめて下書きに戻すと、保存できます。"
SAVE_PENDING = "公開せずに保存すると、「公開前の変更」の画面で、理由を書いて反映できます。"
COMPARE_TWO = "比べる版を2つ選んでください。"
TAKEN = "同じURLの{}があります。保存していません。URLを変えてください。"


def history(request: HttpRequest, admin: ModelAdmin, object_id: str) -> HttpResponse:
    """All revisions of the item, newest first."""
    item = item_for(request, admin, object_id, permissions.may_read_history)
    if "compare" in request.GET:
        return _compare(request, item, request.GET.getlist("compare"))
    rows = item.revisions.for_list()
    told = rows.select_related("amendment") if isinstance(item, Post) else rows
    page = Paginator(told, REVISIONS_PER_PAGE).get_page(request.GET.get("page"))
    for revision in page:
        revision.changed_labels = [label(name, type(item)) for name in revision.changed]
    newest = item.revisions.in_line().defer("snapshot").first()
    return render(request, admin, item, "history.html", title="履歴", page=page, newest=newest, kinds=Kind)


def _compare(request: HttpRequest, item: Post | Page, ticked: list[str]) -> HttpResponse:
    """Redirects to the differences of the two revisions with these numbers."""
    numbers = {number_in(number) for number in ticked} - {None}
    if len(numbers) != 2:
        messages.warning(request, COMPARE_TWO)
        return go_to(item, "history")
    old, new = sorted(numbers)
    address = reverse(f"admin:blog_{item._meta.model_name}_revision", args=[item.pk, new])
    return redirect(f"{address}?against={old}")


def revision(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    """The differences of a revision from the one before it, or from the one in the parameter `against`."""
    item = item_for(request, admin, object_id, permissions.may_read_history)
    shown = revision_of(item, number)
    newest = item.revisions.in_line().first()
    other = _against(item, shown, request.GET.get("against", ""))
    may_work_on = permissions.may_work_on(request.user, item)
    return render(
        request,
        admin,
        item,
        "revision.html",
        title=f"{shown}",
        revision=shown,
        other=other,
        newest=newest,
        previous=_before(item, shown),
        last=item.revisions.order_by("-number").values_list("number", flat=True).first(),
        changes=changes(other and other.snapshot, shown.snapshot, of=type(item)),
        kinds=Kind,
        may_restore=may_work_on and shown != newest and shown.kind != Kind.UNMERGED,
        may_wait=may_wait(item),
        may_edit=permissions.may_edit(request.user, item),
        can_be_told=can_be_amended(request.user, item, shown),
        waits=shown.kind == Kind.UNMERGED and may_work_on and not shown.results.exists(),
    )


def _against(item: Post | Page, shown: Revision, asked: str) -> Revision | None:
    if not asked:
        return _before(item, shown)
    number = number_in(asked)
    if number is None:
        raise Http404("no such revision")
    return revision_of(item, number)


def _before(item: Post | Page, shown: Revision) -> Revision | None:
    """The revision that `shown` changed."""
    if shown.kind == Kind.UNMERGED:
        return item.revisions.as_of(shown.version)
    return item.revisions.in_line().filter(number__lt=shown.number).first()


@require_POST
def restore(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    """Restores the content of an old revision, in the item or as its pending version."""
    item = item_for(request, admin, object_id, permissions.may_work_on)
    old = revision_of(item, number)
    fields = static_pages.RESTORED if isinstance(item, Page) else RESTORED
    is_pending = may_wait(item) and "pending" in request.POST
    about = {"kind": Kind.RESTORED, "source": old, "fields": fields, "is_pending": is_pending}
    try:
        is_put = save_or_tell(request, item, old.snapshot, **about)
    except StaleVersion:
        if old.results.filter(kind=Kind.RESTORED, user=request.user, version=version_in(request.POST) + 1).exists():
            messages.info(request, f"すでに{old}の内容に戻しました。")  # the form was sent twice
        else:
            messages.error(request, STALE_VERSION.format(item._meta.verbose_name))
        is_put = False
    if not is_put:
        return go_to(item, "revision", number)
    messages.success(request, f"{old}の内容に戻しました。{'まだ公開していません。' if is_pending else ''}")
    return go_to(item, "change")


def save_or_tell(
    request: HttpRequest, item: Post | Page, snapshot: Snapshot, *, is_pending: bool = False, **about: Any
) -> bool:
    """Saves the snapshot with `save_version` and returns whether it did.

    Messages say why it did not, and which rows no longer exist.

    `about` holds the other arguments of `save_version`. Raises StaleVersion.
    """
    if not permissions.may_publish(request.user):  # only editors set the author
        snapshot = {name: value for name, value in snapshot.items() if name != "author"}
    about |= {"by": request.user, "confirmed_path": request.POST.get("confirmed_path", "")}
    about["expected_version"] = version_in(request.POST)
    try:
        if isinstance(item, Page):
            missing = static_pages.save_page_version(item, snapshot, **about)
        else:
            missing = save_version(item, snapshot, is_pending=is_pending, **about)
    except Blocked as blocked:
        way_out = UNSCHEDULE if item.is_scheduled else SAVE_PENDING if item.is_public else ""
        messages.error(request, f"保存していません。{blocked.message}{way_out}")
    except ValidationError as error:
        _tell_refusal(request, error, type(item))
    except IntegrityError:
        messages.error(request, TAKEN.format(item._meta.verbose_name))
    else:
        if missing:
            messages.warning(request, f"いまは無いので、戻せなかったもの：{'、'.join(missing)}")
        return True
    return False


def _tell_refusal(request: HttpRequest, error: ValidationError, of: type[Post | Page]) -> None:
    """Tells the user which field has a value that is not allowed, and why."""
    problems = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, reasons in problems.items():
        where = f"{label(name, of)}：" if name and name != "__all__" else ""
        messages.error(request, f"保存していません。{where}{' '.join(reasons)}")

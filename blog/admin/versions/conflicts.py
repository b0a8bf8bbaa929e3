"""Two editors saved one post or page: the desk keeps the second edit, compares it with the first and merges them."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from blog.admin.item.pages import go_to, item_for, may_wait, render, revision_of, version_in
from blog.admin.item.refused_save import refuse_save
from blog.admin.item.sent_again import finish_autosaves
from blog.admin.versions.changes import changes
from blog.admin.versions.merge_form import MergeVersionsForm, typed_in
from blog.admin.versions.revisions import STALE_VERSION, save_or_tell
from blog.editing import permissions
from blog.editing.fields import KINDS, label
from blog.editing.revisions.snapshots import Snapshot
from blog.editing.saving import StaleVersion
from blog.editing.versions.pending import address_change, keep_unmerged, overwriting
from blog.editing.versions.static_pages import keep_unmerged_page
from blog.models import Page, Post
from blog.models.history import Revision

Kind = Revision.Kind
FIELDS = tuple(KINDS)  # without the state, which no merge changes
SIDES = ("mine", "theirs", "joined")
NOTHING_OF_MINE = (
    "そのあいだに別の人がこの{}を保存していました。あなたの変更はなかったので、その内容のままです。"
    "公開や差し戻しなどの操作は行っていません。"
)
AGAIN = "統合しているあいだに、また別の人が保存しました。あなたの内容は履歴に残しました。もう一度確かめてください。"
DONE = {
    Kind.MERGED: "統合して保存しました。",
    Kind.OVERWRITTEN: "あなたの内容で保存しました。相手の保存も履歴に残っています。",
}


class TooLate(Exception):
    """Somebody else saved the item first. Holds the typed content and the edit number that it began with."""

    def __init__(self, item: Post | Page, typed: Snapshot, version: int) -> None:
        super().__init__(f"{item._meta.model_name} {item.pk} was saved since version {version}")
        self.item, self.typed, self.version = item, typed, version


def keep(request: HttpRequest, late: TooLate) -> HttpResponse:
    """Stores the edit as an unmerged revision and redirects to the page that merges it."""
    unmerged = _keep(late.item, late.typed, by=request.user, version=late.version)
    if unmerged is None:
        messages.info(request, NOTHING_OF_MINE.format(late.item._meta.verbose_name))
        return go_to(late.item, "change")
    finish_autosaves(request, late.item)  # the revision holds the text now
    return go_to(late.item, "merge", unmerged.number)


def _keep(item: Post | Page, typed: Snapshot, **about: Any) -> Revision | None:
    return keep_unmerged_page(item, typed, **about) if isinstance(item, Page) else keep_unmerged(item, typed, **about)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    """Merges an unmerged revision with the saves since it began, or overwrites them with it."""
    try:
        return _merge(request, admin, object_id, number)
    except PermissionDenied:  # such as if a release was planned while the page was open
        item = admin.get_object(request, str(object_id))
        if request.method != "POST" or not admin.has_view_permission(request, item):
            raise
        return refuse_save(request, admin, item, texts=typed_in(request.POST, of=type(item)))


def _merge(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    item = item_for(request, admin, object_id, permissions.may_work_on)
    late = revision_of(item, number)
    if late.kind != Kind.UNMERGED:
        raise Http404("nothing to merge")
    if done := late.results.order_by("number").first():
        messages.info(request, f"{late}は、すでに{done}になりました。")
        return go_to(item, "revision", done.number)
    # The names of the fields depend on the compared versions, so an answer is read against those of its page.
    answered = version_in(request.POST)
    is_answer = late.version < answered <= item.version
    version = answered if is_answer else item.version
    base, other = item.revisions.as_of(late.version), item.revisions.as_of(version)
    snapshots = (base and base.snapshot, late.snapshot, other.snapshot)
    answer = request.POST if is_answer and "merge" in request.POST else None
    form = MergeVersionsForm(*snapshots, of=type(item), data=answer)
    decided = _decided(form, item, late, other) if is_answer else None
    kind = Kind.MERGED if form.is_bound else Kind.OVERWRITTEN
    if decided and (leaving := _save(request, item, late, decided, kind)):
        return leaving
    if request.method == "POST" and not is_answer:  # the page shows no edit number of this item
        messages.error(request, STALE_VERSION.format(item._meta.verbose_name))
    return render(
        request,
        admin,
        item,
        "merge.html",
        title="編集の統合",
        revision=late,
        version=version,
        saves=item.revisions.in_line().filter(version__gt=late.version).for_list(),
        form=form,
        labels={side: [label(name, type(item)) for name in getattr(form.merge, side)] for side in SIDES},
        mine=changes(base and base.snapshot, late.snapshot, FIELDS, of=type(item)),
        theirs=changes(base and base.snapshot, other.snapshot, FIELDS, of=type(item)),
        asks_where=may_wait(item) and permissions.may_edit(request.user, item),
        address_change=decided and not _waits(request, item) and address_change(item, decided),
    )


def _decided(form: MergeVersionsForm, item: Post | Page, late: Revision, other: Revision) -> Snapshot | None:
    """The chosen content: the late edit instead of the other, or the merge of the form. None if it lacks an answer."""
    if form.is_bound:
        return form.decided() if form.is_valid() else None
    return overwriting(item, late, other)


def _waits(request: HttpRequest, item: Post) -> bool:
    """Whether the result becomes a pending version instead of the public content."""
    return may_wait(item) and request.POST.get("where") != "live"


def _save(
    request: HttpRequest, item: Post | Page, late: Revision, decided: Snapshot, kind: Revision.Kind
) -> HttpResponse | None:
    """Saves the merge. Returns a redirect, or None if the page must be shown again."""
    is_pending = _waits(request, item)
    try:
        if not save_or_tell(request, item, decided, kind=kind, source=late, is_pending=is_pending):
            return None
    except StaleVersion:
        return _keep_again(request, item, late, decided)
    messages.success(request, f"{DONE[kind]}{'まだ公開していません。' if is_pending else ''}")
    return go_to(item, "change")


def _keep_again(request: HttpRequest, item: Post | Page, late: Revision, decided: Snapshot) -> HttpResponse:
    """Stores the merge as an unmerged revision of its own, because somebody saved again while its page was open."""
    about = {"version": version_in(request.POST), "source": late}
    again = _keep(item, late.snapshot | decided, by=request.user, **about)
    messages.error(request, AGAIN)
    return go_to(item, "merge", (again or late).number)

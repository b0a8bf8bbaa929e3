"""Two editors saved one post: the desk keeps the second edit, compares it with the first save and merges them."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from blog.admin.post.pages import post_for, render, revision_of, version_in
from blog.admin.post.sent_again import finish_autosaves
from blog.admin.versions.changes import changes
from blog.admin.versions.merge_form import MergeVersionsForm
from blog.admin.versions.revisions import STALE_VERSION, put_or_tell
from blog.editing import permissions
from blog.editing.fields import CONTENT, label
from blog.editing.saving import StaleVersion
from blog.editing.versions.pending import address_change, keep_unmerged
from blog.editing.versions.snapshots import Snapshot
from blog.models import Post, PostRevision

Kind = PostRevision.Kind
NOTHING_OF_MINE = (
    "そのあいだに別の人がこの記事を保存していました。あなたの変更はなかったので、その内容のままです。"
    "公開や差し戻しなどの操作は行っていません。"
)
AGAIN = "統合しているあいだに、また別の人が保存しました。あなたの内容は履歴に残しました。もう一度確かめてください。"
DONE = {
    Kind.MERGED: "統合して保存しました。",
    Kind.OVERWRITTEN: "あなたの内容で保存しました。相手の保存も履歴に残っています。",
}


class TooLate(Exception):
    """Somebody else saved the post first. Holds the typed content and the edit number that it began with."""

    def __init__(self, post: Post, typed: Snapshot, version: int) -> None:
        super().__init__(f"post {post.pk} was saved since version {version}")
        self.post, self.typed, self.version = post, typed, version


def keep(request: HttpRequest, late: TooLate) -> HttpResponse:
    """Stores the edit as an unmerged revision and redirects to the page that merges it."""
    unmerged = keep_unmerged(late.post, late.typed, by=request.user, version=late.version)
    if unmerged is None:
        messages.info(request, NOTHING_OF_MINE)
        return redirect("admin:blog_post_change", late.post.pk)
    finish_autosaves(request, late.post)  # the revision holds the text now
    return redirect("admin:blog_post_merge", late.post.pk, unmerged.number)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, admin: ModelAdmin, object_id: int, number: int) -> HttpResponse:
    """Merges an unmerged revision with the saves since it began, or overwrites them with it."""
    post = post_for(request, admin, object_id, permissions.may_edit)
    late = revision_of(post, number)
    if late.kind != Kind.UNMERGED:
        raise Http404("nothing to merge")
    if done := late.results.order_by("number").first():
        messages.info(request, f"{late}は、すでに{done}になりました。")
        return redirect("admin:blog_post_revision", post.pk, done.number)
    # The names of the fields depend on the compared versions, so an answer is read against those of its page.
    answered = version_in(request.POST)
    is_answer = late.version < answered <= post.version
    version = answered if is_answer else post.version
    base, other = post.revisions.as_of(late.version), post.revisions.as_of(version)
    snapshots = (base and base.snapshot, late.snapshot, other.snapshot)
    form = MergeVersionsForm(*snapshots, data=request.POST if is_answer and "merge" in request.POST else None)
    decided, kind = _decided(form, late) if is_answer else None, Kind.MERGED if form.is_bound else Kind.OVERWRITTEN
    if decided and (answer := _save(request, post, late, decided, kind)):
        return answer
    if request.method == "POST" and not is_answer:  # the page shows no edit number of this post
        messages.error(request, STALE_VERSION)
    return render(
        request,
        admin,
        post,
        "merge.html",
        title="編集の統合",
        revision=late,
        version=version,
        saves=post.revisions.in_line().filter(version__gt=late.version).for_list(),
        form=form,
        labels={side: [label(name) for name in getattr(form.merge, side)] for side in ("mine", "theirs", "joined")},
        mine=changes(base and base.snapshot, late.snapshot, CONTENT),
        theirs=changes(base and base.snapshot, other.snapshot, CONTENT),
        address_change=decided and not _waits(request, post) and address_change(post, decided),
    )


def _decided(form: MergeVersionsForm, late: PostRevision) -> Snapshot | None:
    """The chosen content: all of the late revision, or the merge of the form. None if the form lacks an answer."""
    if form.is_bound:
        return form.decided() if form.is_valid() else None
    return {name: late.snapshot[name] for name in CONTENT if name in late.snapshot}


def _waits(request: HttpRequest, post: Post) -> bool:
    """Whether the result becomes a pending version instead of the public content."""
    return post.is_public and request.POST.get("where") != "live"


def _save(
    request: HttpRequest, post: Post, late: PostRevision, decided: Snapshot, kind: PostRevision.Kind
) -> HttpResponse | None:
    """Saves the merge. Returns a redirect, or None if the page must be shown again."""
    is_pending = _waits(request, post)
    try:
        if not put_or_tell(request, post, decided, kind=kind, source=late, is_pending=is_pending):
            return None
    except StaleVersion:
        return _keep_again(request, post, late, decided)
    messages.success(request, f"{DONE[kind]}{'まだ公開していません。' if is_pending else ''}")
    return redirect("admin:blog_post_change", post.pk)


def _keep_again(request: HttpRequest, post: Post, late: PostRevision, decided: Snapshot) -> HttpResponse:
    """Stores the merge as an unmerged revision of its own, because somebody saved again while its page was open."""
    about = {"version": version_in(request.POST), "source": late}
    again = keep_unmerged(post, late.snapshot | decided, by=request.user, **about)
    messages.error(request, AGAIN)
    return redirect("admin:blog_post_merge", post.pk, (again or late).number)

"""The history of a post or page: one revision for each save that changed something.

The callers hold the lock of a save.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from blog.editing.fields import CONTENT, READ
from blog.editing.snapshots import Snapshot, differences, page_snapshot, stored_snapshot
from blog.models import Page, PageRevision, Post, PostRevision
from blog.models.history import Revision, display_name
from blog.text.characters import with_lf

Kind = Revision.Kind
Status = Post.Status
# The kind of a save that changes the status of what is not published from the first to the second.
KINDS: dict[tuple[str, str], Kind] = {
    (Status.DRAFT, Status.IN_REVIEW): Kind.SUBMITTED,
    (Status.IN_REVIEW, Status.DRAFT): Kind.RETURNED,
}

PAGE_KINDS = {(False, True): Kind.PUBLISHED, (True, False): Kind.WITHDRAWN}


class HistoryEnd(NamedTuple):
    """The end of a history: its newest revision, and the last number, which an unmerged revision may have."""

    newest: Revision
    last: int


class Override(NamedTuple):
    """Why a text was published although the desk check had found errors, and these errors in words."""

    reason: str
    errors: list[str]


def begin(stored: Post) -> HistoryEnd:
    """Returns the end of the history. If there is none (after an import), the stored content becomes a revision.

    It marks the content that readers see now as read, in case it was saved before it was due.
    """
    is_read = stored.is_public and not stored.pending_revision_id
    if line := _end(stored):
        newest = line.newest
        if is_read and isinstance(newest, PostRevision) and not newest.was_read and shows(stored, newest.snapshot):
            PostRevision.objects.filter(pk=newest.pk).update(was_read=True)
        return line
    snapshot = stored_snapshot(stored)
    original = add(stored, Kind.ORIGINAL, snapshot, at=stored.created_at, was_read=is_read)
    return HistoryEnd(original, original.number)


def shows(post: Post, snapshot: Snapshot) -> bool:
    """Whether the article has the texts of the snapshot, as far as readers see them."""
    return all(with_lf(getattr(post, name)) == with_lf(snapshot.get(name, "")) for name in READ)


def begin_page(stored: Page) -> HistoryEnd:
    """Does what `begin` does, for a static page."""
    if line := _end(stored):
        return line
    original = add(stored, Kind.ORIGINAL, page_snapshot(stored), at=stored.updated_at)
    return HistoryEnd(original, original.number)


def _end(stored: Post | Page) -> HistoryEnd | None:
    last = stored.revisions.order_by("-number").first()
    newest = stored.revisions.in_line().first() if last and last.kind == Kind.UNMERGED else last
    return HistoryEnd(newest, last.number) if last and newest else None


def record(
    post: Post,
    snapshot: Snapshot,
    line: HistoryEnd | None,
    *,
    kind: Kind | None,
    by: User | None,
    source: PostRevision | None = None,
    override: Override | None = None,
) -> None:
    """Adds a revision with the `snapshot` of the saved post.

    Without a `kind`, the change of status gives it, or else the `source`, which is the pending version that came out.
    A save that changed nothing gets no revision, unless it has a `source` or an `override`: the revision then shows
    what became of the source, or who let errors stand and why. If the post has a pending version, the revision takes
    the content of that version and the new state of the post, and becomes the pending version.
    """
    before = line.newest if line else None
    if post.pending_revision:
        pending = post.pending_revision.snapshot
        snapshot |= {name: pending[name] for name in CONTENT if name in pending}  # it may lack a newer field
    if before and not (source or override) and not differences(before.snapshot, snapshot):
        return
    if kind is None:
        kind = _kind_of_move(before.snapshot if before else {}, post) or (Kind.RELEASED if source else Kind.SAVED)
    last = line.last if line else 0
    about: dict[str, Any] = {"was_read": post.is_public and not post.pending_revision}
    if kind is Kind.RETURNED:
        about["return_reason"] = post.return_reason
    if override:
        about |= {"override_reason": override.reason, "overridden": override.errors}
    revision = add(post, kind, snapshot, before=before, last=last, by=by, source=source, **about)
    if post.pending_revision:
        Post.objects.filter(pk=post.pk).update(pending_revision=revision)
        post.pending_revision = revision


def _kind_of_move(before: Snapshot, post: Post) -> Kind | None:
    """The kind of a save that changes the state from that of the snapshot; None if it stays."""
    status, at = before.get("status", Status.DRAFT), before.get("published_at")
    if post.status != Status.PUBLISHED:
        if status != Status.PUBLISHED:
            return KINDS.get((status, post.status))
        return Kind.WITHDRAWN if post.was_public else Kind.UNSCHEDULED
    if post.is_scheduled:
        is_there = status == Status.PUBLISHED and at and datetime.fromisoformat(at) == post.published_at
        return None if is_there else Kind.SCHEDULED
    was_to_come = at and datetime.fromisoformat(at) > timezone.now()
    return Kind.PUBLISHED if status != Status.PUBLISHED or was_to_come else None


def record_page(
    page: Page, line: HistoryEnd | None, *, kind: Kind | None, by: User | None, source: PageRevision | None = None
) -> None:
    """Does what `record` does, for a static page. Without a `kind`, the change of `is_published` gives it."""
    snapshot, before = page_snapshot(page), line.newest if line else None
    if before and not source and not differences(before.snapshot, snapshot):
        return
    if kind is None:
        kind = PAGE_KINDS.get((bool(before and before.snapshot["is_published"]), page.is_published), Kind.SAVED)
    add(page, kind, snapshot, before=before, last=line.last if line else 0, by=by, source=source)


def add(
    item: Post | Page,
    kind: Kind,
    snapshot: Snapshot,
    *,
    before: Revision | None = None,
    last: int | None = None,
    by: User | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **others: Any,
) -> Any:
    """Stores the next revision of a locked post or page. `before` is the revision that it is compared with.

    `last` is the last number so far; without it, the database is asked. `others` are fields as they are.
    """
    if last is None:
        last = item.revisions.aggregate(last=Max("number"))["last"] or 0
    return item.revisions.create(
        number=last + 1,
        version=item.version if version is None else version,
        kind=kind,
        snapshot=snapshot,
        changed=differences(before.snapshot, snapshot) if before else [],
        user=by,
        user_name=display_name(by)[:310],
        created_at=at or timezone.now(),
        **others,
    )

"""The history of a post: one revision for each save that changed something.

The callers hold the lock of a save.
"""

from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from blog.editing.fields import CONTENT
from blog.editing.versions.snapshots import Snapshot, differences, given
from blog.models import AuditEntry, Post, PostRevision
from blog.models.history import display_name

Kind = PostRevision.Kind
Status = Post.Status
# The kind of a save that changes the status from the first to the second. Any other save is of the kind SAVED.
KINDS: dict[tuple[str, str], Kind] = {
    (Status.DRAFT, Status.IN_REVIEW): Kind.SUBMITTED,
    (Status.IN_REVIEW, Status.DRAFT): Kind.RETURNED,
    (Status.DRAFT, Status.PUBLISHED): Kind.PUBLISHED,
    (Status.IN_REVIEW, Status.PUBLISHED): Kind.PUBLISHED,
    (Status.PUBLISHED, Status.DRAFT): Kind.WITHDRAWN,
}


class Line(NamedTuple):
    """The end of a post's history: its newest revision, and the last number, which an unmerged revision may have."""

    newest: PostRevision
    last: int


class Override(NamedTuple):
    """Why a text was published although the desk check had found errors, and these errors in words."""

    reason: str
    errors: list[str]


def begin(stored: Post) -> Line:
    """Returns the end of the history. If there is none (after an import), the stored content becomes a revision."""
    last = stored.revisions.order_by("-number").first()
    newest = stored.revisions.in_line().first() if last and last.kind == Kind.UNMERGED else last
    if last and newest:
        return Line(newest, last.number)
    snapshot = given(stored, stored.tag_list, stored.related_list)
    original = add(stored, Kind.ORIGINAL, snapshot, at=stored.created_at)
    return Line(original, original.number)


def record(
    post: Post,
    snapshot: Snapshot,
    line: Line | None,
    *,
    kind: Kind | None,
    by: User | None,
    source: PostRevision | None = None,
    override: Override | None = None,
) -> None:
    """Adds a revision with the `snapshot` of the saved post. Without a `kind`, the change of status gives it.

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
        kind = KINDS.get((before.snapshot["status"] if before else Status.DRAFT, post.status), Kind.SAVED)
    last = line.last if line else 0
    revision = add(post, kind, snapshot, before=before, last=last, by=by, source=source, override=override)
    if post.pending_revision:
        Post.objects.filter(pk=post.pk).update(pending_revision=revision)
        post.pending_revision = revision


def add(
    post: Post,
    kind: Kind,
    snapshot: Snapshot,
    *,
    before: PostRevision | None = None,
    last: int | None = None,
    by: User | None = None,
    version: int | None = None,
    source: PostRevision | None = None,
    at: datetime | None = None,
    override: Override | None = None,
) -> PostRevision:
    """Stores the next revision of a locked post. `before` is the revision that it is compared with.

    `last` is the last number so far; without it, the database is asked.
    """
    if last is None:
        last = post.revisions.aggregate(last=Max("number"))["last"] or 0
    revision = PostRevision.objects.create(
        post=post,
        number=last + 1,
        version=post.version if version is None else version,
        kind=kind,
        snapshot=snapshot,
        changed=differences(before.snapshot, snapshot) if before else [],
        user=by,
        user_name=display_name(by)[:310],
        source=source,
        override_reason=override.reason if override else "",
        overridden=override.errors if override else [],
        created_at=at or timezone.now(),
    )
    if kind != Kind.ORIGINAL:
        reason = f"、指摘を残した理由：{revision.override_reason}" if override else ""
        AuditEntry.objects.note(kind, post, by=by, detail=f"{revision}{reason}")
    return revision

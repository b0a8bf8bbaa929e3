"""Saves that replace one version of a post with another.

They store, release and discard pending versions, restore old revisions, and store merges. Each adds a revision, and
compares edit numbers under the lock of the post.

Each function raises PermissionDenied if the user may not do that to the locked post, and Post.DoesNotExist if somebody
deleted it.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from blog.editing import history, permissions
from blog.editing.blocking import check_body, clear_for_readers, goes_to_readers
from blog.editing.fields import CONTENT, KINDS, STATE
from blog.editing.mail import tell_end, tell_proposed, tell_replaced
from blog.editing.pictures import lock_pictures
from blog.editing.saving import check_version, lock_for_update, lock_page, save_post
from blog.editing.snapshots import Snapshot, apply_snapshot, differences, stored_snapshot, unsaved_snapshot
from blog.models import Page, PlannedRelease, Post, PostRevision
from blog.models.history import Revision

Kind = Revision.Kind
SETTINGS = ("slug", "author")  # which only editors may change in a live article
RESTORED = tuple(name for name in CONTENT if name not in SETTINGS)  # an old version brings back neither


class NotPublic(Exception):
    """The post is not public, so it cannot have a pending version."""


class UnconfirmedPath(ValidationError):
    """The save would change the address of what was public, and the user has not confirmed the new address."""

    def __init__(self, item: Post | Page) -> None:
        what = f"この{item._meta.verbose_name}のURLが変わります。"
        message = f"{what}いまのURLと新しいURLを確かめてから、もう一度保存してください。"
        super().__init__(message, code="unconfirmed_path")


def address_change(item: Post | Page, snapshot: Snapshot) -> tuple[str, str] | None:
    """The present path of what was public and the path that the snapshot would give it; None if they agree."""
    if isinstance(item, Page):
        new = snapshot.get("path", item.path)
    else:
        new = Post(url_date=item.url_date, slug=snapshot.get("slug", item.slug)).path
    return (item.path, new) if new != item.path and item.was_public else None


def settings_at(post: Post, version: int) -> Snapshot:
    """The address and the author as they were at that edit number; nothing if the history is younger."""
    shown = post.revisions.as_of(version)
    return {name: shown.snapshot[name] for name in SETTINGS if name in shown.snapshot} if shown else {}


def overwriting(item: Post | Page, late: Revision, shown: Revision) -> Snapshot:
    """What the item gets if the late edit replaces the content `shown`: all of the edit that its user may save.

    The address and the author of an article stay as shown if the user of the edit may only propose.
    """
    may_set = late.user is not None and permissions.may_edit(late.user, item)
    kept = {} if may_set else {name: shown.snapshot[name] for name in SETTINGS if name in shown.snapshot}
    return {name: late.snapshot[name] for name in KINDS if name in late.snapshot} | kept


@transaction.atomic
def save_pending(
    post: Post,
    *,
    by: User,
    tags: Sequence[str],
    related: Iterable[tuple[Post, str]],
    expected_version: int,
    kind: Kind = Kind.PENDING,
    source: PostRevision | None = None,
) -> None:
    """Stores the content of `post` in memory as its pending version. Readers see no change.

    `source` is the revision that the content came from. The address and the author stay as they are if the user only
    proposes. Raises StaleVersion, and NotPublic for a post that readers do not see.
    """
    stored = lock_for(by, post, expected_version, permissions.may_work_on)
    if not stored.is_public:
        raise NotPublic(str(stored))
    newest, last = history.begin(stored)
    kept = STATE if permissions.may_edit(by, stored) else (*STATE, *SETTINGS)
    snapshot = unsaved_snapshot(post, tags, related) | {name: newest.snapshot[name] for name in kept}
    if source or differences(newest.snapshot, snapshot):
        lock_pictures(snapshot)
        stored.version += 1
        tell_proposed(stored, by=by)
        tell_replaced(stored, kind, by=by, source=source)
        revision = history.add(stored, kind, snapshot, before=newest, last=last, by=by, source=source)
        _point(stored, revision)


@transaction.atomic
def discard_pending(post: Post, *, by: User, expected_version: int) -> None:
    """Drops the pending version of the post. Its revision stays in the history."""
    stored = lock_for(by, post, expected_version)
    if pending := stored.pending_revision:
        stored.version += 1
        snapshot = stored_snapshot(stored)
        tell_end(stored, Kind.DISCARDED, by=by)
        history.add(stored, Kind.DISCARDED, snapshot, before=pending, by=by, source=pending)
        _point(stored, None)


@transaction.atomic
def save_version(
    post: Post,
    snapshot: Snapshot,
    *,
    by: User,
    expected_version: int,
    kind: Kind,
    source: PostRevision,
    fields: Sequence[str] = CONTENT,
    is_pending: bool = False,
    confirmed_path: str = "",
    reason: str = "",
) -> list[str]:
    """Saves these fields of the snapshot as the content of the post, or as its pending version.

    The state and the date of publication do not change. `source` is the revision that the snapshot came from.
    `confirmed_path` is the new address that the user has confirmed for a post that was public. `reason` says why errors
    of the desk check stay in a text that goes to readers.

    Returns, in words, the rows that the snapshot names and that no longer exist. Raises StaleVersion, PathTaken,
    UnconfirmedPath, Blocked, and ValidationError for values that the model no longer allows.
    """
    stored = lock_for(by, post, expected_version, permissions.may_work_on if is_pending else permissions.may_edit)
    known_path = stored.path if stored.was_public and not is_pending else ""
    before = copy(stored)
    if not permissions.may_edit(by, stored):  # the user may not change them, and could not repair them
        fields = [name for name in fields if name not in SETTINGS]
    contents = apply_snapshot(stored, snapshot, fields)
    stored.full_clean()
    if not is_pending:
        check_body(stored, before)
    if known_path and stored.path not in (known_path, confirmed_path):
        raise UnconfirmedPath(stored)
    override = None
    if goes_to_readers(stored) and not is_pending:
        override = clear_for_readers(stored, before, by=by, reason=reason)
    given: dict[str, Any] = {"by": by, "tags": contents.tags, "related": contents.related}
    given |= {"kind": kind, "source": source}
    if is_pending:
        save_pending(stored, expected_version=expected_version, **given)
    else:
        stored.pending_revision = None
        save_post(stored, expected_version=expected_version, override=override, **given)
    return contents.missing


@transaction.atomic
def keep_unmerged(
    item: Post | Page, snapshot: Snapshot, *, by: User, version: int, source: Revision | None = None
) -> Any:
    """Adds a revision with an edit that began at `version` and came after somebody else's save.

    Returns None if the edit changed nothing. The same edit is stored once, however often the form is sent. If the edit
    is a merge of an earlier unmerged revision, `source` is that revision.
    """
    stored = lock_for(by, item, may=permissions.may_work_on)
    base = stored.revisions.as_of(version)
    if base and not differences(base.snapshot, snapshot, tuple(KINDS)):
        return None
    waiting = stored.revisions.waiting(by, version)
    if waiting and not differences(waiting.snapshot, snapshot):
        return waiting
    return history.add(stored, Kind.UNMERGED, snapshot, before=base, by=by, version=version, source=source)


def lock_for(
    by: User,
    item: Post | Page,
    expected_version: int | None = None,
    may: Callable[[permissions.User, Any], bool] = permissions.may_edit,
) -> Any:
    """Locks the post or page and returns it as stored. Raises StaleVersion and PermissionDenied."""
    stored = lock_page(item.pk) if isinstance(item, Page) else lock_for_update(item.pk)
    check_version(stored, expected_version)
    if not may(by, stored):
        raise PermissionDenied
    return stored


def _point(stored: Post, pending: PostRevision | None) -> None:
    """Writes which version waits over the post, and that this was a save."""
    posts = Post.objects.filter(pk=stored.pk)
    if pending is None:
        PlannedRelease.objects.filter(post=stored.pk).delete()
    posts.update(pending_revision=pending, version=stored.version, saved_at=timezone.now())

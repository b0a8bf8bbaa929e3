"""One version of a post put in the place of another: the coming version over what readers read, an old one again, two
edits as one. Each is a save with a revision of its own, and each compares versions under the lock as every save does.

Each asks under that lock, too, whether who does it may still edit the post, and raises PermissionDenied; and
Post.DoesNotExist if it was deleted meanwhile.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from blog.editing import history, permissions
from blog.editing.fields import CONTENT, STATE
from blog.editing.saving import check_version, hold, save_post
from blog.editing.snapshots import Snapshot, apply, differences, given, typed
from blog.models import Post, PostRevision

Kind = PostRevision.Kind
# The address stays where it is when an old version comes back, and the article with whom it belongs to by now.
RESTORED = tuple(name for name in CONTENT if name not in ("slug", "author"))


class NotPublic(Exception):
    """There is nothing that a coming version could stand over: readers do not see the post."""


class UnconfirmedPath(ValidationError):
    """The address that readers and other sites know would move, and nobody has confirmed the new one."""

    def __init__(self) -> None:
        message = "この記事のURLが変わります。いまのURLと新しいURLを確かめてから、もう一度保存してください。"
        super().__init__(message, code="unconfirmed_path")


def address_change(post: Post, snapshot: Snapshot) -> tuple[str, str] | None:
    """The path that readers know and the one that the snapshot would lead them to, if they differ."""
    new = Post(url_date=post.url_date, slug=snapshot.get("slug", post.slug)).path
    return (post.path, new) if post.was_public and new != post.path else None


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
    """Keeps what `post` is in memory as the coming version of the post; nothing that readers see changes.

    Raises StaleVersion, and NotPublic for a post that needs no coming version because nobody reads it.
    """
    stored = _lock_for(by, post, expected_version)
    if not stored.is_public:
        raise NotPublic(str(stored))
    newest, last = history.begin(stored)
    snapshot = typed(post, tags, related) | {name: newest.snapshot[name] for name in STATE}
    if source or differences(newest.snapshot, snapshot):
        stored.version += 1
        revision = history.add(stored, kind, snapshot, before=newest, last=last, by=by, source=source)
        Post.objects.filter(pk=stored.pk).update(pending_revision=revision, version=stored.version)


@transaction.atomic
def discard_pending(post: Post, *, by: User, expected_version: int) -> None:
    """Takes the coming version off the post; it stays in the history."""
    stored = _lock_for(by, post, expected_version)
    if pending := stored.pending_revision:
        stored.version += 1
        snapshot = given(stored, stored.tag_list, stored.related_list)
        history.add(stored, Kind.DISCARDED, snapshot, before=pending, by=by, source=pending)
        Post.objects.filter(pk=stored.pk).update(pending_revision=None, version=stored.version)


@transaction.atomic
def put(
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
) -> list[str]:
    """Saves these fields of the snapshot as the content of the post, or as its coming version; where it stands (draft
    or public, and since when) stays. `source` is the revision they are from, `confirmed_path` where somebody has agreed
    that a post that readers know may move to.

    Returns what the snapshot names and what does not exist any more, in words. Raises StaleVersion, PathTaken,
    UnconfirmedPath, and ValidationError for values that are not allowed any more.
    """
    stored = _lock_for(by, post, expected_version)
    known_path = stored.path if stored.was_public and not is_pending else ""
    contents = apply(stored, snapshot, fields)
    stored.full_clean()
    if known_path and stored.path not in (known_path, confirmed_path):
        raise UnconfirmedPath
    given: dict[str, Any] = {"by": by, "tags": contents.tags, "related": contents.related}
    given |= {"kind": kind, "source": source}
    if is_pending:
        save_pending(stored, expected_version=expected_version, **given)
    else:
        stored.pending_revision = None
        save_post(stored, expected_version=expected_version, **given)
    return contents.missing


@transaction.atomic
def keep_unmerged(
    post: Post, snapshot: Snapshot, *, by: User, version: int, source: PostRevision | None = None
) -> PostRevision | None:
    """Keeps what somebody wrote from `version` on and could not save because another had saved; None if that is
    nothing. Kept once, however often it is sent. `source` is what came too late before, if it is a merge of that.
    """
    stored = _lock_for(by, post)
    base = stored.revisions.as_of(version)
    if base and not differences(base.snapshot, snapshot, CONTENT):
        return None
    waiting = stored.revisions.filter(kind=Kind.UNMERGED, user=by, version=version, results=None).first()
    if waiting and not differences(waiting.snapshot, snapshot):
        return waiting
    return history.add(stored, Kind.UNMERGED, snapshot, before=base, by=by, version=version, source=source)


def _lock_for(by: User, post: Post, expected_version: int | None = None) -> Post:
    stored = hold(post.pk)
    check_version(stored, expected_version)
    if not permissions.may_edit(by, stored):
        raise PermissionDenied
    return stored

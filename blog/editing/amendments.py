"""Amendments: an editor marks the revision of a change after publication, and readers are told of it.

Readers are shown only texts that were public: both contents that are compared were read (`PostRevision.was_read`), so
no draft, no pending version and nothing from before the publication is shown.
"""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from blog.delivery.generation import touch
from blog.editing import permissions
from blog.editing.announcing import announce, feeds_of
from blog.editing.fields import READ
from blog.editing.log import log_act
from blog.editing.saving import lock_for_update
from blog.editing.snapshots import Snapshot
from blog.models import Amendment, Post, PostRevision
from blog.models.post.rendering import render_body
from blog.text.changes import Passages, passages, reading_text
from blog.text.headings import without_hand_made


class NothingToTell(Exception):
    """Readers have not seen the content of the revision, or nothing before it."""


def read_before(revision: PostRevision) -> PostRevision | None:
    """What readers saw before they saw the content of this revision; None if nothing, or if they never saw it."""
    if not revision.was_read:
        return None
    return revision.post.revisions.filter(was_read=True, number__lt=revision.number).order_by("-number").first()


def newest_read(post: Post) -> PostRevision | None:
    return post.revisions.filter(was_read=True).order_by("-number").first()


def seen_changes(before: PostRevision, revision: PostRevision) -> Passages:
    """What differs between two contents as readers saw them."""
    try:
        return passages(_pairs(before.snapshot, revision.snapshot))
    except ValidationError:  # an older version took a text that the renderer now refuses
        return Passages([], 1)


def _pairs(old: Snapshot, new: Snapshot) -> Iterator[tuple[str, str, str]]:
    for name in READ:
        before, after = old.get(name, ""), new.get(name, "")
        if before != after:
            yield name, *((_read(old), _read(new)) if name == "body" else (before, after))


def _read(snapshot: Snapshot) -> str:
    """The text of the body as readers saw it, without comments of its Markdown."""
    rendered = render_body(snapshot["body"])
    return reading_text(without_hand_made(rendered.html, rendered.toc))


@transaction.atomic
def amend(revision: PostRevision, *, kind: str, note: str, by: User, shows_text: bool = True) -> Amendment:
    """Adds or changes the amendment of the revision. Without `shows_text` readers see only the note.

    Raises NothingToTell, PermissionDenied, Post.DoesNotExist.
    """
    post = _lock_for(by, revision)
    before = read_before(revision)
    if before is None or not post.is_public:
        raise NothingToTell(str(revision))
    seen = seen_changes(before, revision) if shows_text else Passages([], 0)
    told = {"kind": kind, "note": note, "passages": seen.found, "left_out": seen.left_out}
    about = {"post": post, "changed_at": revision.created_at, "told_at": timezone.now()}
    amendment, is_new = Amendment.objects.update_or_create(
        revision=revision, defaults=told, create_defaults={**told, **about}
    )
    _tell(post, int(is_new), timezone.now())
    log_act(by, post, f"{revision}を読者に知らせた。{amendment}")
    return amendment


@transaction.atomic
def withdraw_amendment(revision: PostRevision, *, by: User) -> None:
    """Deletes the amendment of the revision, if it has one. Raises PermissionDenied, Post.DoesNotExist."""
    post = _lock_for(by, revision)
    amendment = Amendment.objects.filter(revision=revision).first()
    if amendment is None:
        return
    detail = f"{revision}を読者に知らせるのをやめた。{amendment}"
    amendment.delete()
    _tell(post, -1, timezone.now())
    log_act(by, post, detail)


def import_amendments(post: Post, amendments: list[Amendment]) -> None:
    """Gives the amendments of an import to an article that has none. The caller is in a transaction."""
    Amendment.objects.bulk_create(amendments)
    newest = max(amendment.told_at for amendment in amendments)
    _tell(lock_for_update(post.pk), len(amendments), newest)


def _lock_for(by: User, revision: PostRevision) -> Post:
    post = lock_for_update(revision.post_id)
    if not (permissions.may_publish(by) and permissions.may_edit(by, post)):
        raise PermissionDenied
    return post


def _tell(post: Post, more: int, at: datetime) -> None:
    """Counts the amendments of the locked post. Their change is one that a reader notices, so it dates the article."""
    if post.was_public:
        post.updated_at = max(post.updated_at or at, at)
    Post.objects.filter(pk=post.pk).update(amendment_count=F("amendment_count") + more, updated_at=post.updated_at)
    if post.listed_at:
        touch()
        announce(feeds_of(post, post.tag_list))

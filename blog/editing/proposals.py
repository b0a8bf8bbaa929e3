"""Sends the mail about changes that a writer proposes to a live article; they wait as its pending version.

An article has one pending version for everybody. A proposal that begins with an editor's pending version contains both
changes: otherwise a change that nobody releases would lock the writer out. The address and the byline stay as the
editor left them, and the history holds each step.

The callers hold the lock of the post.
"""

from django.contrib.auth.models import User
from django.core.mail import EmailMessage

from blog.editing import mail, permissions
from blog.models import Post, PostRevision
from blog.models.history import Revision

Kind = PostRevision.Kind
# Saves that take the pending version off the post without showing readers its content.
DROPPING = (Kind.DISCARDED, Kind.IMPORTED)
# Saves that put what their source holds in the place of everything else.
REPLACING = (Kind.RESTORED, Kind.OVERWRITTEN)


def tell_proposed(post: Post, *, by: User) -> None:
    """Mails the editors, unless the writer continues a proposal that they know of. Call it before the save."""
    before = post.pending_revision
    if permissions.only_proposes(by, post) and (before is None or before.user_id != by.pk):
        _send(mail.proposed(post, by))


def tell_end(
    post: Post, kind: PostRevision.Kind | None, *, by: User | None, source: PostRevision | None = None
) -> None:
    """Mails the writer if the pending version that this save ends contains the writer's proposal.

    `kind` and `source` are those of the save. Call it before the revision of the save is added.
    """
    if _is_proposed(post):
        is_dropped = kind in DROPPING or _is_replaced(post, kind, source)
        _send((mail.discarded if is_dropped else mail.released)(post, by))


def tell_replaced(post: Post, kind: PostRevision.Kind, *, by: User, source: PostRevision | None) -> None:
    """Mails the writer if the new pending version drops the proposal that it replaces. Call it as `tell_end`."""
    if _is_proposed(post) and _is_replaced(post, kind, source):
        _send(mail.discarded(post, by))


def _is_replaced(post: Post, kind: PostRevision.Kind | None, source: PostRevision | None) -> bool:
    """Whether such a save leaves nothing of the proposal. An edit that began with a proposal holds it."""
    if kind not in REPLACING or source is None:
        return False
    return not (_is_late_edit_of(post.author.user_id, source) or _is_proposed(post, source.version))


def _is_late_edit_of(writer: int | None, source: Revision) -> bool:
    return source.kind == Kind.UNMERGED and source.user_id == writer


def _is_proposed(post: Post, version: int | None = None) -> bool:
    """Whether the content at that edit number, or the newest, holds what the writer saved after what readers saw."""
    writer = post.author.user_id
    if writer is None:
        return False
    line = post.revisions.in_line()
    read = line.filter(was_read=True).values_list("number", flat=True).first() or 0
    for revision in line.filter(number__gt=read).select_related("source").defer("snapshot", "source__snapshot"):
        if version is not None and revision.version > version:
            continue
        if revision.user_id == writer:
            return True
        if revision.kind in REPLACING and revision.source:
            if _is_late_edit_of(writer, revision.source):
                return True
            version = revision.source.version  # it holds what its source held or began with, and nothing later
    return False


def _send(notice: EmailMessage | None) -> None:
    if notice:
        mail.send.enqueue(notice.to, str(notice.subject), str(notice.body))

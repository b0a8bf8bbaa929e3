"""Changes that a writer proposes of a live article: they wait as its pending version, and mail tells of them.

An article has one pending version for everybody. A proposal over that of an editor holds both, as an editor's save over
that of another editor does: otherwise a change that is left waiting would keep the writer out for good. Its address and
its byline stay as the editor left them, and the history holds each step.

The callers hold the lock of the post.
"""

from django.contrib.auth.models import User
from django.core.mail import EmailMessage

from blog.editing import mail, permissions
from blog.models import Post, PostRevision

Kind = PostRevision.Kind
# Saves that take the pending version off the post without showing readers its content.
DROPPING = (Kind.DISCARDED, Kind.RESTORED, Kind.IMPORTED)


def tell_proposed(post: Post, *, by: User) -> None:
    """Mails the editors, unless the writer only goes on with what they were told of. Call it before the save."""
    before = post.pending_revision
    if permissions.only_proposes(by, post) and (before is None or before.user_id != by.pk):
        _send(mail.proposed(post, by))


def tell_end(post: Post, kind: PostRevision.Kind | None, *, by: User | None) -> None:
    """Mails the writer if the pending version that this save takes off holds what the writer proposed.

    `kind` is that of the save. Call it before the revision of the save is added.
    """
    if post.author.user_id is None or not _is_proposed(post):
        return
    tell = mail.discarded if kind in DROPPING else mail.released
    _send(tell(post, by))


def _is_proposed(post: Post) -> bool:
    """Whether the writer saved one of the versions since the last one that readers saw."""
    line = post.revisions.in_line()
    read = line.filter(was_read=True).values_list("number", flat=True).first() or 0
    return line.filter(number__gt=read, user=post.author.user_id).exists()


def _send(notice: EmailMessage | None) -> None:
    if notice:
        mail.send.enqueue(notice.to, str(notice.subject), str(notice.body))

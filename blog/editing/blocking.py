"""Decides whether a text may go to readers: not if it is empty, or if the desk check found errors.

Somebody who may publish can say why the errors stay; an empty text goes to nobody.

The desk calls these functions. The importer, commands and scripts save without them, except that a file uploaded at
the desk must have a text unless it is a draft.
"""

from collections.abc import Iterable, Sequence
from copy import copy

from django.core.exceptions import PermissionDenied, ValidationError

from blog.editing import permissions
from blog.editing.checking import check_post, stored_excerpt
from blog.editing.fields import TEXTS
from blog.editing.history import Override
from blog.editing.snapshots import Snapshot
from blog.models import Post, PostFinding
from blog.text.desk import Finding, Severity
from blog.text.japanese import normalise

NO_BODY = "本文がありません。本文のない記事は、確認に出すことも公開することもできません。下書きとしては保存できます。"
NAMED = 3  # errors in one message
RECORDED = 50  # errors in one revision


class Blocked(ValidationError):
    """The text has errors and may not go to readers without a reason. `findings` holds the warnings too."""

    def __init__(self, findings: list[Finding]) -> None:
        errors = errors_of(findings)
        super().__init__(f"公開を止める指摘が{len(errors)}件あります。{in_words(errors)}", code="blocked")
        self.findings = findings


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def in_words(errors: Sequence[Finding | PostFinding]) -> str:
    """The first errors in words, for a message of one line."""
    more = f" ほか{len(errors) - NAMED}件。" if len(errors) > NAMED else ""
    return " ".join(_said(error) for error in errors[:NAMED]) + more


def goes_to_readers(post: Post) -> bool:
    """Whether a save brings the texts of the post to readers, now or at its time."""
    return post.is_public or post.is_scheduled


def new_to_readers(stored: Post | None, findings: list[Finding]) -> list[Finding]:
    """Leaves out the findings of the text that readers see already, so that no old error holds up a correction.

    `stored` is the article as readers see it. If it is public and there is a finding, it costs one query, and a check
    of the stored text where none was made since that was saved.
    """
    if not findings or stored is None or not stored.is_public:
        return findings
    if stored.is_checked:
        known = set(PostFinding.objects.filter(post=stored).values_list("code", "excerpt"))
    else:
        known = {(finding.code, stored_excerpt(finding)) for finding in check_post(stored)}
    return [finding for finding in findings if (finding.code, stored_excerpt(finding)) not in known]


def check_body(post: Post, stored: Post | None) -> None:
    """Raises ValidationError if a save would hand an article without text to editors or readers.

    An article that had no text in the same state before stays editable. `post` is rendered; `stored` is its row.
    """
    was_so = stored is not None and stored.status == post.status and not has_text(stored)
    if post.status != Post.Status.DRAFT and not has_text(post) and not was_so:
        raise ValidationError({"body": NO_BODY})


def clear_for_readers(post: Post, stored: Post | None, *, by: permissions.User, reason: str = "") -> Override | None:
    """Checks the texts of `post`, whose row is `stored`, before they go to readers.

    Returns None if there is no error that readers do not see already, or else the override with the `reason`. Raises
    Blocked without a reason, and PermissionDenied if the user may not publish.
    """
    findings = new_to_readers(stored, check_post(post))
    errors = errors_of(findings)
    if not errors:
        return None
    if not reason:
        raise Blocked(findings)
    if not permissions.may_publish(by):
        raise PermissionDenied
    return Override(reason, [_said(error) for error in errors[:RECORDED]])


def check_version(post: Post, snapshot: Snapshot) -> list[Finding]:
    """The findings for the post as it would be with the texts of the snapshot."""
    version = copy(post)
    for name in TEXTS:
        if name in snapshot:
            setattr(version, name, snapshot[name])
    return check_post(version)


def has_text(post: Post) -> bool:
    """Whether the body shows anything: spaces, invisible signs and comments do not count."""
    return bool(normalise(post.body).strip() and post.body_html.strip())


def _said(finding: Finding | PostFinding) -> str:
    return f"{finding.line}行目：{finding.message}" if finding.line else finding.message

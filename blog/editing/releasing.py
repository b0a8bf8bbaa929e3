"""Releases the pending version of a live article at a time that an editor chose.

The workers look every few seconds for releases that are due. Without a worker the release waits, and the desk says so.
"""

import logging
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from blog.database import is_unavailable
from blog.editing.log import log_act
from blog.editing.pending import NotPublic, UnconfirmedPath, address_change, save_version
from blog.editing.saving import lock_for_update
from blog.models import PlannedRelease, Post, PostRevision
from blog.times import tokyo

NO_LONGER = "予約した人に、いまは公開する権限がありません。"
NOT_PUBLIC = "記事がいま公開されていません。"
PAST = "過ぎた日時には予約できません。すぐに出すなら「公開中の記事に反映する」を使います。"
UNEXPECTED = "思わぬエラーが起きました。管理者に知らせてください。"

logger = logging.getLogger(__name__)


class _Tried(Exception):
    """Rolls back a release that was only tried."""


def plan_release(
    post: Post, at: datetime, *, by: User, expected_version: int, confirmed_path: str = "", reason: str = ""
) -> PlannedRelease:
    """Has the pending version go out at `at`, in place of an earlier plan.

    It tries the release and rolls it back, so that the editor learns now what would stop it. Raises what `save_version`
    raises, NotPublic, and ValidationError for a time that has passed.
    """
    if at <= timezone.now():
        raise ValidationError(PAST)
    with transaction.atomic():
        stored = lock_for_update(post.pk)
        if not stored.is_public or stored.pending_revision is None:
            raise NotPublic(str(stored))
        try:
            with transaction.atomic():
                _release(stored, stored.pending_revision, by, expected_version, confirmed_path, reason)
                raise _Tried
        except _Tried:
            pass
        told = {"at": at, "by": by, "seen_id": stored.pending_revision_id, "failure": ""}
        asked = address_change(stored, stored.pending_revision.snapshot)
        told |= {"confirmed_path": asked[1] if asked else "", "reason": reason}  # it passed, so it was confirmed
        plan, _ = PlannedRelease.objects.update_or_create(post_id=post.pk, defaults=told)
        log_act(by, stored, f"変更を{tokyo(at)}に反映する予約")
    return plan


@transaction.atomic
def cancel_plan(post: Post, *, by: User) -> bool:
    """Cancels the plan; the pending version stays. Returns whether there was a plan. Raises Post.DoesNotExist."""
    stored = lock_for_update(post.pk)  # first, as in a release, so that neither waits for the other
    dropped, _ = PlannedRelease.objects.filter(post=stored).delete()
    if dropped:
        log_act(by, stored, "変更を反映する予約を取り消し")
    return bool(dropped)


def release_all_due() -> None:
    """Releases everything that is due. One failing article stops no other."""
    for pk in list(PlannedRelease.objects.due().values_list("pk", flat=True)):
        failure = ""
        try:
            with transaction.atomic():
                _release_planned(pk)
        except (ValidationError, IntegrityError, PermissionDenied, NotPublic) as error:
            failure = _said(error)
            logger.warning("the planned change of post %s did not go out: %s", pk, failure)
        except Exception as error:
            logger.exception("the planned change of post %s did not go out", pk)
            if not is_unavailable(error):  # what the database refuses for now is tried again
                failure = UNEXPECTED
        if failure:
            PlannedRelease.objects.due().filter(post=pk).update(failure=failure)


def _release_planned(pk: int) -> None:
    try:
        post = lock_for_update(pk)
    except Post.DoesNotExist:
        return  # and its plan with it
    plan = PlannedRelease.objects.due().select_related("by").filter(post=pk).first()
    if plan is None:
        return
    if not post.is_public or post.pending_revision is None:
        raise NotPublic(str(post))
    if plan.by is None:
        raise PermissionDenied
    reason = plan.reason if plan.seen_id == post.pending_revision_id else ""  # it was given for what the user saw
    _release(post, post.pending_revision, plan.by, post.version, plan.confirmed_path, reason)


def _release(post: Post, waiting: PostRevision, by: User, version: int, confirmed_path: str, reason: str) -> None:
    about: dict[str, Any] = {"kind": PostRevision.Kind.RELEASED, "source": waiting, "reason": reason}
    save_version(post, waiting.snapshot, by=by, expected_version=version, confirmed_path=confirmed_path, **about)


def _said(error: Exception) -> str:
    match error:
        case PermissionDenied():
            return NO_LONGER
        case NotPublic():
            return NOT_PUBLIC
        case UnconfirmedPath():
            return "URLが変わるため、確かめが必要です。"
        case ValidationError():
            return " ".join(error.messages)
    return "同じURLの記事があるなど、保存できませんでした。"

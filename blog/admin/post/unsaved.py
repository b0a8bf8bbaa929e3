"""Whether the form of an article asks for anything that is not stored yet."""

from blog.admin.item.sent_again import SavedAlready
from blog.admin.post.workflow_form import WorkflowForm
from blog.editing.fields import CONTENT
from blog.editing.revisions.snapshots import Snapshot, differences, snapshot_of
from blog.models import Post


def check_unsaved(form: WorkflowForm, snapshot: Snapshot) -> None:
    """Raises SavedAlready if everything that the form asks for is stored: the content, the state and the dates."""
    stored = form.instance.stored or Post.objects.get(pk=form.instance.pk)
    step, moved = form.step, "publish_at" in form.changed_data
    is_there = step.reached(stored, form.told) if step else not moved
    if is_there and is_stored(stored, snapshot, is_pending=form.is_pending):
        raise SavedAlready(stored)


def is_stored(stored: Post, snapshot: Snapshot, *, is_pending: bool) -> bool:
    """Whether the stored content equals the snapshot: that of the pending version, or that of a post without one."""
    waiting = stored.pending_revision
    if waiting and not is_pending:
        return False
    now = waiting.snapshot if waiting else snapshot_of(stored, stored.tag_list, stored.related_list)
    return not differences(now, snapshot, CONTENT)

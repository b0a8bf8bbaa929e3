"""A form that comes twice (a double click, a retry, the button that goes back) makes one article and one save."""

import uuid

from django.contrib.auth.models import User
from django.http import HttpRequest

from blog.admin.post.workflow_form import WorkflowForm
from blog.editing.fields import CONTENT
from blog.editing.snapshots import Snapshot, differences, given
from blog.models import Autosave, Post

# The add form has a key of its own from the server; that of its draft changes once it was sent, and needs scripts.
KEYS = ("form_key", "draft_key")


class SavedAlready(Exception):
    """What was sent is what is stored: nothing is left to be done."""

    def __init__(self, post: Post) -> None:
        super().__init__(f"post {post.pk} is saved already")
        self.post = post


def keys_of(request: HttpRequest) -> list[uuid.UUID]:
    return [key for name in KEYS if (key := key_of(request.POST.get(name, "")))]


def key_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def article_of(request: HttpRequest) -> Post | None:
    """The article that this add form has made. Until the transaction ends, no other new one of the editor is saved."""
    list(User.objects.select_for_update(no_key=True).filter(pk=request.user.pk))
    drafts = Autosave.objects.of(request.user).filter(key__in=keys_of(request)).exclude(article=None)
    draft = drafts.select_related("article").first()
    return draft and draft.article


def finish_drafts(request: HttpRequest, post: Post) -> None:
    """The article in this form is being saved: its draft ends in the same transaction."""
    for key in keys_of(request):
        Autosave.objects.finish(request.user, key, post)


def check_news(form: WorkflowForm, snapshot: Snapshot) -> None:
    """Raises SavedAlready if all that the form asks for is stored: the content, where it was to go, and the state."""
    stored = form.instance.stored or Post.objects.get(pk=form.instance.pk)
    step, moved = form.step, "publish_at" in form.changed_data
    is_there = step.reached(stored, form.told) if step else not moved
    if is_there and is_stored(stored, snapshot, is_pending=form.is_pending):
        raise SavedAlready(stored)


def is_stored(stored: Post, snapshot: Snapshot, *, is_pending: bool) -> bool:
    """Whether the content is that of the coming version, or that of the post with nothing to come."""
    waiting = stored.pending_revision
    if waiting and not is_pending:
        return False
    now = waiting.snapshot if waiting else given(stored, stored.tag_list, stored.related_list)
    return not differences(now, snapshot, CONTENT)

"""Notes between colleagues on an article, and who else is typing in it."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from blog.editing import mail, permissions
from blog.editing.log import log_act
from blog.models import Autosave, Page, Post, PostNote
from blog.models.history import display_name

RECENT = timedelta(minutes=10)  # somebody who typed within this time probably has the form open


def colleagues(post: Post) -> QuerySet[User]:
    """The people to whom a note can be addressed: the editors and the writer of the article."""
    readers = Q(pk__in=permissions.editors().values("pk")) | Q(pk=post.author.user_id)
    return User.objects.filter(readers, is_staff=True, is_active=True).order_by("last_name", "username")


@transaction.atomic
def add_note(post: Post, text: str, *, by: User, to: User | None = None) -> PostNote:
    """Stores the note, and has the worker mail it to the person to whom it is addressed."""
    note = PostNote.objects.create(post=post, text=text, by=by, by_name=display_name(by), to=to)
    if to is not None and to.pk != by.pk and to.email:
        mail.enqueue(mail.noted(post, note))
    return note


@transaction.atomic
def resolve_note(post: Post, pk: int, *, by: User) -> bool:
    """Closes the note of the article. Returns whether it was open until now."""
    if not post.notes.open().filter(pk=pk).update(done_at=timezone.now()):
        return False
    log_act(by, post, f"メモを済みにした：{post.notes.get(pk=pk)}")
    return True


def notes_for(user: permissions.User) -> QuerySet[PostNote]:
    """The open notes that are addressed to the user, on articles whose notes the user may still read."""
    posts = permissions.visible_posts(user).filter(permissions.readable_history(user))
    return PostNote.objects.open().filter(to=user.pk, post__in=posts).select_related("post", "by")


def others_in(item: Post | Page, user: permissions.User) -> list[Autosave]:
    """What others have typed into the article or page within RECENT and not saved, newest first."""
    found = Autosave.objects.waiting().filter(**{"page" if isinstance(item, Page) else "post": item})
    lately = found.filter(saved_at__gte=timezone.now() - RECENT).exclude(editor=user.pk)
    return list(lately.select_related("editor").defer("fields_json")[:5])

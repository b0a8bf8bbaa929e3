"""A new draft that begins with the content of another article."""

from django.contrib.auth.models import User
from django.db import transaction

from blog.editing import permissions
from blog.editing.fields import CONTENT
from blog.editing.saving import save_post
from blog.editing.snapshots import apply_snapshot, stored_snapshot
from blog.models import Post

# Fields that belong to one article alone.
ITS_OWN = ("slug", "canonical_url", "correction")
COPIED = tuple(name for name in CONTENT if name not in ITS_OWN)
MARK = "（複製）"


@transaction.atomic
def duplicate(source: Post, *, by: User) -> Post:
    """Stores a draft with what the form of `source` shows, the pending version if there is one. Returns the draft.

    The draft of a user who may not publish bears the byline of that user. The caller checks that the user may see all
    of `source`, and has a byline.
    """
    snapshot = source.pending_revision.snapshot if source.pending_revision else stored_snapshot(source)
    draft = Post(author=source.author, category=source.category)
    contents = apply_snapshot(draft, snapshot, COPIED)
    if not permissions.may_publish(by) and (author := permissions.author_of(by)):
        draft.author = author
    draft.title = draft.title[: _room("title") - len(MARK)] + MARK
    draft.slug = _free_slug(source.slug, by)
    return save_post(draft, by=by, tags=contents.tags, related=contents.related)


def _free_slug(slug: str, by: User) -> str:
    """The slug with the first number that is free among the articles that the user may see."""
    base = slug[: _room("slug") - 5]
    taken = set(permissions.visible_posts(by).filter(slug__startswith=base).values_list("slug", flat=True))
    return next(name for number in range(2, len(taken) + 3) if (name := f"{base}-{number}") not in taken)


def _room(name: str) -> int:
    return Post._meta.get_field(name).max_length or 0  # type: ignore[union-attr]

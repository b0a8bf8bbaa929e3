"""Snapshots: the editable content of a post or page as one JSON value, taken at each save, compared and put back.

A snapshot maps each field to its value: texts and flags as they are, another row as [key, name], tags as
[key, name, slug] and related posts as [key, title, reason] in the writer's order. The names are for people; the code
compares rows by their keys.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any, NamedTuple

from django.db.models import Model

from blog.editing.fields import CONTENT, FLAGS, KINDS, PAGE_CONTENT, ROWS, STATE, TEXTS, is_text, label
from blog.models import Page, Post, Tag
from blog.queries.successors import successors
from blog.text.characters import with_lf

Snapshot = dict[str, Any]

FIELDS = (*KINDS, *STATE)


class PutBack(NamedTuple):
    """The parts of a snapshot that other tables store, and in `missing`, in words, the rows that no longer exist."""

    tags: list[str]
    related: list[tuple[Post, str]]
    missing: list[str]


# --- taking and comparing ---


def stored_snapshot(post: Post) -> Snapshot:
    """The snapshot of a post with its own tags and related posts."""
    return snapshot_of(post, post.tag_list, post.related_list)


def snapshot_of(post: Post, tags: Iterable[Tag], related: Iterable[tuple[Post, str]]) -> Snapshot:
    """The snapshot of a post with tags and related posts that the caller knows."""
    return {
        **{name: getattr(post, name) for name in (*TEXTS, *FLAGS, "status")},
        **{name: _row(getattr(post, name)) for name in ROWS},
        "published_at": post.published_at and post.published_at.astimezone(UTC).isoformat(),
        "tags": [[tag.pk, tag.name, tag.slug] for tag in tags],
        "related": [[target.pk, target.title, reason] for target, reason in related],
    }


def unsaved_snapshot(post: Post, tags: Sequence[str], related: Iterable[tuple[Post, str]]) -> Snapshot:
    """The snapshot of an unsaved edit. A tag that does not exist yet has the key None."""
    known = {tag.name: tag for tag in post.tag_list} if post.pk else {}
    if others := [name for name in tags if name not in known]:
        known |= {tag.name: tag for tag in Tag.objects.filter(name__in=others)}
    return snapshot_of(post, [known.get(name) or Tag(name=name) for name in tags], related)


def page_snapshot(page: Page) -> Snapshot:
    return {name: getattr(page, name) for name in PAGE_CONTENT}


def _row(row: Model | None) -> list[Any] | None:
    return [row.pk, str(row)] if row else None


def is_same(name: str, one: Any, other: Any) -> bool:
    """Whether a field has the same value in two snapshots. Names of rows and kinds of line ends do not count."""
    return bool(_identity(name, one) == _identity(name, other))


def _identity(name: str, value: Any) -> Any:
    if is_text(name):
        return with_lf(value)
    if name in ROWS:
        return value and value[0]
    if name == "tags":
        return [key or tag for key, tag, _ in value]
    if name == "related":
        return [(key, reason) for key, _, reason in value]
    return value


def differences(old: Snapshot, new: Snapshot, fields: Sequence[str] = FIELDS) -> list[str]:
    """The fields whose values differ. A field that one snapshot lacks, because it is newer, does not count."""
    return [name for name in fields if name in old and name in new and not is_same(name, old[name], new[name])]


# --- putting back ---


def apply_snapshot(post: Post, snapshot: Snapshot, fields: Sequence[str] = CONTENT) -> PutBack:
    """Gives the post these fields of the snapshot, without saving it.

    If a picture or pillar no longer exists, the post gets none. If an author or section no longer exists, the post
    keeps its own. `missing` names these rows.
    """
    for name in {*TEXTS, *FLAGS} & {*fields} & snapshot.keys():
        setattr(post, name, snapshot[name])
    missing = []
    for name, model in ROWS.items():
        if name not in fields or name not in snapshot:
            continue
        value = snapshot[name]
        if value and not model.objects.filter(pk=value[0]).exists():
            missing.append(f"{label(name)}「{value[1]}」")
            if not Post._meta.get_field(name).null:
                continue
            value = None
        setattr(post, f"{name}_id", value and value[0])
    related, gone = find_related(snapshot["related"])
    return PutBack(find_tags(snapshot["tags"]), related, missing + [f"関連記事「{title}」" for title in gone])


def find_tags(rows: Iterable[tuple[int | None, str, str]]) -> list[str]:
    """The present names of the tags of a snapshot. For a merged tag this is the name of the tag that remained."""
    rows = list(rows)
    now = dict(Tag.objects.filter(pk__in=[key for key, _, _ in rows if key]).values_list("pk", "name"))
    became = successors(Tag, {slug for key, _, slug in rows if slug and key not in now})
    return list(
        dict.fromkeys(now.get(key) or (became[slug].name if slug in became else name) for key, name, slug in rows)
    )


def find_related(rows: Iterable[tuple[int, str, str]]) -> tuple[list[tuple[Post, str]], list[str]]:
    """The related posts of a snapshot with their reasons, and the titles of the posts that were deleted."""
    rows = list(rows)
    posts = Post.objects.only("title", "status", "published_at").in_bulk([key for key, _, _ in rows])
    found = [(posts[key], reason) for key, _, reason in rows if key in posts]
    return found, [title for key, title, _ in rows if key not in posts]

"""The values that an import gives a post, and which of them the desk edited since."""

import hashlib
from collections.abc import Sequence
from copy import copy
from typing import Any

from blog.editing.fields import FIELDS, Field, Kind, empty
from blog.editing.fixing import before_fixes
from blog.jekyll.names import Names
from blog.jekyll.reading import parse_file_name
from blog.models import Author, Category, Image, Post, PostSource, Tag
from blog.text.characters import with_lf

Related = Sequence[tuple[str, str]]  # file name of the article, reason


def importable_values(post: Post, *, tags: Sequence[Tag], related: Related, pillar: str) -> dict[str, Any]:
    """The values of a post that can come from a file, comparable and as JSON. `pillar` is a file name, "" for none."""
    return {
        **{
            field.name: _comparable(field, getattr(post, field.name))
            for field in FIELDS
            if field.key and _is_own(field)
        },
        "status": post.status,
        # A form keeps no fraction of a second.
        "published_at": post.published_at and post.published_at.isoformat(timespec="seconds"),
        "path": post.path or post.slug,  # a draft has a slug, and no address
        "tags": [[tag.name, tag.slug] for tag in tags],
        "body": hashlib.sha256(with_lf(post.body).encode()).hexdigest(),
        "related": [list(row) for row in related],
        "pillar": pillar,
    }


def _is_own(field: Field) -> bool:
    """Whether the value is in the post's own row. Importer and exporter name related articles in different ways."""
    return field.kind in (Kind.TEXT, Kind.LINES, Kind.FLAG, Kind.ROW) and field.name != "pillar"


def _comparable(field: Field, value: Any) -> Any:
    match field.kind:
        case Kind.FLAG:
            return value
        case Kind.ROW if field.model is Image:
            return value.source_digest if value else ""
        case Kind.ROW:
            return [value.name, value.slug]
        case _:
            return with_lf(value).strip()


def desk_defaults() -> dict[str, Any]:
    """The values of the fields that the old site did not know, after the import of a file that lacks their keys."""
    return {field.name: "" if field.model else empty(field.name) for field in FIELDS if field.is_ours}


def edited_fields(post: Post, imported: dict[str, Any], names: Names) -> list[str]:
    """The fields whose value differs from the one that the import gave, sorted.

    A tag, section or author that was renamed or merged counts as the same. A save without a change is no edit, and
    neither is a batch fix, which can be made again in what a new file brings.
    """
    post = unfixed(post)
    tags = post.tag_list
    related, pillar = stored_links(post)
    now = importable_values(post, tags=tags, related=related, pillar=pillar)
    known = now.keys() - (desk_defaults().keys() - imported.keys())
    # Older imports did not note the slug of a draft, and have "" for it.
    then = imported | {"path": imported["path"] or parse_file_name(post.source.name).slug}
    edited = {field for field in known if now[field] != then.get(field)}
    if post.author == names.find(Author, *imported["author"]):
        edited.discard("author")
    if post.category == names.find(Category, *imported["category"]):
        edited.discard("category")
    if tags == list(dict.fromkeys(names.find(Tag, *tag) for tag in imported["tags"])):
        edited.discard("tags")
    return sorted(edited)


def unfixed(post: Post) -> Post:
    """The post as it was before the batch fixes that nobody edited since. It shares related objects with `post`."""
    before = copy(post)
    for name, text in before_fixes(post).items():
        setattr(before, name, text)
    return before


def stored_links(post: Post) -> tuple[Related, str]:
    """The present related articles and pillar of a post, by file name."""
    rows = post.related_rows.select_related("target__source").defer("target__body", "target__source__raw")
    return [(_file_name(row.target), row.reason) for row in rows], _file_name(post.pillar) if post.pillar else ""


def _file_name(post: Post) -> str:
    """The name of the file that an article came from, or its key after "#" if the desk wrote it."""
    try:
        return post.source.name
    except PostSource.DoesNotExist:
        return f"#{post.pk}"

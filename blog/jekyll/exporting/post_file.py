"""Writes one post as a file: its imported source, edited where the desk changed the post, or a new file."""

import codecs
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from blog.editing.fields import FIELDS, Field, Kind
from blog.jekyll.edits import desk_defaults, importable_values
from blog.jekyll.files.emit import edit, emit
from blog.jekyll.files.front_matter import IN_REVIEW, decode, has_liquid, split_document
from blog.jekyll.files.moments import moment_text, parse_moment
from blog.jekyll.files.yaml_text import Value, parse_mapping
from blog.models import Category, Image, Post, PostSource

# The order of keys in the archive. Other keys come after these.
_ORDER = ("title", "date", "categories", "tags", "author", "excerpt", "image")
_NAMED = ("author", "category")
_FIELD_OF = {field.key: field.name for field in FIELDS if field.key} | {
    "date": "published_at",
    "published": "status",
    "status": "status",
}


class PostFileWriter(NamedTuple):
    """Writes posts as files. `stems` are the file stems by key of the post."""

    stems: Mapping[int, str]
    image_path: Callable[[Image], str]
    time_zone: ZoneInfo

    def write(self, post: Post) -> tuple[bytes, bool]:
        """Returns the file, and whether its body is the stored one. An unedited post is written as its source."""
        try:
            source = post.source
        except PostSource.DoesNotExist:
            return self._new(post), True
        edited = self._edited_fields(post, source.imported)
        data = self._edited(post, bytes(source.raw), edited) if edited else bytes(source.raw)
        return data, "body" in edited

    def _edited_fields(self, post: Post, imported: Mapping[str, Any]) -> set[str]:
        """The fields that need a new value in the file.

        In contrast to conflicts, a renamed author, section or tag counts as edited, and related articles are compared
        by the file that they are in now. A slug does not count.
        """
        related = [(self.stems[row.target_id], row.reason) for row in post.related_rows.all()]
        pillar = self.stems.get(post.pillar_id, "")
        now = importable_values(post, tags=post.tag_list, related=related, pillar=pillar)
        then = {**desk_defaults(), **imported}
        then["related"] = [[file_stem(name), reason] for name, reason in then["related"]]
        then["pillar"] = file_stem(then["pillar"])
        for values in (now, then):
            for field in _NAMED:
                values[field] = values[field][0]
            values["tags"] = [name for name, _ in values["tags"]]
        return {field for field in now if now[field] != then.get(field)} - {"path"}

    def _new(self, post: Post) -> bytes:
        values = self._values(post)
        front_matter: dict[str, Value] = {"layout": "post"}
        for key in sorted(values, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER)):
            if key == "image":
                front_matter["reading_time"] = str(post.reading_minutes)
            if values[key] not in (None, ""):
                front_matter[key] = values[key]
        front_matter.setdefault("date", moment_text(post.created_at))
        if has_liquid(post.body):
            front_matter["render_with_liquid"] = "false"
        if post.published_at and post.updated_at != post.published_at:
            front_matter["last_modified_at"] = moment_text(post.updated_at)
        return f"---\n{emit(front_matter)}---\n{post.body}".encode()

    def _edited(self, post: Post, raw: bytes, edited: set[str]) -> bytes:
        before = parse_mapping(split_document(decode(raw)).front_matter).values
        sections = before.get("categories")
        if isinstance(sections, list) and len(sections) > 1 and edited & {"category", "tags"}:
            edited = edited | {"category", "tags"}  # an import turns all sections but the first into tags
        values = self._values(post)
        changes = {key: value for key, value in values.items() if _FIELD_OF[key] in edited}
        if post.published_at is None:
            changes.pop("date", None)  # the date of a draft has no meaning, and its file has one
        if "body" in edited and has_liquid(post.body):
            changes["render_with_liquid"] = "false"
        if "categories" in changes and "categories" not in before and "category" in before:
            changes["category"] = changes.pop("categories")
        for key in ("categories", "category"):
            if key in changes and isinstance(before.get(key), str):
                changes[key] = post.category.name
        if post.published_at and post.updated_at != self._modified(post, before):
            changes["last_modified_at"] = moment_text(post.updated_at)
        return edit_file(raw, changes, body=post.body if "body" in edited else None)

    def _values(self, post: Post) -> dict[str, Value]:
        """The value of each key; None for a key that the post does not need."""
        values = {field.key: self._value(post, field) for field in FIELDS if field.key}
        values["date"] = moment_text(post.published_at) if post.published_at else None
        values["published"] = None if post.status == Post.Status.PUBLISHED else "false"
        values["status"] = IN_REVIEW if post.status == Post.Status.IN_REVIEW else None
        return values

    def _value(self, post: Post, field: Field) -> Value:
        if field.kind is Kind.TAGS:
            return [tag.name for tag in post.tag_list]
        if field.kind is Kind.RELATED:
            return [self._link(row.target, row.reason) for row in post.related_rows.select_related("target")] or None
        value = getattr(post, field.name)
        match field.kind:
            case Kind.LINES:
                return value.split("\n") if value else None
            case Kind.FLAG:
                return None if value == field.default else field.word
            case Kind.TEXT:
                return value if value or field.is_kept else None
        if field.model is Image:
            return self.image_path(value) if value else None
        if field.model is Post:
            return self._link(value) if value else None
        return [value.name] if field.model is Category else value.name

    def _link(self, post: Post, reason: str = "") -> dict[str, Value]:
        link: dict[str, Value] = {"slug": self.stems[post.pk], "title": post.title}
        return {**link, "reason": reason} if reason else link

    def _modified(self, post: Post, before: Mapping[str, Value]) -> datetime:
        """The date of the last change that an import of the unedited file would give."""
        written = before.get("last_modified_at")
        if not isinstance(written, str) or not written.strip():
            return post.published_at
        return max(parse_moment(written, self.time_zone), post.published_at)


def edit_file(raw: bytes, changes: Mapping[str, Value], *, body: str | None = None) -> bytes:
    """The file with edited front matter, and with `body` in place of its body if that is given."""
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    parts = split_document(decode(raw))
    front_matter = edit(parts.front_matter, changes) if changes else parts.front_matter
    if body is not None and not parts.closing.endswith("\n"):
        parts = parts._replace(closing=f"{parts.closing}\n")
    return mark + "".join((parts.opening, front_matter, parts.closing, parts.body if body is None else body)).encode()


def file_stem(name: str) -> str:
    return name.rpartition(".")[0]

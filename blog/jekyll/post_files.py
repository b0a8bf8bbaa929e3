"""Writes one post as a file: its imported source if nobody edited the post, else a new file."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from blog.editing.fields import FIELDS, Field, Kind
from blog.jekyll.article import KEYS_OF_THE_OLD_LAYOUT, KNOWN_KEYS
from blog.jekyll.edits import desk_defaults, importable_values
from blog.jekyll.links import needs_translation
from blog.jekyll.reading import IN_REVIEW, Document, has_liquid, moment_text, parse_document
from blog.jekyll.yaml_text import Value, front_matter_text
from blog.models import Category, Image, Post, PostSource
from blog.models.permalink import clean_path

# The order of keys in the archive. Other keys come after these.
_ORDER = ("layout", "title", "date", "categories", "tags", "author", "excerpt", "reading_time", "image")
_NAMED = ("author", "category")


class PostFileWriter(NamedTuple):
    """Writes posts as files. `stems` are the file stems by key of the post."""

    stems: Mapping[int, str]
    image_path: Callable[[Image], str]

    def write(self, post: Post, aliases: Collection[str]) -> tuple[bytes, bool]:
        """Returns the file, and whether it is the imported one. `aliases` are the old paths of the post."""
        try:
            source = post.source
        except PostSource.DoesNotExist:
            return self._file(post, aliases, None, {}, {"body"}), False
        edited = self._edited_fields(post, source.imported)
        if not edited:
            return bytes(source.raw), True
        return self._file(post, aliases, parse_document(bytes(source.raw)), source.imported, edited), False

    def _edited_fields(self, post: Post, imported: Mapping[str, Any]) -> set[str]:
        """The fields that need a new value in the file.

        In contrast to conflicts, a renamed author, section or tag counts as edited, and related articles are compared
        by the file that they are in now. An address that moved needs no new file, but that of a draft.
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

    def _file(
        self,
        post: Post,
        aliases: Collection[str],
        document: Document | None,
        imported: Mapping[str, Any],
        edited: Collection[str],
    ) -> bytes:
        """The file in the order of the archive. What the site does not know of the `document` stays at its end."""
        before = document.front_matter.values if document else {}
        values = {field.key: self._value(post, field) for field in FIELDS if field.key}
        values |= self._state(post) | self._addresses(post, aliases)
        values["layout"] = before.get("layout") or "post"
        values["reading_time"] = before.get("reading_time") or str(post.reading_minutes)
        if "related" not in edited and (waiting := imported.get("waiting")):  # articles that are not here yet
            values["related_articles"] = [{"slug": stem, "reason": reason} for stem, reason in waiting["related"]]
        body = post.body
        if document is not None and "body" not in edited:
            body = document.body
            values |= {key: before[key] for key in ("verbatim", "render_with_liquid") if key in before}
        else:
            values["render_with_liquid"] = "false" if has_liquid(body) else None
            values["verbatim"] = "true" if needs_translation(body) else None
        ordered = sorted(values, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER))
        front_matter = front_matter_text({key: values[key] for key in ordered if values[key] not in (None, "")})
        return f"---\n{front_matter}{_unknown(document) if document else ''}---\n{body}".encode()

    def _state(self, post: Post) -> dict[str, Value]:
        modified = post.published_at and post.updated_at != post.published_at
        return {
            "date": moment_text(post.published_at or post.created_at),
            "published": None if post.status == Post.Status.PUBLISHED else "false",
            "status": IN_REVIEW if post.status == Post.Status.IN_REVIEW else None,
            "last_modified_at": moment_text(post.updated_at) if modified else None,
        }

    def _addresses(self, post: Post, aliases: Collection[str]) -> dict[str, Value]:
        if not post.path:
            return {}
        written: list[Value] = [
            path if clean_path(path) == path and ":" not in path else quote(path) for path in sorted(aliases)
        ]
        return {"permalink": post.path, "guid": post.guid, "redirect_from": written or None}

    def _value(self, post: Post, field: Field) -> Value:
        """The value of the key; None if the post does not need it."""
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
                return value
        if field.model is Image:
            return self.image_path(value) if value else None
        if field.model is Post:
            return self._link(value) if value else None
        return [value.name] if field.model is Category else value.name

    def _link(self, post: Post, reason: str = "") -> dict[str, Value]:
        link: dict[str, Value] = {"slug": self.stems[post.pk], "title": post.title}
        return {**link, "reason": reason} if reason else link


def _unknown(document: Document) -> str:
    """The keys that the site does not know, as they stand in the file."""
    keys = document.front_matter.values.keys()
    return document.front_matter.text(key for key in keys if key not in KNOWN_KEYS or key in KEYS_OF_THE_OLD_LAYOUT)


def file_stem(name: str) -> str:
    return name.rpartition(".")[0]

"""Rehearses the import of a tree into an empty site, by the importer's own rules and without writing rows."""

from collections.abc import Container
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings

from blog.jekyll.files.front_matter import parse_document
from blog.jekyll.files.moments import moment_text
from blog.jekyll.files.yaml_text import Value
from blog.jekyll.importing.article import Article
from blog.jekyll.importing.bodies import translated
from blog.jekyll.importing.importer import Import
from blog.jekyll.importing.permalinks import PostImport
from blog.jekyll.importing.writer import old_guid
from blog.models import Post
from blog.models.permalink import clean_path


class Outcome(NamedTuple):
    item: PostImport
    permalink: str
    guid: str
    changes_body: bool

    @property
    def digest(self) -> str:
        return self.item.digest

    def changes_slug(self, post: Post) -> bool:
        """Whether an import would change the slug of a draft. It comes from the file name; no key can give another."""
        return not post.path and self.item.by_name.slug != post.slug

    def missing(self, post: Post, aliases: set[str]) -> dict[str, Value]:
        """The keys that the file still needs for an import to restore the date, address, guid and `aliases`."""
        keys: dict[str, Value] = {"verbatim": "true"} if self.changes_body else {}
        if not post.path:
            return keys
        if self.item.moment != post.published_at:
            keys["date"] = moment_text(post.published_at)
        if self.item.path != post.path and clean_path(self.permalink) != post.path:
            keys["permalink"] = post.path
        if self.guid != post.guid:
            keys["guid"] = post.guid
        lost = aliases - {post.path, *self.item.granted}
        if lost:
            keys["redirect_from"] = [_written(path) for path in sorted(lost)]
        return keys


class Rehearsal:
    def __init__(self, root: Path, stored_bodies: Container[str]) -> None:
        """`stored_bodies` are the files that hold the stored body, which an import must not translate."""
        run = _EmptySite(root, dry_run=True, overwrite=False, progress=lambda phase, done, total: None)
        run.scan()
        run.place()
        self.failures = run.report.failures()
        self._outcomes = {
            item.name: run.outcome(item, changes_body=item.name in stored_bodies and run.changes_body(item))
            for item in run.items
        }

    def outcome(self, name: str) -> Outcome | None:
        """The result for a file, or None if it cannot be imported."""
        return self._outcomes.get(name)


class _EmptySite(Import):
    def load(self) -> None:
        self.ledger, self.stored, self.paths = {}, {}, {}
        self.written: dict[str, tuple[str, str]] = {}

    def parse(self, item: PostImport, data: bytes) -> Article:
        article = super().parse(item, data)
        self.written[item.name] = article.permalink, article.guid
        return article

    def outcome(self, item: PostImport, *, changes_body: bool) -> Outcome:
        permalink, guid = self.written[item.name]
        return Outcome(item, permalink, guid or old_guid(item, permalink, self.config), changes_body)

    def changes_body(self, item: PostImport) -> bool:
        document = parse_document(self.tree.read_post(item.file))
        return translated(document, self.links, _new_picture).body != document.body


def _new_picture(path: str, line: int) -> str:
    """The path of a picture that this site serves, else MEDIA_URL, so that the body counts as changed."""
    return path if path.startswith(settings.MEDIA_URL) else settings.MEDIA_URL


def _written(path: str) -> str:
    """A path in a form that an import reads back, percent-encoded if it would be read as something else."""
    return path if clean_path(path) == path and ":" not in path else quote(path)

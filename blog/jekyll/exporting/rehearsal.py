"""What an import of a tree into an empty site would give, by the importer's own rules and without a row."""

from collections.abc import Container
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings

from blog.jekyll.exporting.post_file import moment_text
from blog.jekyll.front_matter import parse_document
from blog.jekyll.importing.article import Article
from blog.jekyll.importing.bodies import translated
from blog.jekyll.importing.importer import Import
from blog.jekyll.importing.permalinks import Entry
from blog.jekyll.importing.writer import old_guid
from blog.jekyll.yaml_text import Value
from blog.models import Post
from blog.models.permalink import clean_path


class Outcome(NamedTuple):
    entry: Entry
    permalink: str
    guid: str
    changes_body: bool

    @property
    def digest(self) -> str:
        return self.entry.digest

    def changes_slug(self, post: Post) -> bool:
        """Without an address the slug is that of the file's name, and no key says another."""
        return not post.path and self.entry.by_name.slug != post.slug

    def missing(self, post: Post, aliases: set[str]) -> dict[str, Value]:
        """The keys that the file needs for the post to come back as it is, with its address, its guid and `aliases`."""
        keys: dict[str, Value] = {"verbatim": "true"} if self.changes_body else {}
        if not post.path:
            return keys
        if self.entry.moment != post.published_at:
            keys["date"] = moment_text(post.published_at)
        if self.entry.path != post.path and clean_path(self.permalink) != post.path:
            keys["permalink"] = post.path
        if self.guid != post.guid:
            keys["guid"] = post.guid
        lost = aliases - {post.path, *self.entry.granted}
        if lost:
            keys["redirect_from"] = [_written(path) for path in sorted(lost)]
        return keys


class Rehearsal:
    def __init__(self, root: Path, stored_bodies: Container[str]) -> None:
        """`stored_bodies` are the files whose bodies stand in them as they are stored, and are to stay so."""
        run = _EmptySite(root, dry_run=True, overwrite=False, progress=lambda phase, done, total: None)
        run.scan()
        run.place()
        self.failures = run.report.failures()
        self._outcomes = {
            entry.name: run.outcome(entry, changes_body=entry.name in stored_bodies and run.changes_body(entry))
            for entry in run.entries
        }

    def outcome(self, name: str) -> Outcome | None:
        """None for a file that cannot be imported."""
        return self._outcomes.get(name)


class _EmptySite(Import):
    def load(self) -> None:
        self.ledger, self.stored, self.paths = {}, {}, {}
        self.written: dict[str, tuple[str, str]] = {}

    def parse(self, entry: Entry, data: bytes) -> Article:
        article = super().parse(entry, data)
        self.written[entry.name] = article.permalink, article.guid
        return article

    def outcome(self, entry: Entry, *, changes_body: bool) -> Outcome:
        permalink, guid = self.written[entry.name]
        return Outcome(entry, permalink, guid or old_guid(entry, permalink, self.config), changes_body)

    def changes_body(self, entry: Entry) -> bool:
        document = parse_document(self.tree.read_post(entry.file))
        return translated(document, self.links, _new_picture).body != document.body


def _new_picture(path: str, line: int) -> str:
    """A picture stays where it is served, and nowhere else."""
    return path if path.startswith(settings.MEDIA_URL) else settings.MEDIA_URL


def _written(path: str) -> str:
    """A path as an import reads it back: what is encoded, or looks like a host, a query or a fragment, is encoded."""
    return path if clean_path(path) == path and ":" not in path else quote(path)

"""Imports pictures of the old site. They are encoded like uploads, and their old paths redirect to the new files."""

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, MutableMapping
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from blog.jekyll.links import Links
from blog.jekyll.permalinks import Owner
from blog.jekyll.pool import LOST, Job, encoded
from blog.jekyll.reading import FileError, problem_text
from blog.jekyll.report import Report
from blog.jekyll.tree import MissingFile, Tree
from blog.models import Image, Permalink
from blog.models.image import CENTRE
from blog.models.permalink import clean_path
from blog.pictures.encoding import (
    Encoded,
    ImageRejected,
    encode_archived,
    encode_exported,
    encode_for_page,
    encode_renditions,
)
from blog.pictures.renditions import read_original, store_renditions
from blog.pictures.uploads import add_image, find_image, restore_image

_DIGEST = re.compile("[0-9a-f]{64}")
Wanted = tuple[str, bool]  # path in the tree, and whether a body shows it


class Pictures:
    """The pictures of an import. `claimed` are the paths that the import gives to articles.

    A dry run decodes the pictures too, and reports those that are refused.
    """

    def __init__(
        self,
        tree: Tree,
        links: Links,
        report: Report,
        ledger: MutableMapping[str, Owner],
        claimed: Container[str],
        *,
        dry_run: bool,
    ) -> None:
        self.tree = tree
        self.links = links
        self.report = report
        self.ledger = ledger
        self.claimed = claimed
        self.dry_run = dry_run
        self._sound: set[str] = set()  # digests
        self._refused: dict[str, Exception] = {}

    def prepare(self, wanted: Iterable[Wanted]) -> None:
        """Encodes and stores the pictures that are new. Those that cannot be are reported where they are named."""
        self._run(job for path, is_shown in wanted if (job := self._job(path, is_shown)))

    def restore(self, rows: Iterable[tuple[int, dict[str, str]]], table: str) -> None:
        """Stores the pictures of an export with their texts, by line of the table. A stored picture stays as it is."""
        lines: dict[str, tuple[int, str]] = {}

        def jobs() -> Iterator[Job]:
            for line, texts in rows:
                path = texts.pop("file")
                try:
                    data = self._exported(path, texts)
                except MissingFile:
                    self.report.miss_image(path)
                except FileError as error:
                    self.report.fail(table, FileError(line, error.reason))
                else:
                    if data is not None:
                        lines[hashlib.sha256(data).hexdigest()] = line, path
                        yield Job(encode_exported, data, partial(_restore, data, texts))

        self._run(jobs())
        for digest, (line, path) in lines.items():
            if error := self._refused.pop(digest, None):
                self.report.fail(table, FileError(line, f"image {path}: {reason(error)}"))

    def _exported(self, path: str, texts: dict[str, str]) -> bytes | None:
        """The bytes of the picture; None if it is stored already. Raises FileError and MissingFile."""
        if not _DIGEST.fullmatch(texts["source_digest"]):
            raise FileError(None, "source_digest is not the SHA-256 of a file")
        texts |= {name: texts[name] or str(CENTRE) for name in ("focus_x", "focus_y")}  # older exports have none
        try:
            Image(**texts).clean_fields(exclude=["file", "width", "height"])
        except ValidationError as error:
            raise FileError(None, problem_text(error)) from error
        if Image.objects.filter(source_digest=texts["source_digest"]).exists():
            return None
        try:
            return self.tree.read_image(clean_path(path))
        except FileError as error:
            raise FileError(None, f"image {path}: {error.reason}") from error

    def named(self, written: str, file: str, line: int | None) -> Image | None:
        """The picture that the front matter names; None if it is missing or on another site."""
        local = self.links.root_path(written)
        if local is None:
            self.report.find(file, "external_image", line, written)
            return None
        return self._place(clean_path(local), file, line)

    def url(self, path: str, file: str, line: int) -> str | None:
        """The URL of a picture in a body; None if the link must stay as it is."""
        image = self._place(path, file, line, is_shown=True)
        return (image.file.url if image.file else f"{settings.MEDIA_URL}images/") if image else None

    def _place(self, path: str, file: str, line: int | None, *, is_shown: bool = False) -> Image | None:
        """The stored picture, to which its old path leads from now on."""
        try:
            data = self.tree.read_image(path)
            digest = hashlib.sha256(data).hexdigest()
            if digest not in self._refused:
                self.prepare([(path, is_shown)])
            if digest in self._refused:
                raise self._refused[digest]
        except MissingFile:
            return self._stored_before(path)
        except (FileError, ImageRejected, FileNotFoundError, *LOST) as error:
            self.report.miss_image(path)
            self.report.fail(file, FileError(line, f"image {path}: {reason(error)}; the article has none"))
            return None
        image = find_image(data)
        if image is not None and not self.dry_run:
            self._lead(path, image.file.url)
        return image or Image(source_digest=digest)

    def _job(self, path: str, is_shown: bool) -> Job | None:
        try:
            data = self.tree.read_image(path)
        except (MissingFile, FileError):  # reported where it is named
            return None
        digest, image = hashlib.sha256(data).hexdigest(), find_image(data)
        if image is None and digest not in self._sound | self._refused.keys():
            encode = encode_for_page if is_shown and not self.dry_run else encode_archived
            return Job(encode, data, lambda made: _add(made, data, path))
        if image is not None and is_shown and image.renditions is None and not self.dry_run:
            try:
                return Job(encode_renditions, read_original(image), lambda made: store_renditions(image, made))
            except FileNotFoundError as error:
                self._refused[digest] = error
        return None

    def _run(self, jobs: Iterable[Job]) -> None:
        for job, made in encoded(jobs):
            digest = hashlib.sha256(job.data).hexdigest()
            try:
                if isinstance(made, Exception):
                    raise made
                if not self.dry_run:
                    job.keep(made)
                self._sound.add(digest)
            except (ImageRejected, *LOST) as error:
                self._refused[digest] = error

    def _stored_before(self, path: str) -> Image | None:
        """The picture that an earlier import stored at the path. A tree without its pictures removes none."""
        target = self.ledger.get(path)
        if isinstance(target, str) and target.startswith(settings.MEDIA_URL):
            image = Image.objects.filter(file=target.removeprefix(settings.MEDIA_URL)).first()
            if image is not None:
                return image
        self.report.miss_image(path)
        return None

    def _lead(self, path: str, url: str) -> None:
        """Redirects the old path to the stored file, unless it is an article's, or an editor has a redirect there."""
        path = path if path.startswith("/") else f"/{path}"
        target = self.ledger.get(path, "")
        if (
            path in self.claimed
            or url in (path, target)
            or not str(target or settings.MEDIA_URL).startswith(settings.MEDIA_URL)
        ):
            return
        if len(path) > Permalink._meta.get_field("path").max_length or not path.isprintable():
            return
        # The ledger in memory is from the start of the run. An article may have taken the path as an alias since.
        row, is_new = Permalink.objects.get_or_create(path=path, defaults={"target": url})
        if not is_new and row.target.startswith(settings.MEDIA_URL):
            row.target = url
            row.save(update_fields=["target"])
        self.ledger[path] = row.post_id or url


def _add(made: Any, data: bytes, path: str) -> None:
    """Stores a new picture. Only one that a page shows was made with renditions."""
    encoded, renditions = made if isinstance(made[1], list) else (made, None)
    image, _ = add_image(encoded, data, name=path)
    if renditions is not None:
        store_renditions(image, renditions)


def _restore(data: bytes, texts: dict[str, str], made: Encoded) -> None:
    restore_image(data, encode=lambda data: made, **texts)


def reason(error: Exception) -> str:
    if isinstance(error, LOST):
        return "there is not enough memory to decode it, or its decoder crashed"
    if isinstance(error, FileNotFoundError):
        return "the file that was stored for it is gone"
    return error.reason if isinstance(error, FileError) else str(error)

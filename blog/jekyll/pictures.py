"""Imports pictures of the old site. They are encoded like uploads, and their old paths redirect to the new files."""

import hashlib
import os
import re
from collections.abc import Callable, Container, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings

from blog.jekyll.links import Links
from blog.jekyll.permalinks import Owner
from blog.jekyll.reading import FileError
from blog.jekyll.report import Report
from blog.jekyll.tree import MissingFile, Tree
from blog.models import Image, Permalink
from blog.models.image import CENTRE
from blog.models.permalink import clean_path
from blog.pictures.encoding import (
    ImageRejected,
    encode_archived,
    encode_exported,
    encode_for_page,
    encode_renditions,
)
from blog.pictures.renditions import read_original, store_renditions
from blog.pictures.uploads import add_image, find_image, restore_image

_DIGEST = re.compile("[0-9a-f]{64}")
AHEAD = 16  # pictures in memory that are being encoded or wait for their turn
Wanted = tuple[str, bool]  # path in the tree, and whether a body shows it


class Job(NamedTuple):
    """The encoding of one picture. `keep` stores what `encode` made of the bytes."""

    encode: Callable[[bytes], Any]
    data: bytes
    keep: Callable[[Any], object]

    def run(self) -> Any:
        """What `encode` made of the bytes, or the error that it raised."""
        try:
            return self.encode(self.data)
        except (ImageRejected, MemoryError) as error:
            return error


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

    def restore(self, texts: dict[str, str]) -> None:
        """Stores a picture of an export with its texts. A stored picture stays as it is. Raises FileError."""
        path = texts.pop("file")
        if not _DIGEST.fullmatch(texts["source_digest"]):
            raise FileError(None, "source_digest is not the SHA-256 of a file")
        texts |= {name: texts[name] or str(CENTRE) for name in ("focus_x", "focus_y")}  # older exports have none
        Image(**texts).clean_fields(exclude=["file", "width", "height"])
        if Image.objects.filter(source_digest=texts["source_digest"]).exists():
            return
        try:
            data = self.tree.read_image(clean_path(path))
            encoded = encode_exported(data)
        except MissingFile:
            self.report.miss_image(path)
        except (FileError, ImageRejected, MemoryError) as error:
            raise FileError(None, f"image {path}: {reason(error)}") from error
        else:
            if not self.dry_run:
                restore_image(data, encode=lambda data: encoded, **texts)

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
        except (FileError, ImageRejected, FileNotFoundError, MemoryError) as error:
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
        """Encodes in threads, since Pillow works without Python's lock, and stores in this one."""
        waiting = iter(jobs)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            while group := list(islice(waiting, AHEAD)):
                for job, made in zip(group, pool.map(Job.run, group), strict=True):
                    digest = hashlib.sha256(job.data).hexdigest()
                    if isinstance(made, Exception):
                        self._refused[digest] = made
                        continue
                    try:
                        if not self.dry_run:
                            job.keep(made)
                        self._sound.add(digest)
                    except ImageRejected as error:  # the disk is full
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


def reason(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "there is not enough memory to decode it"
    if isinstance(error, FileNotFoundError):
        return "the file that was stored for it is gone"
    return error.reason if isinstance(error, FileError) else str(error)

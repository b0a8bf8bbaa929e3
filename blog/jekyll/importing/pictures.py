"""Imports pictures of the old site. They are encoded like uploads, and their old paths redirect to the new files."""

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, MutableMapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from django.conf import settings

from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import MissingFile, Tree
from blog.jekyll.importing.links import Links
from blog.jekyll.importing.permalinks import Owner
from blog.jekyll.importing.workers import Work, WorkerDied, Workers
from blog.jekyll.report import Report
from blog.models import Image, Permalink
from blog.models.permalink import clean_path
from blog.pictures.encoding import ImageRejected, encode_archived, encode_exported, encode_for_page, encode_renditions
from blog.pictures.renditions import read_original, store_renditions
from blog.pictures.uploads import add_image, find_image, restore_image

LOST = (WorkerDied, MemoryError)
Wanted = tuple[str, bool]  # path in the tree, and whether a body shows it


class PlacedImage(NamedTuple):
    """An image and its URL on this site."""

    image: Image
    url: str


class Pictures:
    """The pictures of an import. `workers` encode new ones, in a dry run too, which reports those that they refuse.

    `claimed` are the paths that the import gives to articles.
    """

    def __init__(
        self,
        tree: Tree,
        links: Links,
        report: Report,
        ledger: MutableMapping[str, Owner],
        claimed: Container[str],
        workers: Workers,
        *,
        dry_run: bool,
    ) -> None:
        self.tree = tree
        self.links = links
        self.report = report
        self.ledger = ledger
        self.claimed = claimed
        self.workers = workers
        self.dry_run = dry_run
        self._sound: set[str] = set()  # digests of pictures that a dry run has decoded

    def work(self, wanted: Iterable[Wanted]) -> Iterator[Work]:
        """The work that these pictures will probably need."""
        for path, is_shown in wanted:
            with suppress(MissingFile, FileError, FileNotFoundError):  # reported for the article that names it
                data = self.tree.read_image(path)
                image = find_image(data)
                if image is None:
                    yield self._encoder(is_shown), data
                elif is_shown and image.renditions is None and not self.dry_run:
                    yield encode_renditions, read_original(image)

    def exported(self, path: str, source_digest: str) -> Iterator[Work]:
        """The work for a picture of an export."""
        if Image.objects.filter(source_digest=source_digest).exists():
            return
        with suppress(MissingFile, FileError):
            yield encode_exported, self.tree.read_image(clean_path(path))

    def named(self, written: str, file: str, line: int | None) -> Image | None:
        """The picture that the front matter names; None if it is missing or on another site."""
        local = self.links.root_path(written)
        if local is None:
            self.report.find(file, "external_image", line, written)
            return None
        picture = self._store(clean_path(local), file, line)
        return picture.image if picture else None

    def url(self, path: str, file: str, line: int) -> str | None:
        """The URL of a picture in a body; None if the link must stay as it is."""
        picture = self._store(path, file, line, is_shown=True)
        return picture.url if picture else None

    def restore(self, path: str, source_digest: str, **texts: str) -> None:
        """Stores a picture of an export with its texts. A stored picture stays as it is. Raises FileError."""
        if Image.objects.filter(source_digest=source_digest).exists():
            return
        encode = partial(self.workers.run, encode_exported)
        try:
            data = self.tree.read_image(clean_path(path))
            if self.dry_run:
                encode(data)
            else:
                restore_image(data, source_digest=source_digest, encode=encode, **texts)
        except MissingFile:
            self.report.miss_image(path)
        except (ImageRejected, *LOST) as error:
            raise FileError(None, f"image {path}: {reason(error)}") from error

    def _store(self, path: str, file: str, line: int | None, *, is_shown: bool = False) -> PlacedImage | None:
        try:
            data = self.tree.read_image(path)
            if self.dry_run:
                return self._check(data)
            image = self._stored(data, path, is_shown=is_shown)
        except MissingFile:
            return self._stored_before(path)
        except (FileError, ImageRejected, FileNotFoundError, *LOST) as error:
            self.report.miss_image(path)
            self.report.fail(file, FileError(line, f"image {path}: {reason(error)}; the article has none"))
            return None
        self._lead(path, image.file.url)
        return PlacedImage(image, image.file.url)

    def _stored(self, data: bytes, path: str, *, is_shown: bool) -> Image:
        """Stores the image with these bytes, if it is new. Only an image that a page shows gets renditions."""
        image = find_image(data)
        if image is None:
            if not is_shown:
                return add_image(self.workers.run(encode_archived, data), data, name=path)[0]
            encoded, renditions = self.workers.run(encode_for_page, data)
            image, _ = add_image(encoded, data, name=path)
            store_renditions(image, renditions)
        elif is_shown and image.renditions is None:
            store_renditions(image, self.workers.run(encode_renditions, read_original(image)))
        return image

    def _check(self, data: bytes) -> PlacedImage:
        """The result of `_stored` without storing anything. Raises ImageRejected."""
        digest = hashlib.sha256(data).hexdigest()
        image = find_image(data) or Image(source_digest=digest)
        if image.pk is None and digest not in self._sound:
            self.workers.run(encode_archived, data)
            self._sound.add(digest)
        return PlacedImage(image, f"{settings.MEDIA_URL}images/")

    def _encoder(self, is_shown: bool) -> Callable[[bytes], object]:
        return encode_for_page if is_shown and not self.dry_run else encode_archived

    def _stored_before(self, path: str) -> PlacedImage | None:
        """The picture that an earlier import stored at the path. A tree without its pictures removes none."""
        target = self.ledger.get(path)
        if isinstance(target, str) and target.startswith(settings.MEDIA_URL):
            image = Image.objects.filter(file=target.removeprefix(settings.MEDIA_URL)).first()
            if image is not None:
                return PlacedImage(image, target)
        self.report.miss_image(path)
        return None

    def _lead(self, path: str, url: str) -> None:
        """Redirects the old path to the stored file, unless it is an article's, or an editor has a redirect there."""
        path = path if path.startswith("/") else f"/{path}"
        if path in self.claimed:
            return
        target = self.ledger.get(path, "")
        if url in (path, target) or not (target == "" or str(target).startswith(settings.MEDIA_URL)):
            return
        if len(path) > Permalink._meta.get_field("path").max_length or not path.isprintable():
            return
        # The ledger in memory is from the start of the run. An article may have taken the path as an alias since.
        row, is_new = Permalink.objects.get_or_create(path=path, defaults={"target": url})
        if not is_new and row.target.startswith(settings.MEDIA_URL):
            row.target = url
            row.save(update_fields=["target"])
        self.ledger[path] = row.post_id or url


def reason(error: Exception) -> str:
    if isinstance(error, LOST):
        return "there is not enough memory to decode it, or its decoder crashed"
    if isinstance(error, FileNotFoundError):
        return "the file that was stored for it is gone"
    return error.reason if isinstance(error, FileError) else str(error)

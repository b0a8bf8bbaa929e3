"""Pictures of the old site: re-encoded like an upload, their old paths led to the stored files."""

import hashlib
from collections.abc import MutableMapping
from typing import NamedTuple

from django.conf import settings

from blog.jekyll.front_matter import FileError
from blog.jekyll.importing.links import Links
from blog.jekyll.importing.permalinks import Owner
from blog.jekyll.importing.tree import MissingFile, Tree
from blog.jekyll.report import Report
from blog.models import Image, Permalink
from blog.models.permalink import clean_path
from blog.pictures.renditions import make_renditions
from blog.pictures.uploads import ImageRejected, reencode, restore_image, store_image


class Picture(NamedTuple):
    image: Image
    url: str


class Pictures:
    def __init__(
        self, tree: Tree, links: Links, report: Report, ledger: MutableMapping[str, Owner], *, dry_run: bool
    ) -> None:
        self.tree = tree
        self.links = links
        self.report = report
        self.ledger = ledger
        self.dry_run = dry_run

    def named(self, written: str, file: str, line: int | None) -> Image | None:
        """The picture that the front matter names; None for one that is missing or of another site."""
        local = self.links.root_path(written)
        if local is None:
            self.report.find(file, "external_image", line, written)
            return None
        picture = self._store(clean_path(local), file, line)
        return picture.image if picture else None

    def url(self, path: str, file: str, line: int) -> str | None:
        """Where a picture of a body is now; None leaves the link as it is."""
        picture = self._store(path, file, line)
        if picture and not self.dry_run and picture.image.renditions is None:
            make_renditions(picture.image)  # a picture for cards is never on a page and needs none
        return picture.url if picture else None

    def restore(self, path: str, source_digest: str, **texts: str) -> None:
        """The picture of an export, with what was written to it; one that is here stays as it is. Raises FileError."""
        if Image.objects.filter(source_digest=source_digest).exists():
            return
        try:
            data = self.tree.read_image(clean_path(path))
            if self.dry_run:
                reencode(data)
            else:
                restore_image(data, source_digest=source_digest, **texts)
        except MissingFile:
            self.report.miss_image(path)
        except ImageRejected as error:
            raise FileError(None, f"image {path}: {error}") from error

    def _store(self, path: str, file: str, line: int | None) -> Picture | None:
        try:
            data = self.tree.read_image(path)
            if self.dry_run:
                return self._check(data)
            image = store_image(data, name=path)
        except MissingFile:
            return self._stored_before(path)
        except FileError as error:
            self.report.miss_image(path)
            self.report.fail(file, FileError(line, f"image {path}: {error.reason}; the article has none"))
            return None
        except ImageRejected as error:
            self.report.miss_image(path)
            self.report.fail(file, FileError(line, f"image {path}: {error}; the article has none"))
            return None
        self._lead(path, image.file.url)
        return Picture(image, image.file.url)

    def _check(self, data: bytes) -> Picture:
        """What `store_image` would say, with nothing stored. Raises ImageRejected."""
        digest = hashlib.sha256(data).hexdigest()
        image = Image.objects.filter(source_digest=digest).first()
        if image is None:
            reencode(data)
            image = Image(source_digest=digest)
        return Picture(image, f"{settings.MEDIA_URL}images/")

    def _stored_before(self, path: str) -> Picture | None:
        """The picture that an earlier import stored: a tree without its assets takes none away."""
        target = self.ledger.get(path)
        if isinstance(target, str) and target.startswith(settings.MEDIA_URL):
            image = Image.objects.filter(file=target.removeprefix(settings.MEDIA_URL)).first()
            if image is not None:
                return Picture(image, target)
        self.report.miss_image(path)
        return None

    def _lead(self, path: str, url: str) -> None:
        """Leads the old path to the stored file, unless an editor leads it elsewhere."""
        path = path if path.startswith("/") else f"/{path}"
        target = self.ledger.get(path, "")
        if url in (path, target) or not (target == "" or str(target).startswith(settings.MEDIA_URL)):
            return
        if len(path) > Permalink._meta.get_field("path").max_length or not path.isprintable():
            return
        # The ledger in memory is that of the start: an article of this run may have taken the path as its alias.
        row, is_new = Permalink.objects.get_or_create(path=path, defaults={"target": url})
        if not is_new and row.target.startswith(settings.MEDIA_URL):
            Permalink.objects.filter(pk=row.pk).update(target=url)
        self.ledger[path] = row.post_id or url

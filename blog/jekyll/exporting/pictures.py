"""The pictures of an export. They are at their paths of the old site if they have any, else at their own paths."""

import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation

from blog.addresses import PICTURE_ADDRESS
from blog.jekyll.files.tree import IMAGE_SUFFIXES
from blog.jekyll.tables.site_data import IMAGES, image_row
from blog.models import FormerFile, Image, Permalink


class ExportedPictures:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self._linked: set[str] = set()
        self._old_paths: dict[str, list[str]] = {}
        rows = Permalink.objects.filter(target__startswith=settings.MEDIA_URL).order_by("path")
        pictures = {path: target for path, target in rows.values_list("path", "target") if is_image_path(path)}
        for path, target in pictures.items():
            if not any(str(parent) in pictures for parent in PurePosixPath(path).parents):  # no file can be a folder
                self._old_paths.setdefault(target.removeprefix(settings.MEDIA_URL), []).append(path)
        # A text may name a file that its picture had before; there, the tree has the picture of today.
        for name, file in FormerFile.objects.order_by("pk").values_list("name", "image__file"):
            self._old_paths.setdefault(file, []).append(f"{settings.MEDIA_URL}{name}")

    def path(self, image: Image) -> str:
        """The path of the picture from the root of the tree."""
        return self._paths(image)[0]

    def note_links(self, body: str) -> None:
        """Notes the pictures that a body shows by their addresses on this site, so that they are written there too."""
        self._linked.update(PICTURE_ADDRESS.findall(body))

    def write(self) -> int:
        """Writes all pictures and the table of their texts. Returns their number.

        A picture whose file is missing is added to `problems`.
        """
        return IMAGES.write(self.folder, self._copied())

    def _copied(self) -> Iterator[list[str]]:
        for image in Image.objects.order_by("pk").iterator():
            try:
                paths = self._paths(image)
                for path in paths:
                    self._copy(image, path)
                yield image_row(image, paths[0])
            except (FileNotFoundError, SuspiciousFileOperation):
                self.problems.append(f"{image.file.name}: the picture's file is not there")

    def _paths(self, image: Image) -> list[str]:
        own = f"{settings.MEDIA_URL}images/{PurePosixPath(image.file.name).name}"
        paths = self._old_paths.get(image.file.name, [])
        return [*paths, own] if not paths or image.file.name in self._linked else paths

    def _copy(self, image: Image, path: str) -> None:
        target = self.folder / path.lstrip("/")
        with image.file.open("rb") as source:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as stream:
                shutil.copyfileobj(source, stream)


def is_image_path(path: str) -> bool:
    """Whether a tree may have a picture at this path. Jekyll gives names with some first characters another meaning."""
    segments = path.removeprefix("/").split("/")
    return (
        path.lower().endswith(IMAGE_SUFFIXES)
        and path.isprintable()
        and "\\" not in path
        and all(segment and not segment.startswith((".", "_", "#", "~")) for segment in segments)
        and all(len(segment.encode("utf-8", "replace")) <= 255 for segment in segments)
    )

"""The files of a Jekyll tree. No name and no link makes it read a file outside the root."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from blog.jekyll.reading import FileError

MAX_CONFIG_BYTES = 2**20
MAX_POST_BYTES = 10 * 2**20
MAX_IMAGE_BYTES = 20 * 2**20
MAX_DATA_BYTES = 50 * 2**20
POST_SUFFIXES = (".md", ".markdown")
MAX_PATH = 4_096  # characters; the limit of Linux
CONFIG = "_config.yml"
HTML_SUFFIXES = (".html", ".htm")
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
PAGES = "_pages"


class TreeError(ValueError):
    """The folder is no Jekyll tree."""


class MissingFile(Exception):
    """The tree has no file of that name."""


class PostFile(NamedTuple):
    """A file. `path` is spelt as on the disk, `shown` is for reports: the path below `_posts`, or that of a page."""

    path: str
    shown: str

    @property
    def name(self) -> str:
        """Identifies an import."""
        return os.path.basename(self.shown)


class Tree:
    def __init__(self, root: Path) -> None:
        """Raises TreeError if `root` holds no `_posts`."""
        self.root = os.path.realpath(root)
        self.posts = os.path.join(self.root, "_posts")
        if not os.path.isdir(self.root):
            raise TreeError(f"{root} is not a folder")
        if not os.path.isdir(self.posts) or not self._holds(os.path.realpath(self.posts)):
            raise TreeError(f"{root} has no _posts folder: give the root of the Jekyll site")

    def walk(self) -> Iterator[tuple[PostFile, FileError | None]]:
        """Yields every article below `_posts`, sorted by path, with the error if it must not be read.

        As in Jekyll, names that begin with `.`, `_` or `#`, or end with `~`, are left out.
        """
        return self._walk(self.posts, self.posts, POST_SUFFIXES)

    def walk_pages(self) -> Iterator[tuple[PostFile, FileError | None]]:
        """Yields the static pages below `_pages` in the same way. Their `shown` is the path from the root."""
        pages = os.path.join(self.root, PAGES)
        if os.path.isdir(pages) and self._holds(os.path.realpath(pages)):
            yield from self._walk(pages, self.root, POST_SUFFIXES + HTML_SUFFIXES)

    def _walk(self, top: str, base: str, suffixes: tuple[str, ...]) -> Iterator[tuple[PostFile, FileError | None]]:
        unlisted: list[OSError] = []
        for folder, folders, files in os.walk(top, onerror=unlisted.append):
            folders[:] = sorted(name for name in folders if not _is_private(name))
            for name in list(folders):
                path = os.path.join(folder, name)
                if name.lower().endswith(suffixes):
                    folders.remove(name)
                    yield _file(path, base), FileError(None, "a folder, not a file")
                elif os.path.islink(path):
                    yield _file(path, base), FileError(None, "a symbolic link to a folder is not followed")
            for name in sorted(files):
                if name.lower().endswith(suffixes) and not _is_private(name):
                    file = _file(os.path.join(folder, name), base)
                    unprintable = "�" in file.name and "�" not in name
                    yield file, FileError(None, "the file name is not UTF-8") if unprintable else None
        for error in unlisted:
            yield _file(error.filename, base), FileError(None, f"cannot be listed: {error.strerror}")

    def read_post(self, file: PostFile) -> bytes:
        """The bytes of an article or page. Raises FileError."""
        try:
            return self._read(file.path, MAX_POST_BYTES)
        except MissingFile:
            raise FileError(None, "the file is not there, or is a link that leads nowhere") from None

    def read_data(self, path: str, limit: int = MAX_DATA_BYTES) -> bytes:
        """The bytes of a table or of the settings. Raises MissingFile and FileError."""
        return self._read(os.path.join(self.root, path), limit)

    def read_image(self, path: str) -> bytes:
        """The bytes at a path of the old site. Raises MissingFile, and FileError for a file that must not be read."""
        relative = path.lstrip("/")
        if len(relative) > MAX_PATH:
            raise MissingFile(path)
        for spelling in dict.fromkeys(unicodedata.normalize(form, relative) for form in ("NFC", "NFD")):
            try:
                return self._read(os.path.join(self.root, spelling), MAX_IMAGE_BYTES)
            except MissingFile:
                continue
        raise MissingFile(path)

    def _read(self, path: str, limit: int) -> bytes:
        try:
            target = os.path.realpath(path)
            if not self._holds(target):
                raise FileError(None, "leads out of the tree")
            status = os.stat(target)
            if not stat.S_ISREG(status.st_mode):
                raise FileError(None, "not a regular file")  # opening a pipe would wait for ever
            if status.st_size > limit:
                raise FileError(None, f"{status.st_size:,} bytes, more than the {limit:,} that are read")
            with open(target, "rb") as stream:
                return stream.read(limit)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise MissingFile(path) from error
        except OSError as error:
            raise FileError(None, f"cannot be read: {error.strerror}") from error
        except ValueError as error:  # a NUL in the path
            if isinstance(error, FileError):
                raise
            raise MissingFile(path) from error

    def _holds(self, path: str) -> bool:
        return path.startswith(self.root.rstrip(os.sep) + os.sep)


def _file(path: str, base: str) -> PostFile:
    # A name that is not UTF-8 contains surrogates, which neither a database nor JSON accepts.
    shown = os.fsencode(os.path.relpath(path, base)).decode("utf-8", "replace")
    return PostFile(path, unicodedata.normalize("NFC", shown))


def _is_private(name: str) -> bool:
    return name.startswith((".", "_", "#")) or name.endswith("~")

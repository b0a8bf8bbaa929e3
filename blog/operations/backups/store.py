"""A folder of backups: objects, named by the hash of their bytes, and manifests, which say what a backup consists of.

    DIR/objects/3f/3f9a…       a picture or a copy of the database, encrypted if the backup is
    DIR/20261127T083217Z-….json   a manifest; its name has the time in UTC and the hash of its text

An object is never changed, so backups share the objects that they have in common. A manifest is written last.
"""

import fcntl
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from blog.delivery.scratch import is_disk_full, keep

FORMAT = 1
CHUNK = 2**20
_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{32}")
_UNFIT = re.compile(r"[\\\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class BackupError(Exception):
    """A backup was not made or not restored; the message says why."""


@dataclass(frozen=True)
class StoredObject:
    """Bytes as they stand in the folder: `sha256` and `size` are those of the encrypted form, if there is one."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    vendor: str  # of the database: sqlite or postgresql
    recipients: list[str]  # age keys that the objects are encrypted to; empty for none
    database: StoredObject
    media: dict[str, StoredObject]
    missing: list[str]  # files that a row of the database named and the storage did not have

    @property
    def objects(self) -> list[StoredObject]:
        return [self.database, *self.media.values()]


class BackupStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps another backup out of the folder, which is made if it is missing. Raises BackupError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(self.folder / "lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(f"another backup is being made in {self.folder}") from None
            yield

    def add(self, write: Callable[["HashingFile"], object]) -> StoredObject:
        """Stores what `write` writes to the file that it gets. If `write` fails, nothing is left."""
        folder = self.folder / "objects"
        folder.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="unfinished-", delete=False) as file:
            try:
                hashing = HashingFile(file)
                write(hashing)
                file.flush()
                os.fsync(file.fileno())
                stored = StoredObject(hashing.digest.hexdigest(), hashing.size)
                self.path(stored).parent.mkdir(exist_ok=True)
                os.replace(file.name, self.path(stored))
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        keep(self.path(stored).parent)
        return stored

    def path(self, stored: StoredObject) -> Path:
        return self.folder / "objects" / stored.sha256[:2] / stored.sha256

    def check(self, stored: StoredObject) -> None:
        """Reads the object. Raises BackupError if it is missing, unreadable, or has other bytes than were stored."""
        path = self.path(stored)
        try:
            with open(path, "rb") as file:
                digest = sha256()
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            raise BackupError(f"{path} is missing") from None
        except OSError as error:  # a bad sector, for one
            raise BackupError(f"{path} cannot be read: {error.strerror}") from error
        if digest.hexdigest() != stored.sha256:
            raise BackupError(f"{path} is damaged: its bytes are not those that were stored")

    def names(self) -> list[str]:
        """The names of all backups, oldest first."""
        return sorted(path.stem for path in self.folder.glob("*.json") if _NAME.fullmatch(path.stem))

    def write(self, manifest: Manifest, time: str) -> str:
        """Completes a backup with its manifest, and returns its name. `time` is that of `%Y%m%dT%H%M%SZ`."""
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1).encode()
        name = f"{time}-{sha256(text).hexdigest()[:32]}"
        unfinished = self.folder / "unfinished-manifest"
        try:
            with open(unfinished, "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, self.folder / f"{name}.json")
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        keep(self.folder)
        return name

    def read(self, name: str) -> Manifest:
        """Raises BackupError for a backup that is not there, was changed, or was made by a newer release."""
        path = self.folder / f"{name}.json"
        if name not in self.names():
            raise BackupError(f"{self.folder} has no backup {name!r}")
        text = path.read_bytes()
        if sha256(text).hexdigest()[:32] != name.rpartition("-")[2]:
            raise BackupError(f"{path} is damaged: its name does not belong to its text")
        try:
            return _parse(json.loads(text))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise BackupError(f"{path} is no backup that this release can read: {error!r}") from error

    def remove(self, names: set[str]) -> None:
        """Removes the backups, and every object that no other backup needs, those of a backup that failed too.

        Raises BackupError, and removes nothing, if a backup that stays cannot be read.
        """
        kept = set(self.names()) - names
        needed = {self.path(stored) for name in kept for stored in self.read(name).objects}
        for name in names:
            (self.folder / f"{name}.json").unlink()
        for path in (self.folder / "objects").rglob("*"):
            if path.is_file() and path not in needed:
                path.unlink()


class HashingFile:
    """A file to write to, which knows the size and the hash of what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.size = file, sha256(), 0

    def write(self, data: bytes) -> int:
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self.file.flush()


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turns an error of the disk into a BackupError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if is_disk_full(error):
            reason = "there is no room left on the disk"
        raise BackupError(f"{error.filename}: {reason}" if error.filename else reason) from error


def is_stored_name(name: str) -> bool:
    """Whether a file may be restored under the name: no control signs, in the one way to write a path."""
    parts = name.split("/")
    return not _UNFIT.search(name) and not {"", ".", ".."} & {*parts}


def _parse(data: Any) -> Manifest:
    """Raises KeyError, TypeError or ValueError for what is no manifest; anybody may have written it."""
    if not isinstance(data, dict):
        raise TypeError("no object")
    if data.pop("format") != FORMAT:
        raise ValueError("a newer format")
    database, media = _object(data.pop("database")), data.pop("media")
    manifest = Manifest(**data, database=database, media={_file(name): _object(media[name]) for name in media})
    words = [manifest.vendor, *manifest.recipients, *manifest.missing]
    if not all(isinstance(word, str) for word in words) or isinstance(manifest.recipients, str):
        raise TypeError("a name that is none")
    return manifest


def _object(data: dict[str, Any]) -> StoredObject:
    stored = StoredObject(**data)
    if not _DIGEST.fullmatch(stored.sha256):
        raise ValueError(f"{stored.sha256!r} is no hash")
    if not isinstance(stored.size, int):
        raise TypeError(f"{stored.size!r} is no size")
    return stored


def _file(name: str) -> str:
    if not is_stored_name(name):
        raise ValueError(f"{name!r} is no name of a file")
    return name

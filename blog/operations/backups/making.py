"""Makes a backup while the site goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from blog.database import consistent_reads
from blog.delivery.scratch import scratch_folder
from blog.operations.backups.databases import copier
from blog.operations.backups.encryption import copying, recipients
from blog.operations.backups.retention import expired
from blog.operations.backups.store import (
    BackupError,
    BackupStore,
    Manifest,
    StoredObject,
    disk_errors,
    is_stored_name,
)
from blog.pictures.stored_files import named_files


@dataclass(frozen=True)
class Made:
    name: str
    manifest: Manifest
    new_files: int
    damaged: list[str]  # what was wrong with objects of an earlier backup, whose files were copied again
    left_out: list[str]  # names of files that no restore would take
    removed: int  # older backups
    not_removed: str  # why older backups stay that should have gone; "" if none does


def back_up(folder: Path, *, recent: int, months: int) -> Made:
    """Writes a backup into `folder`, and removes those that `retention.expired` names. Raises BackupError.

    A file is stored before its row, and is never changed. So the files are copied first, then the database, then the
    files that came meanwhile: each row of the copy has its files, but for a picture that was uploaded and deleted while
    the backup ran. What an earlier backup has is read through before it counts as copied: damage would else pass into
    every later backup, and show on the day of a restore.

    A failed backup leaves the older ones as they were, and so does one beside a damaged manifest.
    """
    with disk_errors():
        _check(folder)
        store = BackupStore(folder)
        with store.locked():
            backup = _Backup(store)
            backup.copy_files()
            database, named = backup.copy_database()
            backup.copy_files()
            missing = sorted(named - backup.media.keys())
            manifest = Manifest(connection.vendor, settings.BACKUP_RECIPIENTS, database, backup.media, missing)
            name = store.write(manifest, backup.time)
            old = expired(store.names(), recent=recent, months=months)
            removed, not_removed = len(old), ""
            try:
                store.remove(old)
            except BackupError as error:
                removed, not_removed = 0, str(error)
    left_out = sorted(backup.left_out)
    return Made(name, manifest, backup.new_files, backup.damaged, left_out, removed, not_removed)


class _Backup:
    def __init__(self, store: BackupStore) -> None:
        self.store = store
        self.keys = recipients(settings.BACKUP_RECIPIENTS)
        self.time = timezone.now().strftime("%Y%m%dT%H%M%SZ")
        self.known = self._known()
        self.media: dict[str, StoredObject] = {}
        self.new_files = 0
        self.damaged: list[str] = []
        self.left_out: set[str] = set()

    def copy_files(self) -> None:
        """Copies the files that are not copied yet. A name stands for the same bytes for ever."""
        for name in _files():
            if name in self.media:
                continue
            if not is_stored_name(name):  # a restore would refuse it, and the whole backup with it
                self.left_out.add(name)
                continue
            if (known := self.known.get(name)) and self._is_whole(known):
                self.media[name] = known
                continue
            try:
                with default_storage.open(name) as file:
                    self.media[name] = self.store.add(copying(file, self.keys))
            except FileNotFoundError:
                continue  # deleted a moment ago; `missing` tells if a row still names it
            self.new_files += 1

    def _is_whole(self, known: StoredObject) -> bool:
        try:
            self.store.check(known)
        except BackupError as error:
            self.damaged.append(str(error))
            return False
        return True

    def copy_database(self) -> tuple[StoredObject, set[str]]:
        """Returns the stored copy, and the names of the files that its rows have."""
        with scratch_folder() as scratch, consistent_reads():
            named = set(named_files())
            dumped = copier().dump(scratch)
            with open(dumped, "rb") as file:
                return self.store.add(copying(file, self.keys)), named

    def _known(self) -> dict[str, StoredObject]:
        """The files of the newest backup that is whole and has the same recipients."""
        for name in reversed(self.store.names()):
            try:
                manifest = self.store.read(name)
            except BackupError:
                continue
            if manifest.recipients == settings.BACKUP_RECIPIENTS:
                return manifest.media
        return {}


def _check(folder: Path) -> None:
    """Refuses a folder whose files the site would show to everybody."""
    for shown in (settings.MEDIA_ROOT, settings.STATIC_ROOT):
        if folder.resolve().is_relative_to(shown):
            raise BackupError(f"{folder} is in {shown}, whose files are public: choose another folder")


def _files(folder: str = "") -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in files)
    for name in folders:
        yield from _files(f"{prefix}{name}")

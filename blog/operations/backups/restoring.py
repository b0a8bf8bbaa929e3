"""Puts a backup in the place of the site's database and files."""

import filecmp
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection

from blog.delivery.scratch import scratch_folder
from blog.operations.backups import encryption
from blog.operations.backups.databases import copier
from blog.operations.backups.store import BackupError, BackupStore, Manifest, StoredObject, disk_errors


class HalfRestored(BackupError):
    """The database is as it was, but files may have been written."""


@dataclass(frozen=True)
class Restored:
    name: str
    files: int


def restore(folder: Path, *, name: str = "", identity: Path | None = None, overwrite: bool = False) -> Restored:
    """Restores the backup `name`, or the newest. Raises BackupError, and the database is then as it was.

    Everything is read and checked first. Then the files are written, and at last the database is replaced in one
    transaction: a failure in between leaves files that no row names, which `tidy` removes. Files of the site that the
    backup does not have stay. `overwrite` allows it to replace a site that has content.
    """
    with disk_errors(), opened(folder, name=name, identity=identity) as backup:
        if not overwrite and has_content():
            raise BackupError("this site has content, which a restore would replace: restore elsewhere, or --overwrite")
        try:
            with disk_errors():
                for file in backup.manifest.media:
                    backup.restore_file(file)
                copier().load(backup.database)
        except BackupError as error:
            raise HalfRestored(str(error)) from error
    return Restored(backup.name, len(backup.manifest.media))


@contextmanager
def opened(folder: Path, *, name: str = "", identity: Path | None = None) -> Iterator["_Opened"]:
    """Yields a backup of which every byte was checked. Raises BackupError."""
    store = BackupStore(folder)
    if not (names := store.names()):
        raise BackupError(f"there is no backup in {folder}")
    name = name or names[-1]
    manifest = store.read(name)
    if manifest.vendor != connection.vendor:
        raise BackupError(f"backup {name} is one of {manifest.vendor}, this site has {connection.vendor}")
    if manifest.recipients and identity is None:
        raise BackupError(f"backup {name} is encrypted: name the file of a secret key with --identity")
    for stored in manifest.objects:
        store.check(stored)
    with scratch_folder() as scratch:
        yield _Opened(store, name, manifest, identity, scratch)


class _Opened:
    def __init__(self, store: BackupStore, name: str, manifest: Manifest, identity: Path | None, scratch: Path) -> None:
        self.store, self.name, self.manifest, self.scratch = store, name, manifest, scratch
        self.keys = encryption.identities(identity) if manifest.recipients and identity else []
        self.database = copier().unpack(self._plain(manifest.database, "database"), scratch)

    def restore_file(self, name: str) -> None:
        """Writes the file, unless the storage has it."""
        plain = self._plain(self.manifest.media[name], "file")
        if default_storage.exists(name):
            if self._is_stored(name, plain):
                return
            default_storage.delete(name)
        with open(plain, "rb") as file:
            default_storage.save(name, File(file))

    def _is_stored(self, name: str, plain: Path) -> bool:
        present = self.scratch / "present"
        with default_storage.open(name) as source, open(present, "wb") as target:
            target.writelines(source.chunks())
        return filecmp.cmp(present, plain, shallow=False)

    def _plain(self, stored: StoredObject, name: str) -> Path:
        if not self.manifest.recipients:
            return self.store.path(stored)
        encryption.decrypt(self.store.path(stored), self.scratch / name, self.keys)
        return self.scratch / name


def has_content() -> bool:
    """Whether the database has any row of ours or any account."""
    tables = set(connection.introspection.table_names())
    models = [*apps.get_app_config("blog").get_models(), get_user_model()]
    return any(model._default_manager.exists() for model in models if model._meta.db_table in tables)

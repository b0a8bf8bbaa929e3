"""The SQLite database as one file: a copy by SQLite's online backup API, compressed."""

import gzip
import shutil
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import connection

from blog.operations.backups.store import CHUNK, BackupError

LOCK_TIMEOUT = 30  # seconds that a site which was not stopped may hold the database


def dump(scratch: Path) -> Path:
    """Writes the database, as the open transaction sees it, to a file in `scratch`. Nobody has to wait meanwhile."""
    copy, compressed = scratch / "copy.sqlite3", scratch / "database.sqlite3.gz"
    with closing(sqlite3.connect(copy)) as target:
        _driver().backup(target)
    with open(copy, "rb") as source, gzip.open(compressed, "wb", compresslevel=6) as packed:
        shutil.copyfileobj(source, packed, CHUNK)
    copy.unlink()
    return compressed


def unpack(dumped: Path, scratch: Path) -> Path:
    """Prepares `load`, and changes nothing. Raises BackupError if the file is no whole database."""
    copy = scratch / "restored.sqlite3"
    try:
        with gzip.open(dumped) as packed, open(copy, "wb") as target:
            shutil.copyfileobj(packed, target, CHUNK)
        with closing(sqlite3.connect(copy)) as database:
            (answer,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            database.execute("SELECT 1 FROM django_migrations LIMIT 1")  # SQLite takes an empty file for a database
    except (gzip.BadGzipFile, EOFError, zlib.error, sqlite3.DatabaseError) as error:
        raise BackupError(f"the copy of the database cannot be read: {error}") from error
    if answer != "ok":
        raise BackupError(f"the copy of the database is damaged: {answer}")
    return copy


def load(unpacked: Path) -> None:
    """Puts the copy in the place of the whole database, in one transaction. Raises BackupError."""
    gives_up_at = monotonic() + LOCK_TIMEOUT

    def look(status: int, *_: int) -> None:  # without it the driver would try for ever
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > gives_up_at:
            raise BackupError("the database is in use: stop the site first")

    try:
        with closing(sqlite3.connect(unpacked)) as source:
            source.backup(_driver(), progress=look)
    except sqlite3.Error as error:
        raise BackupError(f"the database cannot be replaced: {error}") from error


def _driver() -> Any:
    connection.ensure_connection()
    return connection.connection

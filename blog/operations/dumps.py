"""Writes the site into a folder that restic keeps, and loads it again: the database, and pictures of a bucket.

Pictures in MEDIA_ROOT stay where they are: `deploy/backup` hands that folder to restic as it is.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

# Tables of a newer release than that of the dump must not stay, nor hold those that it brings.
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
LOCK_TIMEOUT = "30s"  # how long a table may be in use by a site that was not stopped
VARIABLES = {
    "NAME": "PGDATABASE",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",  # pragma: allowlist secret
    "HOST": "PGHOST",
    "PORT": "PGPORT",
}
OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


class DumpError(Exception):
    """The message says why nothing was written, or loaded."""


def dump_site(folder: Path) -> None:
    """Writes the database, as it is at one moment, while the site goes on. Raises DumpError or OSError.

    The database comes first: each of its rows has its files, but for what is deleted while this runs.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / "unfinished"
    unfinished.unlink(missing_ok=True)
    if connection.vendor == "postgresql":
        # Plain text, which restic compresses and finds again from one day to the next.
        _run("pg_dump", "--no-owner", "--no-privileges", f"--file={unfinished}")
    else:
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(unfinished)) as copy:
                connection.connection.backup(copy)
        except sqlite3.Error as error:  # a full disk among them
            raise DumpError(str(error)) from error
    unfinished.replace(_database(folder))
    if not isinstance(default_storage, FileSystemStorage):
        _copy_pictures(folder / "media")


def load_site(folder: Path, *, overwrite: bool) -> None:
    """Puts a dump in the place of the whole database, in one transaction. Raises DumpError or OSError.

    Pictures of the dump are stored before; those that the site has beside them stay. `overwrite` allows it to replace
    a site that has content.
    """
    if not _database(folder).is_file():
        raise DumpError(f"{folder} has no {_database(folder).name}, as a dump for this kind of database has")
    if not overwrite and _has_content():
        raise DumpError("this site has content, which would be replaced: load it elsewhere, or --overwrite")
    for path in sorted((folder / "media").rglob("*")):
        name = path.relative_to(folder / "media").as_posix()
        if path.is_file() and not default_storage.exists(name):  # a name stands for the same bytes for ever
            with open(path, "rb") as file:
                default_storage.save(name, File(file))
    if connection.vendor == "postgresql":
        stop = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction")
        _run("psql", *stop, f"--command={EMPTY}", f"--file={_database(folder)}")
    else:
        _load_sqlite(_database(folder))


def _database(folder: Path) -> Path:
    return folder / ("database.sql" if connection.vendor == "postgresql" else "database.sqlite3")


def _load_sqlite(dumped: Path) -> None:
    def give_up(status: int, remaining: int, total: int) -> None:  # without it, the driver would try for ever
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise DumpError("the database is in use: stop the site first")

    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(dumped)) as source:
            source.execute("SELECT 1 FROM django_migrations LIMIT 1")  # SQLite takes an empty file for a database
            source.backup(connection.connection, progress=give_up)
    except sqlite3.Error as error:
        raise DumpError(f"the database cannot be replaced by {dumped}: {error}") from error


def _run(program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL on our database. The password is in its environment, which others cannot see."""
    if shutil.which(program) is None:
        raise DumpError(f"`{program}` was not found. On Debian and Ubuntu: sudo apt install postgresql-client")
    settings = connection.settings_dict
    environment = {variable: str(settings[name]) for name, variable in VARIABLES.items() if settings[name]}
    options = settings["OPTIONS"]
    environment |= {variable: str(options[name]) for name, variable in OPTIONS.items() if options.get(name)}
    environment["PGOPTIONS"] = f"-c lock_timeout={LOCK_TIMEOUT} -c client_min_messages=warning"
    command = [program, *arguments]
    result = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise DumpError(f"{program} failed: {result.stderr.strip()}")


def _copy_pictures(folder: Path) -> None:
    """Makes the folder hold what the storage holds. A name stands for the same bytes for ever."""
    names = set(_stored(""))
    for name in sorted(names):
        path = folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = folder / "unfinished"
            with default_storage.open(name) as source, open(unfinished, "wb") as target:
                shutil.copyfileobj(source, target)
            unfinished.replace(path)
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in names:
            path.unlink()


def _stored(folder: str) -> Iterator[str]:
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _stored(f"{folder}{name}/")


def _has_content() -> bool:
    """Whether the database has any row of ours or any account."""
    tables = set(connection.introspection.table_names())
    models = [*apps.get_app_config("blog").get_models(), get_user_model()]
    return any(model._default_manager.exists() for model in models if model._meta.db_table in tables)

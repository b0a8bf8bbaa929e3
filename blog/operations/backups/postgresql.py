"""The PostgreSQL database as one file, by pg_dump; back by pg_restore and psql, in one transaction."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from blog.operations.backups.store import BackupError

# Tables of a newer release than that of the backup must not stay, nor hold those that it brings.
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
LOCK_TIMEOUT = "30s"  # how long a table may be in use by a site that was not stopped
VARIABLES = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "HOST": "PGHOST", "PORT": "PGPORT"}
OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}


def dump(scratch: Path) -> Path:
    """Writes the database, as the open transaction sees it, to a file in `scratch`. Raises BackupError."""
    dumped = scratch / "database.pgdump"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={dumped}")
    return dumped


def unpack(dumped: Path, scratch: Path) -> Path:
    """Prepares `load`, and changes nothing. Raises BackupError if the file is no whole dump."""
    script = scratch / "restored.sql"
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dumped))
    return script


def load(unpacked: Path) -> None:
    """Puts the dump in the place of the whole database, in one transaction. Raises BackupError."""
    stop = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction")
    limit = {"PGOPTIONS": f"-c lock_timeout={LOCK_TIMEOUT} -c client_min_messages=warning"}
    _run("psql", *stop, f"--command={EMPTY}", f"--file={unpacked}", **limit)


def _run(program: str, *arguments: str, **environment: str) -> None:
    """Runs a program of PostgreSQL on our database. The password is in its environment, which others cannot see."""
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"`{program}` was not found. On Debian and Ubuntu: sudo apt install postgresql-client")
    command = [path, *arguments]
    result = subprocess.run(
        command, env=os.environ | _connection() | environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise BackupError(f"{program} failed: {result.stderr.strip()}")


def _connection() -> dict[str, str]:
    settings = connection.settings_dict
    options = settings["OPTIONS"]
    named = {variable: str(settings[name]) for name, variable in VARIABLES.items() if settings[name]}
    return named | {variable: str(options[name]) for name, variable in OPTIONS.items() if options.get(name)}

"""Checks that the migrations lock no table and take nothing away that the version before still uses.

    python -m scripts.lint_migrations

The old version serves while a release migrates (docs/operations.md). Locks are a matter of PostgreSQL, so its SQL is
read, on a server that is started for it.
"""

import os
import sys
from collections.abc import Iterator

import django
from django.db.migrations import AddField, CreateModel, Migration

from scripts.debian import Unavailable
from scripts.postgres import cluster, signals_unwind

BASELINE = "0009_batches_without_dates"  # the newest of a release that asks in the CHANGELOG for a stop
# By name, why one may do what is found: a table that is small everywhere, a column that no version reads any more.
ACCEPTED: dict[str, str] = {}


def has_faults(app: str = "blog", *, after: str = BASELINE) -> bool:
    """Prints what the later migrations of the app do wrong, and tells whether any does. Needs Django on PostgreSQL."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django_migration_linter import MigrationLinter

    loader = MigrationLoader(connection)
    names = sorted(name for label, name in loader.disk_migrations if label == app)
    if after not in names:
        raise ValueError(f"{app} has no migration {after}")
    ignored = [name for name in names if name <= after or name in ACCEPTED]
    linter = MigrationLinter(
        include_apps=[app],
        ignore_name=ignored,
        no_cache=True,
        all_warnings_as_errors=True,  # an index that is made at once keeps everybody from saving
        quiet=["ok", "ignore"],
    )
    linter.lint_all_migrations()
    later = [
        migration for (label, name), migration in loader.disk_migrations.items() if label == app and name not in ignored
    ]
    columns = [column for migration in later for column in columns_without_a_default(migration)]
    for column in columns:
        print(f"{column}: the version before cannot add a row: give it db_default or null")
    print(f"{len(later)} migrations of {app} after {after}: {linter.nb_erroneous} not safe")
    return linter.has_errors or bool(columns)


def columns_without_a_default(migration: Migration) -> Iterator[str]:
    """Columns that the version before leaves out of a new row. The linter misses them beside a new table."""
    made = {operation.name_lower for operation in migration.operations if isinstance(operation, CreateModel)}
    for operation in migration.operations:
        if isinstance(operation, AddField) and operation.model_name_lower not in made:
            field = operation.field
            if not (field.null or field.has_db_default() or field.many_to_many):
                yield f"{migration.name}, {operation.model_name}.{operation.name}"


def main() -> int:
    try:
        with signals_unwind(), cluster() as url:
            os.environ.update(DJANGO_SETTINGS_MODULE="tests.settings", DATABASE_URL=url)
            django.setup()
            try:
                return int(has_faults())
            finally:
                from django.db import connection

                connection.close()
                connection.close_pool()
    except Unavailable as error:
        print(f"The migrations are not checked. {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

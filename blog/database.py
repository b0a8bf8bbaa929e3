"""Helpers for SQL that the ORM cannot express."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction

# Busy, locked, the disk failing or full, a file that cannot be opened. SQLITE_ERROR stands for a mistake of ours.
SQLITE_TROUBLES = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)
# Connections, resources, operators (a shutdown, a statement that took too long), errors of the system. An error without
# a code is one of the connection, or of the pool that got none.
POSTGRESQL_TROUBLES = ("08", "53", "57", "58")

VALUES_AT_ONCE = 20_000  # SQLite takes 32,766 in a statement


def fetch(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Returns all rows; `values` may be dates."""
    with connection.cursor() as cursor:
        cursor.execute(sql, adapted(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def execute(sql: str, *values: Any) -> int:
    """Runs the statement and returns the number of rows that it wrote; `values` may be dates."""
    with connection.cursor() as cursor:
        cursor.execute(sql, adapted(values))
        number: int = cursor.rowcount
    return number


def is_unavailable(error: BaseException | None) -> bool:
    """Whether the database is unreachable or overloaded, so that a later attempt may succeed."""
    cause = error.__cause__ if isinstance(error, OperationalError | InterfaceError) else None
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in SQLITE_TROUBLES
    if isinstance(cause, psycopg.Error):
        return cause.sqlstate is None or cause.sqlstate.startswith(POSTGRESQL_TROUBLES)
    return False


def has_no_room(error: BaseException | None) -> bool:
    """Whether the disk of the database is full."""
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or isinstance(cause, psycopg.errors.DiskFull)


def execute_many(sql: str, rows: Iterable[Iterable[Any]]) -> None:
    """Runs the statement once for each row of values, which may be dates."""
    with connection.cursor() as cursor:
        cursor.executemany(sql, [adapted(values) for values in rows])


def write_rows(table: str, key: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Inserts rows of (*key, *columns), or gives those whose key is there the new values.

    It is for what machines make by the thousand: `bulk_create` needs an instance for each row, and four times as long.
    """
    names = [*key, *columns]
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns)
    row = f"({', '.join(['%s'] * len(names))})"
    for first in range(0, len(rows), VALUES_AT_ONCE // len(names)):
        part = rows[first : first + VALUES_AT_ONCE // len(names)]
        sql = (
            f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * len(part))}"  # noqa: S608  our names
            f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, adapted(chain.from_iterable(part)))


def analyze() -> None:
    """Lets SQLite count what its indexes hold, by which it chooses among them; PostgreSQL does that by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def check_references() -> None:
    """Makes PostgreSQL check the foreign keys of this transaction now, instead of at the commit.

    Django's `check_constraints` does the same in two statements. SQLite checks at the commit; nobody else can write
    until then.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def hold_saves() -> None:
    """Waits for the saves of posts that have begun, and makes all others wait until this transaction ends.

    SQLite lets only one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A save locks these tables in the same order; this mode makes it wait before it has locked its post.
            cursor.execute("LOCK TABLE blog_post, blog_taggedpost, blog_postcount IN EXCLUSIVE MODE")


def hold_threads() -> None:
    """Makes all who arrange threads of articles go one after the other, until this transaction ends.

    Each locks articles that another may arrange too. It is called before any of them is locked. Saves go on: they only
    refer to threads. Who takes `hold_saves`, as for a deletion, waits.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "LOCK TABLE blog_thread IN SHARE ROW EXCLUSIVE MODE; LOCK TABLE blog_post IN ROW EXCLUSIVE MODE"
            )


def hold_uses_of_pictures() -> None:
    """Does what `hold_saves` does, also for pages, authors and permalinks, which may use pictures too."""
    hold_saves()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # This mode does not wait for a transaction that has locked a row and has not written it yet.
            cursor.execute("LOCK TABLE blog_page, blog_author, blog_permalink IN SHARE MODE")


def hold_uploads() -> None:
    """Waits for changes of pictures that have begun, and makes all others wait until this transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE blog_image IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def consistent_reads() -> Iterator[None]:
    """Makes all reads in the block see the data of one moment. Nobody waits; the block must not write.

    Inside a transaction, the block sees what that transaction sees.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        connection.ensure_connection()
        sqlite: Any = connection  # only the wrapper of SQLite has the attribute
        mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"  # IMMEDIATE would lock out others' saves
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = mode


def adapted(values: Iterable[Any]) -> list[Any]:
    """Converts dates and times for the database's driver; the ORM does that only for its own statements."""
    return [_adapt(value) if isinstance(value, date) else value for value in values]


def _adapt(value: date) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value)

"""Helpers for SQL that the ORM cannot express."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from itertools import chain
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

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

# Transactions that could not be put in an order, that waited for each other in a circle, and a reference to a row that
# somebody has deleted meanwhile.
CONFLICTS = ("40001", "40P01", "23503")


def fetch(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Returns all rows; `values` may be dates."""
    with connection.cursor() as cursor:
        cursor.execute(sql, adapted(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def fetch_together(querysets: Iterable[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """Returns the rows of all querysets, of one shape, in one statement and as the driver gives them, in no order.

    For SQLite, the ORM writes no LIMIT within a UNION.
    """
    parts = [queryset.query.sql_with_params() for queryset in querysets]
    selects = (f"SELECT * FROM ({part}) AS part{number}" for number, (part, _) in enumerate(parts))  # noqa: S608
    return fetch(" UNION ALL ".join(selects), *chain.from_iterable(values for _, values in parts))


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


def analyze() -> None:
    """Lets SQLite count what its indexes hold, by which it chooses among them; PostgreSQL does that by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def check_references() -> None:
    """Makes PostgreSQL check the foreign keys of this transaction now, instead of at the commit.

    Whoever deletes one of the rows that it refers to waits from now on until the transaction ends, and if that has
    begun, this waits and then fails.
    Django's `check_constraints` does the same in two statements. SQLite checks at the commit; nobody else can write
    until then.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def lock_by_name(name: str) -> None:
    """Waits until nobody else has the lock of this name, and keeps it until the transaction ends.

    It is for what no row stands for. SQLite lets only one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def retry_on_conflict(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Runs the function once more if PostgreSQL ended its transaction so that another one could go on.

    The function must read anew what it changes. In a transaction of the caller, which alone can begin again, it runs
    once.
    """

    @wraps(function)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        try:
            return function(*args, **kwargs)
        except (OperationalError, IntegrityError) as error:
            if connection.in_atomic_block or not _is_conflict(error):
                raise
        return function(*args, **kwargs)

    return run


def _is_conflict(error: Exception) -> bool:
    return isinstance(error.__cause__, psycopg.Error) and error.__cause__.sqlstate in CONFLICTS


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

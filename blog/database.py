"""For the few statements that the ORM cannot say, or takes longer to write than the database to answer."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction


def fetch(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with prepared(), connection.cursor() as cursor:
        cursor.execute(sql, adapted(values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@contextmanager
def prepared() -> Iterator[None]:
    """PostgreSQL keeps the plans of what is asked in the block more than twice; making one costs it twice what
    answering does.

    Only for statements whose best plan is the same whatever the values: the desk asks for what is rare, such as
    drafts, by those that ask for what is common, and would wait for a walk through the whole archive.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    driver.prepare_threshold = 2
    try:
        yield
    finally:
        driver.prepare_threshold = None


def execute_many(sql: str, rows: Iterable[Iterable[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, [adapted(values) for values in rows])


def hold_saves() -> None:
    """Until the transaction ends nobody else saves a post; what of theirs has begun ends first.

    SQLite lets one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A save locks them in this order; in this mode it waits before it has locked its post.
            cursor.execute("LOCK TABLE blog_post, blog_taggedpost, blog_postcount IN EXCLUSIVE MODE")


def hold_uses_of_pictures() -> None:
    """As `hold_saves`, also for whatever else shows a picture: pages, authors, and where permalinks lead."""
    hold_saves()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # In this mode whoever has locked a row of theirs, and waits to write it, does not have us wait for them.
            cursor.execute("LOCK TABLE blog_page, blog_author, blog_permalink IN SHARE MODE")


def hold_uploads() -> None:
    """As `hold_saves`, for the rows of pictures."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE blog_image IN SHARE ROW EXCLUSIVE MODE")


@contextmanager
def one_view() -> Iterator[None]:
    """What the block reads is the site of one moment, whatever is saved meanwhile; nobody waits, and it does not write.

    Within a transaction that has begun, the view is that one's.
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
        mode, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"  # it would lock out who saves
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = mode


def adapted(values: Iterable[Any]) -> list[Any]:
    """Values as the driver of the database takes them; the ORM does that for its own statements only."""
    return [_adapt(value) for value in values]


def _adapt(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value

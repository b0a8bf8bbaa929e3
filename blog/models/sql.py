"""For the few statements that the ORM cannot say, or takes longer to write than the database to answer."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection


def fetch(sql: str, *values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, adapted(values))
        return cursor.fetchall()


def execute_many(sql: str, rows: Iterable[Iterable[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, [adapted(values) for values in rows])


def adapted(values: Iterable[Any]) -> list[Any]:
    """Values as the driver of the database takes them; the ORM does that for its own statements only."""
    return [_adapt(value) for value in values]


def _adapt(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value

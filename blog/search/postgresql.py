"""The search index on PostgreSQL: folded texts, and a GIN index of their tokens.

The index knows no positions. So it gives candidates, and the texts of these are asked, newest first, until there are
enough. A term of a single token needs no asking.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from blog.database import adapted, execute_many
from blog.models.search_document import FORM
from blog.search.conditions import Condition, Hit, Spellings, TooSlow
from blog.search.documents import Entry
from blog.text.words.tokens import parts_of_term

SECONDS = 5  # that a search may take
MOST_WAYS = 24

WRITE = """
INSERT INTO blog_searchdocument (post_id, minute, place, edit, form, title, head, body, keys)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::text[])
ON CONFLICT (post_id) DO UPDATE SET minute = excluded.minute, place = excluded.place, edit = excluded.edit,
    form = excluded.form, title = excluded.title, head = excluded.head, body = excluded.body, keys = excluded.keys
"""
# OFFSET 0 keeps the planner from asking the texts of all candidates before it sorts them.
SEARCH = """
SELECT COALESCE(post.published_at, post.created_at), post.id
FROM (
    SELECT post_id, place, {column} AS reached, body AS whole FROM blog_searchdocument
    WHERE {candidates} ORDER BY place DESC, post_id DESC OFFSET 0
) AS document
JOIN blog_post AS post ON post.id = document.post_id
WHERE {rows}{asked}
ORDER BY document.place DESC, document.post_id DESC LIMIT %s
"""
WITHOUT = "NOT (document.post_id IN (SELECT post_id FROM blog_searchdocument WHERE {candidates}){asked})"
# Each column holds what stands before it too: see `Document.reaches`.
COLUMNS = ("title", "head", "body")

SQL = tuple[str, list[Any]]


def write(entries: Iterable[Entry]) -> None:
    """Writes the documents, in one statement that runs once for each."""
    rows = (
        (post, minute, minute, edit, FORM, *document.reaches, keys) for post, minute, edit, document, keys in entries
    )
    execute_many(WRITE, rows)


def optimise() -> None:
    """Does nothing: autovacuum does."""


@contextmanager
def searching() -> Iterator[None]:
    """Surrounds the searches for one query. Raises TooSlow if one takes longer than the public may ask for."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # The planner thinks that a walk through all texts is cheap; it is not, since each is unpacked first.
            cursor.execute("SET LOCAL enable_seqscan = off")
            if settings.STATEMENT_TIMEOUT:
                cursor.execute(f"SET LOCAL statement_timeout = {min(settings.STATEMENT_TIMEOUT, SECONDS) * 1_000}")
            yield
            transaction.set_rollback(True)  # which takes the settings back, even within another transaction
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow from error
        raise


def search(condition: Condition, reach: int, most: int) -> list[Hit]:
    """Finds the newest posts with all wanted terms in the title (`reach` 0), in title and head (1), or in all (2)."""
    column = COLUMNS[reach]
    candidates, values = _candidates(column, condition.wanted)
    if condition.keys:
        candidates, values = f"{candidates} AND keys @> %s::text[]", [*values, list(condition.keys)]
    rows, row_values = condition.rows or ("TRUE", [])
    asked, asked_values = _join(_asked("reached", spellings) for spellings in condition.wanted)
    without, without_values = _join(_without(spellings) for spellings in condition.unwanted)
    sql = SEARCH.format(column=column, candidates=candidates, rows=rows, asked=asked + without)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *adapted(row_values), *asked_values, *without_values, most])
        return [Hit(*row) for row in cursor.fetchall()]


def _candidates(column: str, terms: Iterable[Spellings]) -> SQL:
    """The condition that the index can answer by itself: a text has all tokens of one of the ways to spell the terms.

    Were it the conjunction of several, the planner might let the index answer one of them and cut up the texts for the
    rest. With too many ways, each term but the first gives only the tokens that all of its spellings have.
    """
    ways: list[list[str]] = [[]]
    for spellings in terms:
        parts = [parts_of_term(spelling) for spelling in spellings]
        if len(ways) > 1 and len(ways) * len(parts) > MOST_WAYS:
            parts = [[part for part in parts[0] if all(part in others for others in parts)]]
        ways = [[*way, *own] for way in ways for own in parts]
    has = f"blog_search_tokens({column}) @> %s::text[]"
    return "(" + " OR ".join([has] * len(ways)) + ")", ways


def _asked(column: str, spellings: Spellings) -> SQL:
    """The condition that a text has one of the spellings; empty if the candidates are sure to."""
    if len(spellings) == 1 and len(parts_of_term(spellings[0])) == 1:
        return "", []
    has = " OR ".join([f"strpos(document.{column}, %s) > 0"] * len(spellings))
    return f"({has})", list(spellings)


def _without(spellings: Spellings) -> SQL:
    candidates, values = _candidates(COLUMNS[-1], [spellings])
    asked, asked_values = _join([_asked("whole", spellings)])
    return WITHOUT.format(candidates=candidates, asked=asked), [*values, *asked_values]


def _join(conditions: Iterable[SQL]) -> SQL:
    """Joins conditions to one that can follow another."""
    found = [(sql, values) for sql, values in conditions if sql]
    return "".join(f" AND {sql}" for sql, _ in found), [value for _, values in found for value in values]

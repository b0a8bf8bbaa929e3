"""The search index on PostgreSQL: folded texts, and a GIN index of their tokens.

The index knows no positions. So it gives candidates, and the texts of these are read, newest first, until there are
enough. A term of a single token needs no reading.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from blog.database import adapted, execute_many
from blog.models.search_document import FORM
from blog.search.engine import Condition, Hit, IndexEntry, Spellings, TooSlow
from blog.text.words import WORD_ENDS, folded, parts_of_term

SECONDS = 5  # that a search may take
MOST_WAYS = 24

WRITE = """
INSERT INTO blog_searchdocument (post_id, minute, place, edit, form, title, head, body, keys)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::text[])
ON CONFLICT (post_id) DO UPDATE SET minute = excluded.minute, place = excluded.place, edit = excluded.edit,
    form = excluded.form, title = excluded.title, head = excluded.head, body = excluded.body, keys = excluded.keys
"""
# OFFSET 0 keeps the planner from reading the texts of all candidates before it sorts them, and from unpacking a text
# once for each term. The moment is a number, since psycopg takes longer to read a thousand times than the index to find
# them.
SEARCH = """
SELECT (EXTRACT(EPOCH FROM COALESCE(post.published_at, post.created_at)) * 1000000)::bigint, post.id
FROM (
    SELECT post_id, place, {column} FROM blog_searchdocument
    WHERE {candidates} ORDER BY place DESC, post_id DESC OFFSET 0
) AS document
CROSS JOIN LATERAL (SELECT document.{column} || '' AS whole OFFSET 0) AS text
JOIN blog_post AS post ON post.id = document.post_id
WHERE {conditions}
ORDER BY document.place DESC, document.post_id DESC LIMIT %s
"""
UNWANTED = "document.post_id IN (SELECT post_id FROM blog_searchdocument WHERE {})"
WORK_MEM = "32MB"
READ_BODY = folded
# Each column holds what stands before it too.
COLUMNS = ("title", "head", "body")

SQL = tuple[str, list[Any]]


def write(entries: Iterable[IndexEntry]) -> None:
    """Writes the documents, in one statement that runs once for each."""
    rows = (
        (post, minute, minute, edit, FORM, title, f"{title}\n{head}", f"{title}\n{head}\n{body}", keys)
        for post, minute, edit, title, head, body, keys in entries
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
            # Candidates are sorted in memory, even if they are all articles.
            # What a cut-up text is said to cost would have each search compiled first, which takes longer than it.
            cursor.execute(f"SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '{WORK_MEM}'; SET LOCAL jit = off")
            cursor.execute(
                f"SET LOCAL statement_timeout = {min(settings.STATEMENT_TIMEOUT or SECONDS, SECONDS) * 1_000}"
            )
            yield
            transaction.set_rollback(True)  # which takes the settings back, even within another transaction
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooSlow from error
        raise


def search(condition: Condition, reach: int, most: int, found: Collection[int] = ()) -> list[Hit]:
    """Finds the newest posts with all wanted terms in the title (`reach` 0), in title and head (1), or in all (2).

    Those `found` already are left out, and count as some of the `most`.
    """
    column = COLUMNS[reach]
    candidates, values = _candidates(column, condition.wanted)
    if condition.keys:
        candidates, values = _all([(candidates, values), ("keys @> %s::text[]", [list(condition.keys)])])
    conditions = [(condition.rows[0], adapted(condition.rows[1]))]
    if found:
        conditions.append(("document.post_id <> ALL(%s)", [list(found)]))
    conditions += [_not(_unwanted(spellings)) for spellings in condition.unwanted]
    conditions += [_has("text.whole", spellings) for spellings in condition.wanted if not _is_sure(spellings)]
    sql, more = _all(conditions)
    with connection.cursor() as cursor:
        sql = SEARCH.format(column=column, candidates=candidates, conditions=sql)
        cursor.execute(sql, [*values, *more, most - len(found)])
        return [Hit(*row) for row in cursor.fetchall()]


def _unwanted(spellings: Spellings) -> SQL:
    """The condition that a document has the term: the index says which may, and the texts of these are read."""
    candidates, values = _candidates("body", [spellings])
    may_have = UNWANTED.format(candidates), values
    if _is_sure(spellings):
        return may_have
    has = "(SELECT {} FROM blog_searchdocument AS own WHERE own.post_id = document.post_id)"
    condition, more = _has("own.body", spellings)
    return _all([may_have, (has.format(condition), more)])


def _candidates(column: str, terms: Iterable[Spellings]) -> SQL:
    """The condition that the index can answer by itself: a text has all tokens of one of the ways to spell the terms.

    Were it the conjunction of several, the planner might let the index answer one of them and cut up the texts for the
    rest.
    """
    ways = _ways(terms)
    return "(" + " OR ".join([f"blog_search_tokens({column}) @> %s::text[]"] * len(ways)) + ")", ways


def _ways(terms: Iterable[Spellings]) -> list[list[str]]:
    """The tokens of each way to spell the terms. With too many, each term but the first gives only the tokens that all
    of its spellings have.
    """
    ways: list[list[str]] = [[]]
    for spellings in terms:
        parts = _parts(spellings)
        if len(ways) > 1 and len(ways) * len(parts) > MOST_WAYS:
            parts = [[part for part in parts[0] if all(part in others for others in parts)]]
        ways = [[*way, *own] for way in ways for own in parts]
    return ways


def _parts(spellings: Spellings) -> list[list[str]]:
    """The tokens of each spelling, but for those that say no more than another's: サーバー has all of サーバ$."""
    found = {frozenset(parts): parts for parts in map(parts_of_term, spellings)}
    return [parts for tokens, parts in found.items() if not any(other < tokens for other in found)]


def _has(text: str, spellings: Spellings) -> SQL:
    """The condition that a text has one of the spellings."""
    return "(" + " OR ".join([f"strpos({text}, %s) > 0"] * len(spellings)) + ")", list(spellings)


def _is_sure(spellings: Spellings) -> bool:
    """Whether each candidate has the term, so that no text need be read."""
    return len(spellings) == 1 and len(parts_of_term(spellings[0])) == 1 and not spellings[0].endswith(WORD_ENDS)


def _not(condition: SQL) -> SQL:
    return f"NOT ({condition[0]})", condition[1]


def _all(conditions: Iterable[SQL]) -> SQL:
    conditions = list(conditions)
    return " AND ".join(sql for sql, _ in conditions), [value for _, values in conditions for value in values]

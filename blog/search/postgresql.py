"""The search index on PostgreSQL: folded texts, and a GIN index of their tokens.

The index knows no positions. So it gives candidates, and the texts of these are asked, newest first, until there are
enough. A term of a single token needs no asking. What many articles have is found without it, by asking the newest.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from blog.database import adapted, execute_many
from blog.models.search_document import FORM
from blog.search.conditions import Condition, Hit, Spellings, TooSlow
from blog.search.documents import LISTED, IndexEntry
from blog.text.words import WORD_ENDS, folded, parts_of_term

SECONDS = 5  # that a search may take
MOST_WAYS = 24
# If this share of the newest SAMPLE articles are hits, enough are found sooner by asking one article after the other
# than by sorting all candidates. Of no more than SMALL articles all candidates are as soon sorted.
SAMPLE, COMMON, SMALL = 150, 0.15, 3_000

WRITE = """
INSERT INTO blog_searchdocument (post_id, minute, place, edit, form, title, head, body, keys)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::text[])
ON CONFLICT (post_id) DO UPDATE SET minute = excluded.minute, place = excluded.place, edit = excluded.edit,
    form = excluded.form, title = excluded.title, head = excluded.head, body = excluded.body, keys = excluded.keys
"""
# The moment is a number, since psycopg takes longer to read a thousand times than the index to find them.
SEARCH = """
SELECT (EXTRACT(EPOCH FROM COALESCE(post.published_at, post.created_at)) * 1000000)::bigint, post.id
FROM ({documents}) AS document{unpacked}
JOIN blog_post AS post ON post.id = document.post_id
WHERE {conditions}
ORDER BY document.place DESC, document.post_id DESC LIMIT %s
"""
# OFFSET 0 keeps the planner from asking the texts of all candidates before it sorts them.
CANDIDATES = """
SELECT post_id, place, title, head, body FROM blog_searchdocument AS document
WHERE {candidates} ORDER BY place DESC, post_id DESC OFFSET 0
"""
NEWEST = """
SELECT post_id, place, title, head, body, keys FROM blog_searchdocument
ORDER BY place DESC, post_id DESC LIMIT %s
"""
SHARES = """
SELECT count(*) FILTER (WHERE {}), count(*) FILTER (WHERE {}), count(*) FILTER (WHERE {})
FROM ({newest}) AS document WHERE {conditions}
"""
REACHED = "SELECT post_id, ({})::int + ({})::int FROM blog_searchdocument WHERE post_id = ANY(%s)"
LARGE = "EXISTS (SELECT FROM blog_searchdocument OFFSET %s)"
# For several questions a text is unpacked once; for a single one its copy would cost more.
UNPACKED = " CROSS JOIN LATERAL (SELECT document.{column} || '' AS whole OFFSET 0) AS text"
# Each spelling in a query of its own: of the wanted tokens in all of them the planner would make one condition, ask the
# index for it alone, and cut up all texts that it finds.
WITHOUT = "document.post_id IN ({})"
WITH_BOTH = (
    "SELECT post_id FROM blog_searchdocument"
    " WHERE blog_search_tokens({column}) @> %s::text[] AND blog_search_tokens(body) @> %s::text[]"
)
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


def shares(condition: Condition) -> tuple[float, float, float]:
    """Estimates what share of many articles have all wanted terms in each reach, by asking the newest ones."""
    counted = [_join(_has(f"document.{column}", one) for one in condition.wanted) for column in COLUMNS]
    counts, values = zip(*counted, strict=True)
    conditions, more = _join([(LARGE, [SMALL]), *_of_newest(condition)])
    sql = SHARES.format(*counts, newest=NEWEST, conditions=conditions)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*chain.from_iterable(values), SAMPLE, *more])
        return tuple(count / SAMPLE for count in cursor.fetchone())


def search(condition: Condition, reach: int, most: int, share: float, found: Collection[int] = ()) -> list[Hit]:
    """Finds the newest posts with all wanted terms in the title (`reach` 0), in title and head (1), or in all (2).

    `share` is what `shares` gave for the reach. Those `found` already are left out, and count as some of the `most`.
    """
    column, left = COLUMNS[reach], most - len(found)
    others = [_rows(condition), *([("document.post_id <> ALL(%s)", [list(found)])] if found else [])]
    if share >= COMMON:
        newest = NEWEST, [int(2 * most / share)]
        hits = _hits(newest, column, condition.wanted, [*others, *_of_newest(condition)], left)
        if len(hits) == left:
            return hits
    return _among_candidates(condition, column, others, left)


def reached(keys: Sequence[int], wanted: Sequence[Spellings]) -> dict[int, int]:
    """Returns how much of each post has all wanted terms: 2 for its title alone, 1 for title and head, or 0."""
    counted = [_join(_has(column, one) for one in wanted) for column in COLUMNS[:2]]
    (title, values), (head, more) = counted
    with connection.cursor() as cursor:
        cursor.execute(REACHED.format(title, head), [*values, *more, list(keys)])
        return dict(cursor.fetchall())


def _of_newest(condition: Condition) -> Iterator[SQL]:
    """What is asked of the newest articles besides the wanted terms."""
    if keys := _filters(condition):
        yield "document.keys @> %s::text[]", [keys]
    for spellings in condition.unwanted:
        yield _not(_has("document.body", spellings))


def _filters(condition: Condition) -> list[str]:
    # That a post is public, its own row tells: the index would read the keys of all posts for it.
    return [key for key in condition.keys if key != LISTED]


def _among_candidates(condition: Condition, column: str, others: Iterable[SQL], most: int) -> list[Hit]:
    found = [_candidates(column, condition.wanted)]
    if keys := _filters(condition):
        found.append(("keys @> %s::text[]", [keys]))
    unsure = [spellings for spellings in condition.wanted if not _is_sure(spellings)]
    asked = [*others]
    for spellings in condition.unwanted:
        pairs = [(way, parts) for way in _ways(condition.wanted) for parts in _parts(spellings)]
        both = " UNION ALL ".join([WITH_BOTH.format(column=column)] * len(pairs))
        without = WITHOUT.format(both), [value for pair in pairs for value in pair]
        if _is_sure(spellings):  # so fewer are sorted
            found.append(_not(without))
        else:
            asked.append(_not(_join([without, _has_any("document.body", spellings)])))
    candidates, values = _join(found)
    return _hits((CANDIDATES.format(candidates=candidates), values), column, unsure, asked, most)


def _hits(documents: SQL, column: str, wanted: Sequence[Spellings], others: Iterable[SQL], most: int) -> list[Hit]:
    """Asks the documents one after the other, until enough have the wanted terms in the column."""
    unpacked, text = "", f"document.{column}"
    if sum(map(len, wanted)) > 1:
        unpacked, text = UNPACKED.format(column=column), "text.whole"
    conditions, values = _join([*others, *(_has(text, spellings) for spellings in wanted)])
    sql = SEARCH.format(documents=documents[0], unpacked=unpacked, conditions=conditions)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*documents[1], *values, most])
        return [Hit(*row) for row in cursor.fetchall()]


def _rows(condition: Condition) -> SQL:
    sql, values = condition.rows or ("TRUE", [])
    return sql, list(adapted(values))


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
    """The condition that a text has one of the spellings.

    Spellings that differ only at the end are asked for together, by what they begin with: few candidates have サーバ,
    of サーバー and サーバ$, and one question about a long text costs less than two.
    """
    stems: dict[str, list[str]] = {}
    for spelling in spellings:
        stems.setdefault(spelling.rstrip(f"ー{WORD_ENDS}"), []).append(spelling)
    found = f"strpos({text}, %s) > 0"
    conditions, values = [], []
    for stem, ends in stems.items():
        asked = " OR ".join([found] * len(ends))
        conditions.append(f"{found} AND ({asked})" if len(ends) > 1 else asked)
        values += [stem, *ends] if len(ends) > 1 else ends
    return f"({' OR '.join(conditions)})", values


def _has_any(text: str, spellings: Spellings) -> SQL:
    """Does what `_has` does for texts of which most have the first spelling."""
    return "(" + " OR ".join([f"strpos({text}, %s) > 0"] * len(spellings)) + ")", list(spellings)


def _is_sure(spellings: Spellings) -> bool:
    """Whether each candidate has the term, so that no text need be asked."""
    return len(spellings) == 1 and len(parts_of_term(spellings[0])) == 1 and not spellings[0].endswith(WORD_ENDS)


def _not(condition: SQL) -> SQL:
    return f"NOT ({condition[0]})", condition[1]


def _join(conditions: Iterable[SQL]) -> SQL:
    found = list(conditions)
    return " AND ".join(sql for sql, _ in found), [value for _, values in found for value in values]

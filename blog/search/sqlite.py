"""The search index on SQLite: FTS5, with the positions of all tokens.

A row's key is its document's place, so that rows are found newest first without sorting: a word that is in half of all
articles is answered as fast as a rare one. The tokens of titles and heads are marked, and so have lists of their own:
in columns of the table, the few titles would be looked for in the long lists of the bodies.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from blog.database import adapted, execute_many
from blog.models.search_document import FORM
from blog.search.engine import Condition, Hit, IndexEntry, Spellings
from blog.text.words import in_tokens, sequence, sequence_of_term

# A document keeps its place while it keeps its minute. A trigger of the migration deletes the row of an old place.
PLACE = """
WITH given (post, minute, edit, form) AS (VALUES (%s, %s, %s, %s))
INSERT INTO blog_searchdocument (post_id, minute, place, edit, form)
SELECT post, given.minute, COALESCE((
    SELECT taken.place + 1 FROM blog_searchdocument AS taken
    WHERE taken.place >= given.minute
        AND EXISTS (SELECT 1 FROM blog_searchdocument WHERE place = given.minute)
        AND NOT EXISTS (SELECT 1 FROM blog_searchdocument AS next WHERE next.place = taken.place + 1)
    ORDER BY taken.place LIMIT 1
), given.minute), given.edit, given.form FROM given WHERE TRUE
ON CONFLICT (post_id) DO UPDATE SET edit = excluded.edit, form = excluded.form, minute = excluded.minute,
    place = CASE WHEN minute = excluded.minute THEN place ELSE excluded.place END
"""
WRITE = """
INSERT OR REPLACE INTO blog_searchtokens (rowid, tokens) SELECT place, %s FROM blog_searchdocument WHERE post_id = %s
"""
# CROSS JOIN keeps the order of the loops: rows of the index from the newest on, until there are enough.
SEARCH = """
SELECT COALESCE(post.published_at, post.created_at), post.id
FROM blog_searchtokens
CROSS JOIN blog_searchdocument AS document ON document.place = blog_searchtokens.rowid
CROSS JOIN blog_post AS post ON post.id = document.post_id
WHERE blog_searchtokens MATCH %s AND {rows}
ORDER BY blog_searchtokens.rowid DESC LIMIT %s
"""
MERGE = "INSERT INTO blog_searchtokens (blog_searchtokens, rank) VALUES ('merge', %s)"
PAGES = 1_000  # of the index, that one statement merges
READ_BODY = in_tokens
MARKS = ("Ｔ", "Ｈ", "")  # of tokens in title, head and body: NFKC leaves no full-width letter in a text


def write(entries: Iterable[IndexEntry]) -> None:
    """Writes the documents, in two statements that run once for each."""
    entries = list(entries)
    execute_many(PLACE, ([post, minute, edit, FORM] for post, minute, edit, *_ in entries))
    execute_many(WRITE, map(_row, entries))


def _row(entry: IndexEntry) -> list[str | int]:
    texts = zip(MARKS[:2], map(sequence, (entry.title, entry.head)), strict=True)
    # Each text has a token: the border at its end.
    marked = (mark + tokens.replace(" ", f" {mark}") for mark, tokens in texts)
    return [" ".join([*marked, entry.body, *entry.keys]), entry.post]


def optimise() -> None:
    """Merges what single saves have left in pieces, in short statements, between which others may save.

    See "The 'merge' Command" in https://www.sqlite.org/fts5.html: a negative number begins to merge all pieces into
    one, positive ones go on, and a statement that changes fewer than two rows found nothing more to do.
    """
    with connection.cursor() as cursor:
        pages = -PAGES
        while True:
            before = connection.connection.total_changes
            cursor.execute(MERGE, [pages])
            if connection.connection.total_changes - before < 2:
                return
            pages = PAGES


@contextmanager
def searching() -> Iterator[None]:
    """Does nothing: this database needs no settings for a search."""
    yield


def search(condition: Condition, reach: int, most: int, found: Collection[int] = ()) -> list[Hit]:
    """Finds the newest posts with all wanted terms in the title (`reach` 0), in title and head (1), or in all (2).

    Those `found` already may be among them: to leave them out would cost more.
    """
    rows, values = condition.rows
    with connection.cursor() as cursor:
        cursor.execute(SEARCH.format(rows=rows), [_match(condition, MARKS[: reach + 1]), *adapted(values), most])
        return [Hit(*row) for row in cursor.fetchall()]


def _match(condition: Condition, marks: Sequence[str]) -> str:
    wanted = [_any(spellings, marks) for spellings in condition.wanted]
    match = " AND ".join([*wanted, *(f'"{key}"' for key in condition.keys)])
    if condition.unwanted:
        unwanted = " OR ".join(_any(spellings, MARKS) for spellings in condition.unwanted)
        match = f"({match}) NOT ({unwanted})"
    return match


def _any(spellings: Spellings, marks: Sequence[str]) -> str:
    # No token holds a quotation mark: `fold` leaves only full-width ones.
    sequences = map(sequence_of_term, spellings)
    phrases = [" ".join(mark + token for token in tokens) for tokens in sequences for mark in marks]
    return "(" + " OR ".join(f'"{phrase}"' for phrase in phrases) + ")"

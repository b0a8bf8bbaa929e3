"""What each database needs to find the words of `blog_searchdocument`: see `blog.search`."""

import sqlite3

# --- SQLite: one column of tokens that say where they stand, and no texts ---

CREATE_FTS = "CREATE VIRTUAL TABLE blog_searchtokens USING fts5(tokens, {content}tokenize = 'ascii')"
WITHOUT_TEXTS = "content = '', contentless_delete = 1, "  # an SQLite before 3.43 keeps the texts too
SQLITE = [
    "CREATE UNIQUE INDEX blog_searchdocument_place ON blog_searchdocument (place)",
    """
CREATE TRIGGER blog_searchdocument_gone AFTER DELETE ON blog_searchdocument
BEGIN DELETE FROM blog_searchtokens WHERE rowid = old.place; END
""",
    """
CREATE TRIGGER blog_searchdocument_shifted AFTER UPDATE OF place ON blog_searchdocument WHEN old.place <> new.place
BEGIN DELETE FROM blog_searchtokens WHERE rowid = old.place; END
""",
]
UNDO_SQLITE = [
    "DROP TRIGGER blog_searchdocument_shifted",
    "DROP TRIGGER blog_searchdocument_gone",
    "DROP INDEX blog_searchdocument_place",
    "DROP TABLE blog_searchtokens",
]

# --- PostgreSQL: the folded texts, and an index of their tokens, which are stored nowhere else ---

JAPANESE = (
    r"\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    r"\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
HIRAGANA = "'\u3041' AND '\u3096'"
# What `blog.text.words.parts_of_term` asks for: neighbours in a run of Japanese, joints, characters, and words
# in their bars. PL/pgSQL keeps its plan for the next save. In a list of columns `unnest` hands on one pair after the
# other, while in FROM it first writes them all down. A text goes on with a space where a run of Japanese ends. Hiragana
# are told by the order of bytes, which takes less than a pattern.
TOKENS = rf"""
CREATE FUNCTION blog_search_tokens(folded text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 100000 AS $$
DECLARE
    japanese text[] := string_to_array(regexp_replace(folded, '[^{JAPANESE}]+', ' ', 'g'), NULL);
    characters text[] := string_to_array(regexp_replace(folded, '\|[^|]*\|', '', 'g'), NULL);
BEGIN
RETURN (SELECT array_agg(token) FROM (
    SELECT first || second AS token
    FROM (SELECT unnest(japanese) AS first, unnest(japanese[2:]) AS second) AS pair
    WHERE first <> ' ' AND second <> ' '
    UNION
    SELECT first || second || third
    FROM (
        SELECT unnest(japanese) COLLATE "C" AS first, unnest(japanese[2:]) COLLATE "C" AS second,
            unnest(japanese[3:]) COLLATE "C" AS third
    ) AS triple
    WHERE second BETWEEN {HIRAGANA} AND first NOT BETWEEN {HIRAGANA} AND third NOT BETWEEN {HIRAGANA}
        AND first <> ' ' AND third <> ' '
    UNION
    SELECT unnest(characters)
    UNION
    SELECT '|' || part || '|' FROM unnest(string_to_array(folded, '|')) WITH ORDINALITY AS piece (part, number)
    WHERE number % 2 = 0
) AS tokens);
END
$$
"""
# The collation is that of bytes: nobody sees the order of tokens, and any other takes longer to compare.
# Texts stand apart from the rows, which are read by the thousand. The planner gets no statistics about tokens: to
# gather them, it would cut up thousands of texts each time.
# A save appends its tokens to a list, which each search reads too. So the list is kept short: the save that fills it
# puts the tokens of a dozen articles into the index at once.
POSTGRESQL = [
    """
ALTER TABLE blog_searchdocument
    ADD COLUMN title text COLLATE "C" NOT NULL, ADD COLUMN head text COLLATE "C" NOT NULL,
    ADD COLUMN body text COLLATE "C" NOT NULL, ADD COLUMN keys text[] COLLATE "C" NOT NULL
""",
    "ALTER TABLE blog_searchdocument SET (toast_tuple_target = 128)",
    TOKENS,
    """
CREATE INDEX blog_searchdocument_tokens ON blog_searchdocument USING gin (
    blog_search_tokens(title), blog_search_tokens(head), blog_search_tokens(body), keys
) WITH (fastupdate = on, gin_pending_list_limit = 256)
""",
    *(f"ALTER INDEX blog_searchdocument_tokens ALTER COLUMN {number} SET STATISTICS 0" for number in (1, 2, 3)),
    "CREATE INDEX blog_searchdocument_newest ON blog_searchdocument (place, post_id)",
]
LZ4 = "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
COMPRESS = "ALTER TABLE blog_searchdocument ALTER COLUMN body SET COMPRESSION lz4"
UNDO_POSTGRESQL = [
    "DROP INDEX blog_searchdocument_newest",
    "DROP INDEX blog_searchdocument_tokens",
    "DROP FUNCTION blog_search_tokens",
    """
ALTER TABLE blog_searchdocument DROP COLUMN title, DROP COLUMN head, DROP COLUMN body, DROP COLUMN keys
""",
]


def create_index(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            content = WITHOUT_TEXTS if sqlite3.sqlite_version_info >= (3, 43) else ""
            cursor.execute(CREATE_FTS.format(content=content))
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(LZ4)
            if cursor.fetchone() == (True,):  # it is read three times as fast, and takes two thirds of the space
                cursor.execute(COMPRESS)


def drop_index(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in UNDO_SQLITE if schema_editor.connection.vendor == "sqlite" else UNDO_POSTGRESQL:
            cursor.execute(statement)

from django.db import migrations

HIRAGANA = "'\u3041' AND '\u3096'"
JAPANESE = (
    r"\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    r"\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
FUNCTION = rf"""
CREATE OR REPLACE FUNCTION blog_search_tokens(folded text) RETURNS text[]
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
    %s
    SELECT unnest(characters)
    UNION
    SELECT '|' || part || '|' FROM unnest(string_to_array(folded, '|')) WITH ORDINALITY AS piece (part, number)
    WHERE number %% 2 = 0
) AS tokens);
END
$$
"""
# What `blog.text.words.tokens` calls joints. Hiragana are told by the order of bytes, which takes less than a pattern.
JOINTS = f"""
    SELECT first || second || third
    FROM (
        SELECT unnest(japanese) COLLATE "C" AS first, unnest(japanese[2:]) COLLATE "C" AS second,
            unnest(japanese[3:]) COLLATE "C" AS third
    ) AS triple
    WHERE second BETWEEN {HIRAGANA} AND first NOT BETWEEN {HIRAGANA} AND third NOT BETWEEN {HIRAGANA}
        AND first <> ' ' AND third <> ' '
    UNION
"""
INDEX = "blog_searchdocument_tokens"
NO_COPY = f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}_ccnew"  # what a failed attempt left
REBUILD = f"REINDEX INDEX CONCURRENTLY {INDEX}"


def do(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in (FUNCTION % JOINTS, NO_COPY, REBUILD):
            schema_editor.execute(statement, params=None)  # the function has a percent sign


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION % "", params=None)


class Migration(migrations.Migration):
    """Gives PostgreSQL's index a token for each particle with its neighbours, of which few texts have the same.

    A text keeps the tokens that it had, so both versions find all in either index, and the index is made anew beside
    searches and saves. Nothing is taken out of it when the migration is undone.
    """

    atomic = False  # as an index that is made beside the saves requires

    dependencies = [("blog", "0003_unchanged_log")]

    operations = [migrations.RunPython(do, undo)]

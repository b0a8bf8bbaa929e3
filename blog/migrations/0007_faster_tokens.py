from django.db import migrations

JAPANESE = (
    r"\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
    r"\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
HEAD = "CREATE OR REPLACE FUNCTION blog_search_tokens(folded text) RETURNS text[]"
OPTIONS = "IMMUTABLE PARALLEL SAFE COST 100000"
# PL/pgSQL keeps its plan for the next save. In a list of columns `unnest` hands on one pair after the other, while in
# FROM it first writes them all down. A text goes on with a space where a run of Japanese ends.
FASTER = rf"""
{HEAD} LANGUAGE plpgsql {OPTIONS} AS $$
DECLARE
    japanese text[] := string_to_array(regexp_replace(folded, '[^{JAPANESE}]+', ' ', 'g'), NULL);
    characters text[] := string_to_array(regexp_replace(folded, '\|[^|]*\|', '', 'g'), NULL);
BEGIN
RETURN (SELECT array_agg(token) FROM (
    SELECT first || second AS token
    FROM (SELECT unnest(japanese) AS first, unnest(japanese[2:]) AS second) AS pair
    WHERE first <> ' ' AND second <> ' '
    UNION
    SELECT unnest(characters)
    UNION
    SELECT '|' || part || '|' FROM unnest(string_to_array(folded, '|')) WITH ORDINALITY AS piece (part, number)
    WHERE number % 2 = 0
) AS tokens);
END
$$
"""
BEFORE = rf"""
{HEAD} LANGUAGE sql {OPTIONS} AS $$
SELECT array_agg(token) FROM (
    SELECT first || second AS token
    FROM regexp_split_to_table(folded, '[^{JAPANESE}]+') AS run,
        LATERAL unnest(string_to_array(run, NULL), (string_to_array(run, NULL))[2:]) AS pair (first, second)
    WHERE second IS NOT NULL
    UNION
    SELECT unnest(string_to_array(regexp_replace(folded, '\|[^|]*\|', '', 'g'), NULL))
    UNION
    SELECT word[1] FROM regexp_matches(folded, '\|[^|]*\|', 'g') AS word
) AS tokens
$$
"""


def do(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FASTER, params=None)  # it has a percent sign


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(BEFORE, params=None)


class Migration(migrations.Migration):
    """Has PostgreSQL cut up a text in two thirds of the time, into the same tokens, so that its index stays valid."""

    dependencies = [("blog", "0006_marked_tokens")]

    operations = [migrations.RunPython(do, undo)]

from importlib import import_module

from django.db import migrations

# The function with joints, as `blog.text.words.tokens` calls them. A new database has it from the beginning.
TOKENS = import_module("blog.migrations.0002_search").TOKENS
FUNCTION = TOKENS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
INDEX = "blog_searchdocument_tokens"
NO_COPY = f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}_ccnew"  # what a failed attempt left
REBUILD = f"REINDEX INDEX CONCURRENTLY {INDEX}"


def do(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in (FUNCTION, NO_COPY, REBUILD):
            schema_editor.execute(statement, params=None)  # the function has a percent sign


class Migration(migrations.Migration):
    """Gives PostgreSQL's index a token for each particle with its neighbours, of which few texts have the same.

    A text keeps the tokens that it had, so both versions find all in either index, and the index is made anew beside
    searches and saves. So nothing has to be undone.
    """

    atomic = False  # as an index that is made beside the saves requires

    dependencies = [("blog", "0003_unchanged_log")]

    operations = [migrations.RunPython(do, migrations.RunPython.noop)]

from django.db import migrations

# A save appends its tokens to a list, which each search reads too. So the list is kept short: the save that fills it
# puts the tokens of a dozen articles into the index at once.
LISTED = "ALTER INDEX blog_searchdocument_tokens SET (fastupdate = on, gin_pending_list_limit = 256)"
NEWEST = "CREATE INDEX CONCURRENTLY blog_searchdocument_newest ON blog_searchdocument (place, post_id)"
NO_NEWEST = "DROP INDEX CONCURRENTLY IF EXISTS blog_searchdocument_newest"  # also what a failed attempt left
LAST_OF_OLD = "blog_postnote"
UNDO = (
    NO_NEWEST,
    "ALTER INDEX blog_searchdocument_tokens SET (fastupdate = off)",
    "ALTER INDEX blog_searchdocument_tokens RESET (gin_pending_list_limit)",
)


def refuse_half(apps, schema_editor):
    """Raises RuntimeError for a database that stopped amid the twenty-one migrations before the first release.

    Those that took their place cannot tell it from one that had all.
    """
    tables = schema_editor.connection.introspection.table_names()
    if LAST_OF_OLD not in tables:
        raise RuntimeError(
            f"There is no table {LAST_OF_OLD}: migrate this database to blog 0021_notes as of 9d79679 first."
        )


def hasten(apps, schema_editor):
    """Does nothing on SQLite, which finds the newest by the key of a row."""
    if schema_editor.connection.vendor == "postgresql":
        for statement in (LISTED, NO_NEWEST, NEWEST):
            schema_editor.execute(statement)


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in UNDO:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Lets PostgreSQL walk along the newest articles, and a save append what it tells the index."""

    atomic = False  # as an index that is made beside the saves requires

    dependencies = [("blog", "0003_unchanged_log")]

    operations = [migrations.RunPython(refuse_half, migrations.RunPython.noop), migrations.RunPython(hasten, undo)]

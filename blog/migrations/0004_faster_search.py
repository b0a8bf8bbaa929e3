from django.db import migrations

# A save appends its tokens to a list, which each search reads too. So the list is kept short: the save that fills it
# puts the tokens of a dozen articles into the index at once.
LISTED = "ALTER INDEX blog_searchdocument_tokens SET (fastupdate = on, gin_pending_list_limit = 256)"
NEWEST = "CREATE INDEX CONCURRENTLY blog_searchdocument_newest ON blog_searchdocument (place, post_id)"
NO_NEWEST = "DROP INDEX CONCURRENTLY IF EXISTS blog_searchdocument_newest"  # also what a failed attempt left
UNDO = (
    NO_NEWEST,
    "ALTER INDEX blog_searchdocument_tokens SET (fastupdate = off)",
    "ALTER INDEX blog_searchdocument_tokens RESET (gin_pending_list_limit)",
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

    operations = [migrations.RunPython(hasten, undo)]

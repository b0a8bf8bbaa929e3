from django.db import migrations

NEWEST = "CREATE INDEX CONCURRENTLY IF NOT EXISTS blog_searchdocument_newest ON blog_searchdocument (place, post_id)"
UNDO = ("DROP INDEX CONCURRENTLY IF EXISTS blog_searchdocument_newest",)


def hasten(apps, schema_editor):
    """Does nothing on SQLite, which finds the newest by the key of a row."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(NEWEST)


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in UNDO:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Lets PostgreSQL walk along the newest articles."""

    atomic = False  # as an index that is made beside the saves requires

    dependencies = [("blog", "0021_notes")]

    operations = [migrations.RunPython(hasten, undo)]

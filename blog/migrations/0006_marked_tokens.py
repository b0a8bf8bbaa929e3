import sqlite3

from django.db import migrations

CREATE = "CREATE VIRTUAL TABLE blog_searchtokens USING fts5(tokens, {content}tokenize = 'ascii')"
WITHOUT_TEXTS = "content = '', contentless_delete = 1, "  # an SQLite before 3.43 keeps the texts too
TRIGGERS = [
    """
CREATE TRIGGER blog_searchdocument_gone AFTER DELETE ON blog_searchdocument
BEGIN DELETE FROM blog_searchtokens WHERE rowid = old.place; END
""",
    """
CREATE TRIGGER blog_searchdocument_shifted AFTER UPDATE OF place ON blog_searchdocument WHEN old.place <> new.place
BEGIN DELETE FROM blog_searchtokens WHERE rowid = old.place; END
""",
]
STALE = "UPDATE blog_searchdocument SET form = 0"
UNDO = [
    "DROP TRIGGER blog_searchdocument_shifted",
    "DROP TRIGGER blog_searchdocument_gone",
    "DROP TABLE blog_searchtokens",
]


def do(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        content = WITHOUT_TEXTS if sqlite3.sqlite_version_info >= (3, 43) else ""
        for statement in [CREATE.format(content=content), *TRIGGERS, STALE]:
            schema_editor.execute(statement)


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in UNDO:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Gives SQLite's index a single column, whose tokens say where they stand: `blog.search.sqlite` says why.

    The index begins empty; `reindex_search --stale` fills it. Processes of the version before go on with their own
    table, blog_searchindex, which a later release may drop with its two triggers.
    """

    dependencies = [("blog", "0005_state_of_models")]

    operations = [migrations.RunPython(do, undo)]

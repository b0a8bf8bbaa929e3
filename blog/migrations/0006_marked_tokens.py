import sqlite3

from django.db import migrations

COLUMNS = "tokens"
COLUMNS_BEFORE = "body, title, head, keys"
CREATE = "CREATE VIRTUAL TABLE blog_searchindex USING fts5({columns}, {content}tokenize = 'ascii')"
WITHOUT_TEXTS = "content = '', contentless_delete = 1, "  # an SQLite before 3.43 keeps the texts too
STALE = "UPDATE blog_searchdocument SET form = 0"


def create(schema_editor, columns):
    if schema_editor.connection.vendor == "sqlite":
        content = WITHOUT_TEXTS if sqlite3.sqlite_version_info >= (3, 43) else ""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP TABLE blog_searchindex")
            cursor.execute(CREATE.format(columns=columns, content=content))
            cursor.execute(STALE)


def do(apps, schema_editor):
    create(schema_editor, COLUMNS)


def undo(apps, schema_editor):
    create(schema_editor, COLUMNS_BEFORE)


class Migration(migrations.Migration):
    """Gives SQLite's index a single column, whose tokens say where they stand: `blog.search.sqlite` says why.

    The index begins empty; `reindex_search --stale` fills it.
    """

    dependencies = [("blog", "0005_state_of_models")]

    operations = [migrations.RunPython(do, undo)]

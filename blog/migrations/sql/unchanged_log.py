"""The database itself keeps the log of acts from being changed."""

REFUSED = "the log of acts is never changed"
SQLITE = f"""
CREATE TRIGGER blog_auditentry_kept BEFORE UPDATE ON blog_auditentry BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION blog_auditentry_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END
$$;
CREATE TRIGGER blog_auditentry_kept BEFORE UPDATE ON blog_auditentry
FOR EACH ROW EXECUTE FUNCTION blog_auditentry_kept()
"""


def refuse_changes(apps, schema_editor):
    """Lets rows be added, and removed once they are too old, and never changed. A migration that makes the table anew
    (SQLite does for most changes of a column) must run this again.
    """
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER blog_auditentry_kept ON blog_auditentry")
        schema_editor.execute("DROP FUNCTION blog_auditentry_kept()")
    else:
        schema_editor.execute("DROP TRIGGER blog_auditentry_kept")

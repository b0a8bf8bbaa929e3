import django.utils.timezone
from django.db import migrations, models

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


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0013_page_revisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="日時")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("added", "追加"),
                            ("changed", "変更"),
                            ("deleted", "削除"),
                            ("exported", "書き出し"),
                            ("logged_in", "ログイン"),
                            ("login_failed", "ログインの失敗"),
                            ("locked_out", "ログインの停止"),
                            ("logged_out", "ログアウト"),
                            ("password", "パスワードの変更"),
                            ("second_factor", "二段階認証"),
                            ("code_failed", "認証コードの間違い"),
                            ("roles", "役割と権限の変更"),
                            ("saved", "保存"),
                            ("submitted", "確認を依頼"),
                            ("returned", "下書きに戻した"),
                            ("published", "公開"),
                            ("withdrawn", "取り下げ"),
                            ("pending", "公開せずに保存"),
                            ("released", "公開前の変更を反映"),
                            ("discarded", "公開前の変更を破棄"),
                            ("restored", "以前の版に戻した"),
                            ("unmerged", "保存できなかった内容"),
                            ("merged", "ほかの人の保存と統合"),
                            ("overwritten", "ほかの人の保存に上書き"),
                            ("imported", "取り込み"),
                            ("fixed", "一括修正"),
                            ("unfixed", "一括修正を取り消し"),
                        ],
                        max_length=20,
                        verbose_name="したこと",
                    ),
                ),
                ("user_key", models.BigIntegerField(blank=True, null=True, verbose_name="ユーザーの番号")),
                ("user_name", models.CharField(blank=True, max_length=150, verbose_name="した人")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="アドレス")),
                ("kind", models.CharField(blank=True, max_length=100, verbose_name="種類")),
                ("key", models.CharField(blank=True, max_length=40, verbose_name="番号")),
                ("name", models.CharField(blank=True, max_length=300, verbose_name="対象")),
                ("detail", models.CharField(blank=True, max_length=1000, verbose_name="詳しく")),
            ],
            options={
                "verbose_name": "操作の記録",
                "verbose_name_plural": "操作の記録",
                "ordering": ("-pk",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["act", "-id"], name="audit_act"),
                    models.Index(fields=["user_name", "-id"], name="audit_user"),
                    models.Index(fields=["kind", "key", "-id"], name="audit_target"),
                ],
            },
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]

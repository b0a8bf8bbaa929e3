from django.db import migrations, models


class Migration(migrations.Migration):
    """Keeps with each return to the writer why, and with each redirect whether an editor made it."""

    dependencies = [("blog", "0009_queue")]

    operations = [
        migrations.AddField(
            "postrevision",
            "return_reason",
            models.TextField(blank=True, max_length=2000, verbose_name="差し戻しの理由"),
        ),
        migrations.AddField(
            "permalink",
            "is_handmade",
            models.BooleanField(default=False, editable=False, verbose_name="編集者が作った転送"),
        ),
        migrations.AddConstraint(
            "permalink",
            models.CheckConstraint(
                condition=models.Q(("is_handmade", False), ("post__isnull", True), _connector="OR"),
                name="permalink_handmade_redirects",
                violation_error_message="記事のパスは、編集者が作った転送にはなりません。",
            ),
        ),
    ]

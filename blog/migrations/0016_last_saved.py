from django.db import migrations, models
from django.utils import timezone

LAST_REVISION = "(SELECT MAX(created_at) FROM blog_postrevision WHERE post_id = blog_post.id)"
# An article that came by an import has no revision until somebody edits it.
FILL = f"UPDATE blog_post SET saved_at = COALESCE({LAST_REVISION}, created_at)"


class Migration(migrations.Migration):
    """Keeps when an article was saved last, and finds the changes that wait over articles by an index."""

    dependencies = [("blog", "0015_words_of_the_desk")]

    operations = [
        migrations.AddField(
            "post",
            "saved_at",
            models.DateTimeField(default=timezone.now, editable=False, verbose_name="更新日"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex("post", models.Index(fields=["-saved_at", "-id"], name="post_last_saved")),
        migrations.AddIndex(
            "post",
            models.Index(fields=["id"], name="post_waiting", condition=models.Q(("pending_revision__isnull", False))),
        ),
    ]

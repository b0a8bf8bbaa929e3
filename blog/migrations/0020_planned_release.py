import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keeps when the pending version of a live article goes out by itself."""

    dependencies = [("blog", "0019_amendments"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            "PlannedRelease",
            [
                (
                    "post",
                    models.OneToOneField(
                        to="blog.post",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="planned_release",
                        serialize=False,
                        verbose_name="記事",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="反映する日時")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="直さずに公開する理由")),
                ("confirmed_path", models.CharField(blank=True, max_length=500, verbose_name="確かめたURL")),
                ("failure", models.TextField(blank=True, verbose_name="出せなかった理由")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="予約した人",
                    ),
                ),
                (
                    "seen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="blog.postrevision",
                        verbose_name="確かめた版",
                    ),
                ),
            ],
            {"verbose_name": "変更の予約", "verbose_name_plural": "変更の予約", "default_permissions": ()},
        ),
    ]

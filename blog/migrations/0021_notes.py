import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keeps notes between colleagues on an article."""

    dependencies = [
        ("blog", "0020_planned_release"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PostNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000, verbose_name="メモ")),
                ("by_name", models.CharField(blank=True, max_length=310, verbose_name="書いた人の名前")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="済みにした日時")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="書いた人",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="blog.post",
                        verbose_name="記事",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="あて先",
                    ),
                ),
            ],
            options={
                "verbose_name": "メモ",
                "verbose_name_plural": "メモ",
                "ordering": ("-pk",),
                "default_permissions": (),
            },
        ),
    ]

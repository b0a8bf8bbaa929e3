import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import blog.models.history


class Migration(migrations.Migration):
    """What readers are told of changes after publication, and which contents they have seen."""

    dependencies = [("blog", "0018_uses_of_pictures")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="amendment_count",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="postrevision",
            name="was_read",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("correction", "訂正"), ("update", "更新")], max_length=20, verbose_name="種類"
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        validators=[django.core.validators.MaxLengthValidator(1000)], verbose_name="読者への説明"
                    ),
                ),
                ("passages", models.JSONField(default=list, editable=False, encoder=blog.models.history.ReadableJSON)),
                ("left_out", models.PositiveIntegerField(default=0, editable=False)),
                ("changed_at", models.DateTimeField(verbose_name="変更した日時")),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="知らせた日時")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="blog.post",
                        verbose_name="記事",
                    ),
                ),
                (
                    "revision",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="amendment",
                        to="blog.postrevision",
                        verbose_name="版",
                    ),
                ),
            ],
            options={
                "verbose_name": "公開後の変更",
                "verbose_name_plural": "公開後の変更",
                "ordering": ("-changed_at", "-pk"),
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["correction", "update"])), name="amendment_kind_known"
                    )
                ],
            },
        ),
    ]

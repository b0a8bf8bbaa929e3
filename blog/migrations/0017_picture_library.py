import django.db.models.deletion
from django.core.validators import MaxValueValidator
from django.db import migrations, models

KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def focus(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(default=50, validators=[MaxValueValidator(100)], verbose_name=name)


class Migration(migrations.Migration):
    """Knows which article shows which picture, what a picture was before it was replaced, and its focal point."""

    dependencies = [("blog", "0016_last_saved")]

    operations = [
        migrations.AddField("image", "focus_x", focus("焦点（左から％）")),
        migrations.AddField("image", "focus_y", focus("焦点（上から％）")),
        migrations.AddConstraint(
            "image",
            models.CheckConstraint(
                condition=models.Q(("focus_x__lte", 100), ("focus_y__lte", 100)),
                name="image_focus_is_inside",
                violation_error_message="焦点は、0から100までの数で入れてください。",
            ),
        ),
        migrations.CreateModel(
            "FormerFile",
            [
                KEY,
                ("name", models.CharField(max_length=100, unique=True, verbose_name="ファイル")),
                ("is_kept", models.BooleanField(default=True, verbose_name="残した")),
                ("replaced_at", models.DateTimeField(auto_now_add=True, verbose_name="差し替えた日時")),
                (
                    "image",
                    models.ForeignKey(
                        "blog.image",
                        django.db.models.deletion.CASCADE,
                        related_name="former_files",
                        verbose_name="画像",
                    ),
                ),
            ],
            {"verbose_name": "前のファイル", "verbose_name_plural": "前のファイル", "default_permissions": ()},
        ),
        migrations.CreateModel(
            "PictureUse",
            [
                KEY,
                (
                    "image",
                    models.ForeignKey(
                        "blog.image",
                        django.db.models.deletion.CASCADE,
                        db_index=False,
                        related_name="uses_in_texts",
                        verbose_name="画像",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        "blog.post", django.db.models.deletion.CASCADE, related_name="+", verbose_name="記事"
                    ),
                ),
            ],
            {"verbose_name": "本文の画像", "verbose_name_plural": "本文の画像", "default_permissions": ()},
        ),
        migrations.AddConstraint(
            "pictureuse", models.UniqueConstraint(fields=("image", "post"), name="picture_use_once")
        ),
    ]

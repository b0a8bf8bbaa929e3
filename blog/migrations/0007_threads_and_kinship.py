"""Keeps with each article what it is about, the closest articles and the thread of one story."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0006_search")]

    operations = [
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="作成日時")),
            ],
            options={"verbose_name": "続報", "verbose_name_plural": "続報", "default_permissions": ()},
        ),
        migrations.AddField(
            model_name="post",
            name="thread_is_chosen",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="post",
            name="thread",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="posts",
                to="blog.thread",
            ),
        ),
        migrations.CreateModel(
            name="KindredPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kindred_rows", to="blog.post"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kindred_of", to="blog.post"
                    ),
                ),
            ],
            options={
                "verbose_name": "近い記事",
                "verbose_name_plural": "近い記事",
                "ordering": ("position",),
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("post", "target"), name="kindred_post_once")],
            },
        ),
        migrations.CreateModel(
            name="SubjectWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
                ("weight", models.PositiveSmallIntegerField()),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="subject_words", to="blog.post"
                    ),
                ),
            ],
            options={
                "verbose_name": "記事の主題",
                "verbose_name_plural": "記事の主題",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("word", "post"), name="subject_word_once")],
            },
        ),
    ]

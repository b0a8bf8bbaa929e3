"""Gives static pages a history and an edit number, and autosaves of their forms."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import blog.models.history

KINDS = [
    ("original", "履歴が始まる前の内容"),
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
]


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0012_headlines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="page", name="version", field=models.PositiveIntegerField(default=0, editable=False)
        ),
        migrations.CreateModel(
            name="PageRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版")),
                ("version", models.PositiveIntegerField()),
                ("kind", models.CharField(choices=KINDS, max_length=20, verbose_name="種類")),
                ("snapshot", models.JSONField(encoder=blog.models.history.ReadableJSON, verbose_name="内容")),
                ("changed", models.JSONField(default=list, verbose_name="変えた項目")),
                ("user_name", models.CharField(blank=True, max_length=310, verbose_name="保存した人の名前")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="blog.page",
                        verbose_name="固定ページ",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="results",
                        to="blog.pagerevision",
                        verbose_name="元の版",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "版",
                "verbose_name_plural": "版",
                "ordering": ("-number",),
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="pagerevision",
            constraint=models.UniqueConstraint(fields=("page", "number"), name="page_revision_number_unique"),
        ),
        migrations.AddField(
            model_name="autosave",
            name="form",
            field=models.CharField(choices=[("post", "記事"), ("page", "固定ページ")], default="post", max_length=10),
        ),
        migrations.AddField(
            model_name="autosave",
            name="page",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="blog.page",
            ),
        ),
        migrations.AddConstraint(
            model_name="autosave",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_done", False)), fields=("editor", "page"), name="autosave_of_page_once"
            ),
        ),
    ]

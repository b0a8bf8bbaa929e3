import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="postrevision",
            name="kind",
            field=models.CharField(
                choices=[
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
                ],
                max_length=20,
                verbose_name="種類",
            ),
        ),
        migrations.CreateModel(
            name="FixBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("codes", models.JSONField(default=list, verbose_name="直す種類")),
                ("month", models.PositiveIntegerField(null=True, verbose_name="公開した月")),
                ("by_name", models.CharField(blank=True, max_length=310, verbose_name="実行した人の名前")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="日時")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="終わった日時")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="取り消した日時")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="実行した人",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="blog.category",
                        verbose_name="セクション",
                    ),
                ),
            ],
            options={
                "verbose_name": "一括修正",
                "verbose_name_plural": "一括修正",
                "ordering": ("-pk",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="HouseWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("banned", "使わない語"), ("spelling", "表記"), ("tail", "決まり文句の語尾")],
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                ("word", models.CharField(max_length=100, verbose_name="語")),
                (
                    "preferred",
                    models.CharField(
                        blank=True,
                        help_text="種類が「表記」のときに書きます。",
                        max_length=100,
                        verbose_name="正しい表記",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="メモ")),
            ],
            options={
                "verbose_name": "用語集",
                "verbose_name_plural": "用語集",
                "ordering": ("kind", "word"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "word"),
                        name="house_word_once",
                        violation_error_message="この語はすでにあります。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("word", ""), _negated=True), name="house_word_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "spelling"), models.Q(("preferred", ""), _negated=True)),
                            models.Q(models.Q(("kind", "spelling"), _negated=True), ("preferred", "")),
                            _connector="OR",
                        ),
                        name="house_word_preferred_of_spelling",
                        violation_error_message="正しい表記は、種類が「表記」の語にだけ、必ず書きます。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("word", models.F("preferred")), _negated=True),
                        name="house_word_not_itself",
                        violation_error_message="語と正しい表記が同じです。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("fixed", "直した"),
                            ("unchanged", "直すところがなかった"),
                            ("pending", "公開前の変更があるため、直していない"),
                            ("stale", "確認のあとに編集されたため、直していない"),
                            ("locked", "ほかの人が編集しているため、直していない"),
                            ("refused", "保存できない内容になるため、直していない"),
                            ("undone", "元に戻した"),
                            ("kept", "修正のあとに編集か予約をされたため、戻していない"),
                        ],
                        max_length=10,
                        verbose_name="結果",
                    ),
                ),
                ("updated_at", models.DateTimeField(null=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fixes",
                        to="blog.post",
                        verbose_name="記事",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="blog.postrevision"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="blog.fixbatch",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("batch", "post"), name="batch_post_once")],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "post_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("key", models.BigIntegerField()),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="blog.post"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["key", "post"], name="passage_key")],
            },
        ),
        migrations.CreateModel(
            name="PostFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=20, verbose_name="種類")),
                ("line", models.PositiveIntegerField(verbose_name="行")),
                ("excerpt", models.CharField(blank=True, max_length=200, verbose_name="箇所")),
                ("message", models.CharField(max_length=300, verbose_name="説明")),
                ("is_fixable", models.BooleanField(verbose_name="一括修正できる")),
                ("month", models.PositiveIntegerField(null=True, verbose_name="公開した月")),
                ("digest", models.CharField(max_length=16)),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="blog.category",
                        verbose_name="セクション",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="blog.post",
                        verbose_name="記事",
                    ),
                ),
            ],
            options={
                "verbose_name": "原稿チェック",
                "verbose_name_plural": "原稿チェック",
                "ordering": ("-post_id", "number"),
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["code", "-post"], name="finding_by_code"),
                    models.Index(
                        condition=models.Q(("is_fixable", True)), fields=["code", "post"], name="finding_fixable"
                    ),
                    models.Index(fields=["category", "code", "-post"], name="finding_by_section"),
                    models.Index(fields=["month", "code", "-post"], name="finding_by_month"),
                ],
                "constraints": [models.UniqueConstraint(fields=("post", "number"), name="finding_number_once")],
            },
        ),
        migrations.AddField(
            model_name="post",
            name="is_checked",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(condition=models.Q(("is_checked", False)), fields=["id"], name="post_unchecked"),
        ),
    ]

from django.db import migrations, models

OUTCOMES = [
    ("fixed", "直した"),
    ("unchanged", "直すところがなかった"),
    ("pending", "公開前の変更があるため、直していない"),
    ("stale", "確認のあとに編集されたため、直していない"),
    ("locked", "だれかが書きかけているため、直していない"),
    ("refused", "保存できない内容になるため、直していない"),
    ("undone", "元に戻した"),
    ("kept", "修正のあとに編集・予約・公開されたため、戻していない"),
]


class Migration(migrations.Migration):
    """The words for what a batch of fixes did with an article. No table changes."""

    dependencies = [("blog", "0007_faster_tokens")]

    operations = [
        migrations.AlterField("batchpost", "outcome", models.CharField("結果", max_length=10, choices=OUTCOMES)),
    ]

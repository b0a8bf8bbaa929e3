from django.db import migrations

NAME = "一括修正の結果"


class Migration(migrations.Migration):
    """Names what the desk lists when an article is deleted. The tables stay as they are."""

    dependencies = [("blog", "0004_joints")]

    operations = [
        migrations.AlterModelOptions(
            "batchpost", {"default_permissions": (), "verbose_name": NAME, "verbose_name_plural": NAME}
        )
    ]

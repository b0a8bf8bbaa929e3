from django.db import migrations, models


class Migration(migrations.Migration):
    """Changes bear no keys any more: each ends every stored page."""

    dependencies = [("blog", "0002_drop_import_conflicts")]

    operations = [
        migrations.RemoveField("change", "keys"),
        migrations.AddField(
            "change",
            "is_soon",
            models.BooleanField(default=False, help_text="stored pages may show it a minute late"),
        ),
        migrations.AddField(
            "change",
            "withdraws",
            models.BooleanField(default=False, help_text="something must not be seen any more"),
        ),
    ]

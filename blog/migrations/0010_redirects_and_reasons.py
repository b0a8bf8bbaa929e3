from django.db import migrations, models


class Migration(migrations.Migration):
    """Keeps with each return to the writer why, and with each redirect whether an editor made it."""

    dependencies = [("blog", "0007_threads_and_kinship")]

    operations = [
        migrations.AddField(
            "postrevision",
            "return_reason",
            models.TextField(blank=True, max_length=2000, verbose_name="差し戻しの理由"),
        ),
    ]

from django.db import migrations, models

import blog.models.history


class Migration(migrations.Migration):
    """Why a text was published with errors of the desk check, beside the revision that published it."""

    dependencies = [("blog", "0002_findings")]

    operations = [
        migrations.AddField(
            "postrevision",
            "override_reason",
            models.CharField(blank=True, max_length=500, verbose_name="直さずに公開した理由"),
        ),
        migrations.AddField(
            "postrevision",
            "overridden",
            models.JSONField(default=list, encoder=blog.models.history.ReadableJSON, verbose_name="直さなかった指摘"),
        ),
    ]

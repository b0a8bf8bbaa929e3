from django.db import migrations, models


class Migration(migrations.Migration):
    """The number of the form lives in the code alone, so that raising it needs no migration. No table changes."""

    dependencies = [("blog", "0004_faster_search")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("searchdocument", "form", models.PositiveSmallIntegerField()),
            ]
        )
    ]

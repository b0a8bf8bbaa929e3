from django.db import migrations, models


class Migration(migrations.Migration):
    """The number of a document's form lives in the code alone, so that raising it needs no migration; one word is 用語.

    No table changes: on SQLite, Django would make that of the documents anew, without its triggers.
    """

    dependencies = [("blog", "0004_faster_search")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("searchdocument", "form", models.PositiveSmallIntegerField()),
                migrations.AlterModelOptions(
                    "houseword",
                    {"ordering": ("kind", "word"), "verbose_name": "用語", "verbose_name_plural": "用語集"},
                ),
            ]
        )
    ]

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0008_changes"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.CreateModel(
            name="QueuedTask",
            fields=[],
            options={
                "verbose_name": "あとの作業",
                "verbose_name_plural": "あとの作業",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("django_tasks_database.dbtaskresult",),
        ),
    ]

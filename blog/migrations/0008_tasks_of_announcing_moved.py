from django.db import migrations

MOVED = ("announce_post", "ping_hub")


def move(apps, schema_editor):
    """Tasks in the queue are found by their path; those of scheduled articles may wait for weeks."""
    tasks = apps.get_model("django_tasks_database", "DBTaskResult").objects
    for name in MOVED:
        tasks.filter(task_path=f"blog.delivery.announcing.{name}").update(task_path=f"blog.editing.announcing.{name}")


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0007_kinds_of_schedules"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]

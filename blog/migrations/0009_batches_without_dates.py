from django.db import migrations


def forget_tasks(apps, schema_editor):
    """The workers look for planned releases by themselves: a task for one names a function that is gone."""
    tasks = apps.get_model("django_tasks_database", "DBTaskResult").objects
    tasks.filter(task_path="blog.editing.releasing.release_due").delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0008_tasks_of_announcing_moved")]

    operations = [
        migrations.RunPython(forget_tasks, migrations.RunPython.noop),
        migrations.RemoveField("batchpost", "updated_at"),
    ]

"""Enters what was known before: the reasons of the articles that wait with their writers, and from the log of the desk
which redirects editors made.
"""

from django.contrib.admin.models import ADDITION
from django.db import migrations

KEYS_AT_ONCE = 1_000


def enter_reasons(apps, schema_editor):
    posts = apps.get_model("blog", "Post").objects.exclude(return_reason="")
    revisions = apps.get_model("blog", "PostRevision").objects.filter(kind="returned")
    for pk, reason in posts.values_list("pk", "return_reason"):
        last = revisions.filter(post=pk).order_by("-number").values("pk")[:1]
        revisions.filter(pk__in=list(last.values_list("pk", flat=True))).update(return_reason=reason)


def enter_handmade(apps, schema_editor):
    added = apps.get_model("admin", "LogEntry").objects.filter(
        action_flag=ADDITION, content_type__app_label="blog", content_type__model="permalink"
    )
    keys = [int(key) for key in added.values_list("object_id", flat=True) if key.isdigit()]
    redirects = apps.get_model("blog", "Permalink").objects.filter(post=None)
    for start in range(0, len(keys), KEYS_AT_ONCE):
        redirects.filter(pk__in=keys[start : start + KEYS_AT_ONCE]).update(is_handmade=True)


class Migration(migrations.Migration):
    dependencies = [("blog", "0010_redirects_and_reasons"), ("admin", "0003_logentry_add_action_flag_choices")]

    operations = [
        migrations.RunPython(enter_reasons, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(enter_handmade, migrations.RunPython.noop, elidable=True),
    ]

"""Enters what was known before: the reasons of the articles that wait with their writers."""

from django.db import migrations


def enter_reasons(apps, schema_editor):
    posts = apps.get_model("blog", "Post").objects.exclude(return_reason="")
    revisions = apps.get_model("blog", "PostRevision").objects.filter(kind="returned")
    for pk, reason in posts.values_list("pk", "return_reason"):
        last = revisions.filter(post=pk).order_by("-number").values("pk")[:1]
        revisions.filter(pk__in=list(last.values_list("pk", flat=True))).update(return_reason=reason)


class Migration(migrations.Migration):
    dependencies = [("blog", "0010_redirects_and_reasons")]

    operations = [migrations.RunPython(enter_reasons, migrations.RunPython.noop, elidable=True)]

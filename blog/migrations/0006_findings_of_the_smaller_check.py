from datetime import timedelta
from itertools import groupby

from django.db import migrations

GONE = ("first_person", "reading_time", "hand_made", "restart")
SAME_SAVE = timedelta(minutes=1)  # between the row of an article and its revision


def forget(apps, editor):
    """Drops findings of kinds that are no more, and has all articles checked by the next audit."""
    apps.get_model("blog", "PostFinding").objects.filter(code__in=GONE).delete()
    apps.get_model("blog", "Post").objects.update(is_checked=False)


def give_back_dates(apps, editor):
    """Gives articles whose date a batch fix moved the one before: no reader noticed a change."""
    posts = apps.get_model("blog", "Post").objects
    fixes = apps.get_model("blog", "BatchPost").objects.filter(
        outcome="fixed", updated_at__isnull=False, revision__isnull=False
    )
    columns = ("post", "post__updated_at", "revision__created_at", "updated_at")
    rows = fixes.order_by("post", "-pk").values_list(*columns)
    for pk, of_post in groupby(rows, key=lambda row: row[0]):
        stored = now = None
        for _, stored, made_at, before in of_post:
            now = now or stored
            if now and abs(now - made_at) < SAME_SAVE:
                now = before
        if now and now != stored:
            posts.filter(pk=pk).update(updated_at=now)


class Migration(migrations.Migration):
    dependencies = [("blog", "0005_plain_lists")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RunPython(give_back_dates, migrations.RunPython.noop),
        migrations.RemoveField("postfinding", "digest"),
    ]

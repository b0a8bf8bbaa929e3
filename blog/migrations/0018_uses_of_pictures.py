import re

from django.conf import settings
from django.db import migrations

BATCH = 1_000


def fill(apps, schema_editor):
    """Reads the texts that name a picture, a batch at a time."""
    post, image, use = (apps.get_model("blog", name) for name in ("Post", "Image", "PictureUse"))
    database = schema_editor.connection.alias
    address = re.compile(rf"{re.escape(settings.MEDIA_URL)}(images/[0-9A-Za-z_.-]+)")
    keys = dict(image.objects.using(database).values_list("file", "pk"))
    named = post.objects.using(database).filter(body__contains=f"{settings.MEDIA_URL}images/")
    rows = []
    for pk, body in named.values_list("pk", "body").iterator(chunk_size=BATCH):
        rows += [use(image_id=keys[name], post_id=pk) for name in {*address.findall(body)} & keys.keys()]
        if len(rows) >= BATCH:
            use.objects.using(database).bulk_create(rows, ignore_conflicts=True)
            rows = []
    use.objects.using(database).bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Notes which pictures the stored articles show."""

    dependencies = [("blog", "0017_picture_library")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

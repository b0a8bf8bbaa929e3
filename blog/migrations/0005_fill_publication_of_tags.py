from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    post = apps.get_model("blog", "Post")
    of_post = post.objects.filter(pk=OuterRef("content_object"), status="published").values("published_at")
    apps.get_model("blog", "TaggedPost").objects.update(published_at=Subquery(of_post))


class Migration(migrations.Migration):
    dependencies = [("blog", "0004_copy_publication_to_tags")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

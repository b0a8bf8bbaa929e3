from django.db import migrations
from django.db.models import F
from django.db.models.functions import ExtractMonth, ExtractYear


def fill(apps, schema_editor):
    posts = apps.get_model("blog", "Post").objects.filter(url_date__isnull=False)
    posts.update(url_month=ExtractYear(F("url_date")) * 100 + ExtractMonth(F("url_date")))


class Migration(migrations.Migration):
    dependencies = [("blog", "0013_post_months")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

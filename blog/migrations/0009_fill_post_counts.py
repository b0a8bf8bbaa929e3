from collections import Counter
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Count, Value
from django.db.models.functions import TruncMonth

EVER = 0
TOKYO = ZoneInfo("Asia/Tokyo")


def fill(apps, schema_editor):
    published = apps.get_model("blog", "Post").objects.filter(status="published").order_by()
    in_sitemap = published.filter(in_sitemap=True, noindex=False, canonical_url="")
    published_month, url_month = TruncMonth("published_at", tzinfo=TOKYO), TruncMonth("url_date")
    counts = Counter()
    for kind, posts, key, month in (
        ("all", published, Value(0), published_month),
        ("section", published, "category", published_month),
        ("author", published, "author", published_month),
        ("tag", published.filter(tagged_posts__isnull=False), "tagged_posts__tag", published_month),
        ("archive", published, Value(0), url_month),
        ("sitemap", in_sitemap, Value(0), url_month),
    ):
        for key_of_list, first_day, number in posts.values_list(key, month).annotate(Count("pk")):
            counts[kind, key_of_list, first_day.year * 100 + first_day.month] = number
            if kind not in ("archive", "sitemap"):
                counts[kind, key_of_list, EVER] += number
    post_count = apps.get_model("blog", "PostCount")
    rows = (post_count(kind=kind, key=key, month=month, count=number) for (kind, key, month), number in counts.items())
    post_count.objects.bulk_create(rows, batch_size=1_000)


def empty(apps, schema_editor):
    apps.get_model("blog", "PostCount").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0008_post_counts")]

    operations = [migrations.RunPython(fill, empty)]

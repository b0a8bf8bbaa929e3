"""Runs in the site's own environment: fills the site, then describes its pages or asks its search.

python -m bench.site describe SIZE   prints the result of `bench.pages.describe` as JSON
python -m bench.site search SIZE     prints how long the search takes
"""

import json
import sys

import django
from django.core.management import call_command
from django.db import connection

from bench.pages import describe
from bench.search import figures

LONG_CHARS, LONG_SEED = 15_000, 999_999


def prepare(size: int) -> None:
    """Migrates, and adds posts to those there are until there are `size`. The first one is long."""
    from blog.models import Post
    from blog.sample_posts import create_sample_posts

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    count = Post.objects.count()
    if count > size:
        sys.exit(f"The site holds {count:,} posts already: measure it with more than {size:,}, or begin anew.")
    if count == 0:
        create_sample_posts(1, chars=LONG_CHARS, seed=LONG_SEED)
        count = 1
    if count < size:
        create_sample_posts(size - count, seed=count)  # no earlier run had this seed
    with connection.cursor() as cursor:  # the scratch server runs no autovacuum
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def main() -> None:
    task, size = sys.argv[1:]
    django.setup()
    prepare(int(size))
    print(json.dumps(describe()) if task == "describe" else figures())


if __name__ == "__main__":
    main()

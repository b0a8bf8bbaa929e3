"""Runs in the site's own environment: fills the site, then describes its pages or profiles one.

python -m bench.site describe SIZE      prints the result of `bench.pages.describe` as JSON
python -m bench.site profile SIZE PAGE  prints where the page's time goes
python -m bench.site paths SIZE         prints the pages' paths by name as JSON
"""

import cProfile
import json
import pstats
import sys

import django
from django.core.management import call_command
from django.db import connection

from bench.pages import describe, getter, log_in, page_paths
from bench.profiling import by_area, table

PROFILED_REQUESTS = 30
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
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # the scratch server runs no autovacuum


def profile(page: str) -> str:
    paths = page_paths()
    if page not in paths:
        sys.exit(f"There is no page {page!r}. There are: {'; '.join(paths)}.")
    get = getter(paths[page], log_in())
    get()
    profiler = cProfile.Profile()
    for _ in range(PROFILED_REQUESTS):
        profiler.runcall(get)
    return table(by_area(pstats.Stats(profiler).stats), PROFILED_REQUESTS)


def main() -> None:
    task, size, *rest = sys.argv[1:]
    django.setup()
    prepare(int(size))
    if task == "profile":
        print(profile(*rest))
    elif task == "paths":
        print(json.dumps(page_paths()))
    else:
        print(json.dumps(describe()))


if __name__ == "__main__":
    main()

"""Inside the site's own environment: fill it, say which pages to measure, count their queries, profile one.

python -m bench.site describe SIZE      JSON of {page: {path, queries, bytes}}
python -m bench.site profile SIZE PAGE  where its time goes
"""

import cProfile
import json
import pstats
import sys
from collections.abc import Callable

import django
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.profiling import by_area, table
from bench.servers import HOST

PROFILED_REQUESTS = 30


def prepare(size: int) -> None:
    """Migrates, and adds posts until there are `size`; what is there already stays."""
    from blog.models import Post
    from blog.sample_posts import create_sample_posts

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if Post.objects.count() != size:
        create_sample_posts(size)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # autovacuum's work, which the scratch server does not do


def page_paths() -> dict[str, str]:
    """The pages to measure by name. Whoever adds a page to the site that must stay cheap adds it here."""
    from blog.models import Category, Post, Tag
    from blog.models.counts import tags_in_use
    from blog.views.base import POSTS_PER_PAGE

    posts = Post.objects.published().order_by("pk")
    count = posts.count()
    post = posts[count // 2]
    last = -(-count // POSTS_PER_PAGE) + 1  # page 1 is the front page
    tag: Tag = tags_in_use().order_by("-post_count").first()
    section = Category.objects.get(pk=post.category_id)
    home, month = reverse("blog:home"), f"posts-{post.url_date:%Y-%m}"
    return {
        "home": home,
        "post": post.get_absolute_url(),
        "list, first": f"{home}?page=2",
        "list, middle": f"{home}?page={max(last // 2, 2)}",
        "list, last": f"{home}?page={last}",
        "section": section.get_absolute_url(),
        "big tag": tag.get_absolute_url(),
        "big tag, last": f"{tag.get_absolute_url()}?page={-(-tag.post_count // POSTS_PER_PAGE)}",
        "tags": reverse("blog:tag_list"),
        "archive": reverse("blog:archive_index"),
        "month": reverse("blog:archive_month", args=[post.url_date.year, post.url_date.month]),
        "feed": reverse("blog:feed"),
        "sitemap": reverse("blog:sitemap"),
        "sitemap of a month": reverse("blog:sitemap_section", args=[month]),
    }


def describe(path: str) -> dict[str, str | int]:
    get = getter(path)
    get()  # what is only done once in a process is not the page's
    with CaptureQueriesContext(connection) as queries:
        size = get()
    return {"path": path, "queries": len(queries), "bytes": size}


def getter(path: str) -> Callable[[], int]:
    """A function that asks for `path` and returns the length of the answer."""
    client = Client(SERVER_NAME=HOST)

    def get() -> int:
        response = client.get(path)
        close_old_connections()  # as after a real request, which the test client is not
        if response.status_code != 200:
            sys.exit(f"{path} answers {response.status_code}, so it cannot be measured.")
        return len(response.content)

    return get


def profile(page: str) -> str:
    paths = page_paths()
    if page not in paths:
        sys.exit(f"There is no page {page!r}. There are: {'; '.join(paths)}.")
    get = getter(paths[page])
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
    else:
        print(json.dumps({name: describe(path) for name, path in page_paths().items()}))


if __name__ == "__main__":
    main()

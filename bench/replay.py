"""Replays the traffic of a long tail: how many requests the store of one process answers, and in what memory.

    python -m bench.replay [--size 100000] [--requests 1000000] [--megabytes 2000]

Readers ask for articles as Zipf's law has it (the n-th article is read 1/n times as often as the first) and for lists
between them; two crawlers walk through the whole archive; an article is edited every 4,166 requests, which is ten times
an hour at a million requests a day. Before the count begins each page was asked for once. The store is asked as
gunicorn asks it, without a network: shares do not depend on speed. The site is one with SQLite.
"""

import argparse
import io
import itertools
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any
from urllib.parse import unquote_to_bytes

import django
from django.core.management import call_command

from bench.servers import HOST, ROOT, BenchError, scratch_site
from scripts.postgres import signals_unwind

REQUESTS_A_DAY, EDITS_A_DAY, CRAWLERS = 1_000_000, 240, 2
MOST_REPLAYED = 100_000  # articles of `run`: as many as make the requests of a day
ONE_LIST_IN = 5  # requests of readers
CHARS = 1_500
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def fill(size: int) -> list[str]:
    """Makes the articles; returns their paths."""
    from blog.models import Post
    from blog.sample_posts import create_sample_posts

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    create_sample_posts(size, chars=CHARS)
    return [post.get_absolute_url() for post in Post.objects.published().only("url_date", "slug").iterator()]


def lists() -> list[str]:
    from blog.models import Author, Category, Tag

    named = itertools.chain(Category.objects.all(), Tag.objects.all(), Author.objects.all())
    return ["/", "/feed.xml", *(each.get_absolute_url() for each in named)]


def asked_for(articles: list[str], others: list[str], requests: int) -> Iterator[str]:
    """The paths in the order in which they are asked for; each crawler comes by every article about once."""
    random = Random(0)
    by_rank = random.sample(articles, len(articles))
    weights = list(itertools.accumulate(1 / rank for rank in range(1, len(articles) + 1)))
    crawled, share = itertools.cycle(articles), CRAWLERS * len(articles) / requests
    for _ in range(requests):
        if random.random() < share:
            yield next(crawled)
        elif random.randrange(ONE_LIST_IN) == 0:
            yield random.choice(others)
        else:
            yield random.choices(by_rank, cum_weights=weights)[0]


def edit(random: Random, keys: list[int], number: int) -> None:
    from blog.editing.saving import save_post
    from blog.models import Post

    post = Post.objects.get(pk=random.choice(keys))
    post.title = f"{post.title.partition('（')[0]}（{number}）"
    save_post(post)


def ask(application: Application, path: str) -> tuple[str, str]:
    """The status, and what the store says of its answer."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "HTTP_ACCEPT_ENCODING": "br",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    told: list[Any] = []
    b"".join(application(environ, lambda *answer: told.extend(answer)))
    return told[0][:3], dict(told[1])["X-Page-Store"]


def replay(size: int, requests: int) -> str:
    articles = fill(size)
    from allforces.wsgi import application
    from blog.models import Post

    others = [path for path in lists() if ask(application, path)[0] == "200"]  # a tag may have no article
    random, keys = Random(1), list(Post.objects.published().values_list("pk", flat=True))
    for path in articles:
        ask(application, path)
    warm, edits, found = megabytes(), 0, Counter[str]()
    for number, path in enumerate(asked_for(articles, others, requests)):
        if number % (REQUESTS_A_DAY // EDITS_A_DAY) == 0:
            edit(random, keys, number)
            edits += 1
        status, outcome = ask(application, path)
        found[outcome if status == "200" else status] += 1
    shares = ", ".join(f"{100 * count / requests:.2f} % {outcome}" for outcome, count in found.most_common())
    return (
        f"{requests:,} requests over {size:,} articles beside {edits} edits: {shares}; "
        f"{warm:,} MB of memory once warm, {megabytes():,} MB at the end"
    )


def megabytes() -> int:
    """The most memory that this process has taken so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run(size: int) -> None:
    """Replays ten requests for each of `size` articles, in a process that has a site of its own. Raises BenchError.

    Does nothing for more than MOST_REPLAYED, which takes long enough.
    """
    if size > MOST_REPLAYED:
        return
    command = [sys.executable, "-m", "bench.replay", f"--size={size}", f"--requests={10 * size}"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise BenchError("The replay failed; the lines above say why.")


def main() -> None:
    parser = argparse.ArgumentParser("bench.replay", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--megabytes", type=int, default=2_000, help="PAGE_STORE_BYTES; the site's default is 128")
    options = parser.parse_args()
    with signals_unwind(), scratch_site("sqlite", None) as environment:
        os.environ.update(environment | {"PAGE_STORE_BYTES": str(options.megabytes * 2**20)})
        django.setup()
        print(f"{replay(options.size, options.requests)}; the store may hold {options.megabytes:,} MB")


if __name__ == "__main__":
    main()

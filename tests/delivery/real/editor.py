"""A process that edits a site: it does what each line of its input says, and answers with a line once that is done.

Run in the environment of a site: `python -m tests.delivery.real.editor`.
"""

import json
import sys
from datetime import timedelta

import django


def fill(number: int) -> str:
    """Public articles `article-0` …, whose titles are 題0 …"""
    from django.utils import timezone

    from tests.factories import make_post

    for each in range(number):
        make_post(
            f"題{each}", slug=f"article-{each}", at=timezone.now() - timedelta(days=each + 1), body="本文です。" * 200
        )
    return "done"


def path(slug: str) -> str:
    from blog.models import Post

    return Post.objects.get(slug=slug).get_absolute_url()


def retitle(slug: str, title: str) -> str:
    from blog.editing.saving import save_post
    from blog.models import Post

    post = Post.objects.get(slug=slug)
    post.title = title
    save_post(post)
    return "done"


def withdraw(slug: str) -> str:
    from blog.editing.saving import save_post
    from blog.models import Post

    post = Post.objects.get(slug=slug)
    post.unpublish()
    save_post(post)
    return "done"


def log_in() -> str:
    """The cookies of somebody who may do everything."""
    from django.test import Client

    from tests.factories import make_user

    client = Client(SERVER_NAME="127.0.0.1")
    client.get("/healthz")  # loads the middleware, which writes into a session that begins
    client.force_login(make_user("staff", is_superuser=True))
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


VERBS = {verb.__name__: verb for verb in (fill, path, retitle, withdraw, log_in)}


def main() -> None:
    from django.db import close_old_connections

    for line in sys.stdin:
        close_old_connections()  # as before each request: the database may have been away
        verb, *arguments = json.loads(line)
        sys.stdout.write(f"{VERBS[verb](*arguments)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    main()

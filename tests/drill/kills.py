"""An editor's process is killed in the middle of saves, again and again: what was acknowledged is there, whole.

Run in the environment of an empty site: `python -m tests.drill.kills KILLS`.
"""

import os
import random
import select
import signal
import sys
import time
from collections.abc import Iterator

import django

from tests.drill.tallies import Tally
from tests.patience import PATIENCE

POSTS = 6
LONGEST = 0.2  # seconds after the first acknowledged save at which the latest kill comes


def write(user: object, keys: list[int], turn: int, acknowledge: int) -> None:
    """Saves one article after the other and says so after each, until the process is killed."""
    from blog.editing.saving import save_post
    from blog.models import Post

    number = 0
    while True:
        for pk in keys:
            number += 1
            post = Post.objects.get(pk=pk)
            post.title = post.excerpt = f"題{turn}-{number}"
            post.body = f"本文{turn}-{number}。\n" * 40
            save_post(post, by=user, tags=[f"話題{number % 5}", f"回{turn % 7}"])  # type: ignore[arg-type]
            os.write(acknowledge, f"{pk} {post.version} {turn}-{number}\n".encode())


def kill_one(user: object, keys: list[int], turn: int, after: float) -> list[tuple[int, int, str]]:
    """Starts a writer, kills it so many seconds after its first save, and returns what it had acknowledged."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            write(user, keys, turn, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        ready, _, _ = select.select([told], [], [], PATIENCE)
        time.sleep(after if ready else 0)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        lines = told.read().decode().splitlines()
    return [(int(pk), int(version), text) for pk, version, text in map(str.split, lines)]


def faults(last: dict[int, tuple[int, str]]) -> Iterator[str]:
    """What is lost or half of each article, given its last acknowledged edit number and text."""
    from blog.models import Permalink, Post, SearchDocument

    for post in Post.objects.filter(pk__in=last):
        version, text = last[post.pk]
        newest = post.revisions.order_by("-number")[0]
        if post.version < version or (post.version == version and post.title != f"題{text}"):
            yield f"lost: the save {version} of article {post.pk}"
        said = post.title.removeprefix("題")
        parts = {
            "standfirst": post.excerpt == post.title,
            "body": post.body == f"本文{said}。\n" * 40,
            "HTML": f"本文{said}" in post.body_html,
            "revision": (newest.version, newest.snapshot["title"]) == (post.version, post.title),
            "tags": [tag.name for tag in post.tag_list] == [row[1] for row in newest.snapshot["tags"]],
            "search document": SearchDocument.objects.filter(post=post).exists(),
            "address": Permalink.objects.filter(path=post.path, post=post).exists(),
        }
        yield from (f"half: the {name} of article {post.pk} at {version}" for name, whole in parts.items() if not whole)


def drill(kills: int) -> Tally:
    from django.contrib.auth.models import User

    from tests.factories import make_released

    user = User.objects.create_user("editor", is_staff=True, is_superuser=True)
    keys = [make_released(slug=f"kill-{number}").pk for number in range(POSTS)]
    chance, last, acknowledged, tally = random.Random(1), {}, 0, Tally()
    for turn in range(kills):
        told = kill_one(user, keys, turn, chance.uniform(0, LONGEST))
        acknowledged += len(told)
        last |= {pk: (version, text) for pk, version, text in told}
        tally.failures += faults(last)
        tally.failures += [] if told else [f"the writer of turn {turn} saved nothing"]
    tally.figures = f"{kills} kills, {acknowledged:,} acknowledged saves: {len(tally.failures)} lost or half"
    return tally


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    found = drill(int(sys.argv[1]))
    print(found)
    sys.exit(not found.is_clean)

"""Tells all that a site holds as JSON: a digest of each table, of each file and of each public page.

Run in the environment of the site: `python -m tests.drill.contents`.
"""

import json
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import django
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.sites import NOW

ADDRESSES = (
    *("/", "/articles/", "/articles/?page=2", "/archive/", "/tags/", "/authors/", "/feeds/", "/search/?q=AI"),
    *("/feed.xml", "/atom.xml", "/feed.json", "/robots.txt", "/llms.txt", "/opensearch.xml"),
)
_LOC = re.compile(r"<loc>https?://[^/]+([^<]*)</loc>")


def digest(data: object) -> str:
    return sha256(data if isinstance(data, bytes) else repr(data).encode()).hexdigest()


def tables() -> dict[str, str]:
    """The rows of each table, and where each counts on; without the order in which the database keeps them."""
    names = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
        else:
            cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY 1")
        found = {"sequences": digest(cursor.fetchall())}
        for name in sorted(names):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            found[name] = digest(sorted(map(repr, cursor.fetchall())))
    return found


def files() -> dict[str, str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)): digest(path.read_bytes()) for path in root.rglob("*") if path.is_file()}


def pages() -> dict[str, str]:
    """The status, the target and the body of every public address."""
    client = Client(SERVER_NAME="127.0.0.1")
    found = {}
    with time_machine.travel(NOW, tick=False):
        for address in dict.fromkeys([*ADDRESSES, *sitemap(client, "/sitemap.xml"), *unlisted()]):
            response = client.get(address)
            target = response.headers.get("Location", "")
            found[address] = f"{response.status_code} {target} {digest(b''.join(response))}"
    return found


def unlisted() -> Iterator[str]:
    """What no sitemap has: every path that was ever public, feeds, Markdown, and pictures."""
    from blog.models import Author, Category, Permalink, Post, Tag

    yield from Permalink.objects.values_list("path", flat=True)
    for name, model in (("category_feed", Category), ("tag_feed", Tag), ("author_feed", Author)):
        yield from (reverse(f"blog:{name}", args=[slug]) for slug in model.objects.values_list("slug", flat=True))
    yield from (f"{post.get_absolute_url()}index.md" for post in Post.objects.published())
    yield from (settings.MEDIA_URL + quote(name) for name in files())


def sitemap(client: Client, address: str) -> Iterator[str]:
    for found in _LOC.findall(client.get(address).content.decode()):
        yield found
        if found.endswith(".xml"):
            yield from sitemap(client, found)


if __name__ == "__main__":
    django.setup()
    json.dump({"tables": tables(), "files": files(), "pages": pages()}, sys.stdout)

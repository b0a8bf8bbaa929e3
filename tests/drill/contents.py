"""Tells all that a site holds as JSON: a digest of each table, of each file and of each public page.

Run in the environment of the site: `python -m tests.drill.contents`.
"""

import json
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import django
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.sites import NOW

ADDRESSES = ("/", "/archive/", "/tags/", "/authors/", "/feeds/", "/feed.xml", "/robots.txt", "/search/?q=AI")
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
    """The status and body of every address that the sitemap has, and of others."""
    client = Client(SERVER_NAME="127.0.0.1")
    found = {}
    with time_machine.travel(NOW, tick=False):
        for address in (*ADDRESSES, *sitemap(client, "/sitemap.xml")):
            response = client.get(address)
            found[address] = f"{response.status_code} {digest(response.content)}"
    return found


def sitemap(client: Client, address: str) -> Iterator[str]:
    for found in _LOC.findall(client.get(address).content.decode()):
        yield found
        if found.endswith(".xml"):
            yield from sitemap(client, found)


if __name__ == "__main__":
    django.setup()
    json.dump({"tables": tables(), "files": files(), "pages": pages()}, sys.stdout)

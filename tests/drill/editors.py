"""Editors who open and save their articles at the desk, over HTTP, until the input ends.

Run in the environment of a site that gunicorn serves: `python -m tests.drill.editors EDITORS`. It prints a line for
each acknowledged save and each error, and at the end what each of them saw as a line of JSON.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import django

from tests.patience import PATIENCE


class Editor(threading.Thread):
    """One article, one connection. What was answered with a redirect is acknowledged."""

    def __init__(self, port: int, cookies: str, pk: int, ended: threading.Event) -> None:
        super().__init__()
        self.port, self.cookies, self.pk, self.ended = port, cookies, pk, ended
        self.acknowledged: list[str] = []
        self.seen: list[str] = []  # errors
        self.longest = 0.0

    def run(self) -> None:
        from tests.admin.desk import fields_in

        number, path = 0, f"/admin/blog/post/{self.pk}/change/"
        while not self.ended.is_set():
            form = self.ask("GET", path)
            if form is None:
                continue
            number += 1
            title = f"題{self.pk}の{number}"
            if self.ask("POST", path, {**fields_in(form), "title": title, "_save": "1"}) is not None:
                self.acknowledged.append(title)
                print("saved", flush=True)

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> str | None:
        """The body of what an editor expects (a form, or the redirect after a save); anything else is an error."""
        began, answer = time.monotonic(), ""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        try:
            connection.request(method, path, urlencode(fields) if fields else None, headers)
            response = connection.getresponse()
            body = response.read().decode()
            if response.status == (302 if fields else 200):
                return body
            answer = str(response.status)
        except (OSError, http.client.HTTPException) as error:
            answer = repr(error)
        finally:
            connection.close()
            self.longest = max(self.longest, time.monotonic() - began)
        print("error", flush=True)
        self.seen.append(f"{method} {answer} after {time.monotonic() - began:.1f} s")
        return None


def missing(editors: list[Editor]) -> Iterator[str]:
    """The acknowledged saves that are in no version, and articles that are older than the last of them."""
    from blog.models import Post

    for editor in editors:
        post = Post.objects.get(pk=editor.pk)
        kept = {revision.snapshot["title"] for revision in post.revisions.all()}
        yield from (f"lost: {title}" for title in editor.acknowledged if title not in kept)
        last = editor.acknowledged[-1:] or ["題0の0"]
        if int(post.title.rpartition("の")[2]) < int(last[0].rpartition("の")[2]):
            yield f"lost: {last[0]} is in no article"


def cookies_of(user: object) -> str:
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.get("/healthz")  # loads the middleware, which writes into a session that begins
    client.force_login(user)  # type: ignore[arg-type]
    client.cookies["csrftoken"] = "a" * 32
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def main(number: int) -> None:
    from django.conf import settings
    from django.db import connection

    from tests.factories import make_draft, make_user

    ended, editors = threading.Event(), []
    for each in range(number):
        user = make_user(f"editor{each}", is_superuser=True)
        post = make_draft(f"題{each}の0", slug=f"restart-{each}", excerpt="要約", body="本文。\n" * 40)
        editors.append(Editor(settings.PORT, cookies_of(user), post.pk, ended))
    connection.close()
    for editor in editors:
        editor.start()
    sys.stdin.read()
    ended.set()
    for editor in editors:
        editor.join()
    lost = list(missing(editors))
    found = {
        "seen": [editor.seen for editor in editors],
        "saves": [len(editor.acknowledged) for editor in editors],
        "longest": max(editor.longest for editor in editors),
        "lost": lost,
    }
    print(json.dumps(found, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))

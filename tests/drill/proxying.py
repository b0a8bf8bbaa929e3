"""nginx in front of a site that changes, hangs, goes away and withdraws pages, and slow clients in front of nginx.

The first drill asks a site of files with the headers of stored pages, the second the real one.
"""

import os
import signal
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from bench.servers import Server, gunicorn
from scripts import nginx
from scripts.postgres import free_port
from tests.delivery.proxy import Client, proxied
from tests.delivery.proxy import Site as FileSite
from tests.drill.restoring import SAMPLE_CONTENT
from tests.drill.sites import Sites
from tests.drill.tallies import Tally

ENCODINGS = ("br", "gzip", "identity")
SLOW_CLIENTS = 20
SEEN_SECONDS = 2.5  # within which readers behind nginx see an edit
PURGE = "from blog.delivery.purging import purge_from; purge_from.call({proxy!r})"


def drill(sites: Sites, pages: int, edits: int) -> Tally:
    tally = Tally()
    with proxied(sites.folder) as (client, files):
        paths = [f"/2026/04/01/記事-{number}/" for number in range(pages)]
        for path in paths:
            files.write(path, "first ")
        with files.start() as server:
            ask_all(tally, client, paths, "first asked for", {200})
            change(tally, client, files, paths[:edits])
            hang(tally, client, server, paths[:3])
        ask_all(tally, client, paths, "the site gone", {200})
        withdraw(tally, client, sites, paths)
    return tally


def ask_all(tally: Tally, client: Client, paths: list[str], when: str, expected: set[int]) -> None:
    """Asks for each page in each encoding; every answer must be one of `expected`."""
    asked = [(quote(path), encoding) for path in paths for encoding in ENCODINGS]
    with ThreadPoolExecutor(9) as readers:
        found = Counter(readers.map(lambda each: client.ask(each[0], Accept_Encoding=each[1]).status, asked))
    tally.figures += f"{when}: {dict(found)}; "
    if not found or found.keys() - expected:
        tally.failures.append(f"{when}, pages were answered with {dict(found)}")


def change(tally: Tally, client: Client, files: FileSite, paths: list[str]) -> None:
    """Edits each page while readers ask for it."""
    slowest = 0.0
    for path in paths:
        client.ask(quote(path))
        files.write(path, "second ")
        began = time.monotonic()
        while not client.ask(quote(path)).body.startswith("second"):
            time.sleep(0.02)
        slowest = max(slowest, time.monotonic() - began)
    tally.figures += f"{len(paths)} edits seen within {slowest:.1f} s; "
    if slowest > SEEN_SECONDS:
        tally.failures.append(f"an edit was seen after {slowest:.1f} s only")


def hang(tally: Tally, client: Client, server: Server, paths: list[str]) -> None:
    """Stops the site's processes where they are: they take requests and say nothing."""
    pids = server.pids()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        ask_all(tally, client, paths, "the site hanging", {200})
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def withdraw(tally: Tally, client: Client, sites: Sites, paths: list[str]) -> None:
    """Empties nginx as the worker does it when something is withdrawn, while the site is away."""
    proxy = f"http://127.0.0.1:{client.front.purges}"
    site = sites.make("worker", SITE_URL=f"https://{nginx.SERVER_NAME}", ALLOWED_HOSTS="", PURGE_URLS=proxy)
    site.manage("shell", "-v0", "-c", PURGE.format(proxy=proxy))
    ask_all(tally, client, paths, "after a withdrawal", {503})


def wait_for_slow_clients(sites: Sites, seconds: float) -> Tally:
    """Twenty clients send a form a byte at a time; one worker behind nginx answers all others meanwhile."""
    tally, port = Tally(), free_port()
    https = {"SITE_URL": f"https://{nginx.SERVER_NAME}", "ALLOWED_HOSTS": "", "TRUSTED_PROXIES": "1"}
    site = sites.make("slow", PORT=str(port), **https)
    site.manage("migrate", "-v0")
    site.manage("import_jekyll", SAMPLE_CONTENT, "-v0")
    site.manage("collectstatic", "--no-input", "-v0")
    log: Path = site.folder / "gunicorn.log"
    with gunicorn("slow", "allforces.wsgi", site.environment, log), nginx.front(port) as front, ExitStack() as stack:
        client = Client(front)
        slow = [stack.enter_context(client.connect()) for _ in range(SLOW_CLIENTS)]
        for connection in slow:
            connection.sendall(f"POST /admin/login/ HTTP/1.1\r\nHost: {nginx.SERVER_NAME}\r\n".encode())
            connection.sendall(b"Content-Length: 100000\r\n\r\n")
        answers, slowest, ends = Counter(), 0.0, time.monotonic() + seconds
        while time.monotonic() < ends:
            trickle(slow)
            began = time.monotonic()
            answers[client.ask("/").status] += 1
            slowest = max(slowest, time.monotonic() - began)
    tally.figures += f"beside {SLOW_CLIENTS} slow clients: {dict(answers)}, the slowest after {slowest:.2f} s"
    if answers.keys() != {200}:
        tally.failures.append(f"beside slow clients others were answered {dict(answers)}")
    return tally


def trickle(connections: list[socket.socket]) -> None:
    for connection in connections:
        connection.sendall(b"a")

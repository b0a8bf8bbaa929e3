"""A page of one file, with the headers of a stored page: what nginx is tested with."""

import os
from pathlib import Path

CACHE = "no-cache, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400"


def application(environ, start_response):
    page = Path(os.environ["PAGE"])
    status = "200 OK" if page.exists() else "404 Not Found"
    body = page.read_bytes() if page.exists() else b"gone"
    start_response(
        status,
        [
            ("Content-Type", "text/html"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", CACHE),
            ("Vary", "Accept-Encoding"),
        ],
    )
    return [body]

"""A site of files, with the headers of stored pages: what stands behind nginx in its tests.

The folder PAGES has a page for each path, under its hash. A file `broken` there makes every answer 503. Each answer
tells in X-Saw what the site was asked, and `answered` there has a line for each; X-Page-Store says whether it had one.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

STORED = "max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400"  # that no test waits long


def page_file(folder: Path, path: str) -> Path:
    return folder / hashlib.sha256(path.encode()).hexdigest()


def application(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
    folder = Path(os.environ["PAGES"])
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    page = page_file(folder, path)
    saw = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
    saw |= {"path": path, "raw": environ["RAW_URI"], "query": environ["QUERY_STRING"]}
    headers = [("X-Saw", json.dumps(saw))]
    status, body, kept = "404 Not Found", b"nothing here", STORED
    if (folder / "broken").exists():
        status, body, kept = "503 Service Unavailable", b"broken", "no-store"
    elif environ["REQUEST_METHOD"] == "POST":
        status, body, kept = "200 OK", environ["wsgi.input"].read(), "private, no-store"
    elif page.exists():
        status, body = "200 OK", page.read_bytes() + environ.get("HTTP_ACCEPT_ENCODING", "").encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers += [("ETag", etag), ("Vary", "Accept-Encoding")]
        if body.startswith(b"moved"):
            status = "301 Moved Permanently"
        elif environ.get("HTTP_IF_NONE_MATCH") == etag:
            status, body = "304 Not Modified", b""
    if path.startswith("/admin/") and "sessionid" in environ.get("HTTP_COOKIE", ""):
        body, kept = body + b" for an editor", "private, no-store"
    headers += [("Content-Type", "text/html"), ("Cache-Control", kept)]
    if not status.startswith("304"):
        headers.append(("Content-Length", str(len(body))))
    with open(folder / "answered", "a+") as log:
        log.seek(0)
        line = f"{status[:3]} {path}\n"
        headers.append(("X-Page-Store", "hit" if line in log else "miss"))
        log.write(line)
    start_response(status, headers)
    return [body]

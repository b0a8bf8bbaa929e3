"""The keys of stored pages: the parts of a request that decide which page it gets."""

import io
import re
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest

Environ = dict[str, Any]
Key = tuple[str, str, str, str]  # scheme, host, path, query

METHODS, NO_BODY = ("GET", "HEAD"), (None, "", "0")
ENCODINGS = ("br", "gzip")  # the best first
REFUSED = re.compile(r"\s*q=0(?:\.0*)?\s*")
LONGEST_PATH = 2_048  # bytes; the ledger holds no longer one
PAGE = re.compile(r"page=[1-9][0-9]{0,5}")
TRACKING = re.compile(r"(?:utm|mtm)_\w+|\w*clid|msclkid|[gw]braid|_g[al]|mc_[ce]id|igshid|_hs(?:enc|mi)", re.ASCII)
PORT, PORTS = re.compile(r":[0-9]*$"), {"http": "80", "https": "443"}


class Keys:
    """Makes keys of requests. Its caches are bounded, because readers choose what is asked."""

    def __init__(self) -> None:
        self._schemes = ("https",) if settings.SECURE_SSL_REDIRECT else ("http", "https")
        self._told_scheme = (settings.SECURE_PROXY_SSL_HEADER or ("wsgi.url_scheme",))[0]
        self._session = settings.SESSION_COOKIE_NAME
        self._host_of = lru_cache(maxsize=256)(host_of)

    def of(self, environ: Environ) -> Key | None:
        """The key of the page that is asked for; None if the answer may be for this reader alone, or is an error."""
        get = environ.get
        if (
            environ["REQUEST_METHOD"] not in METHODS
            or "HTTP_AUTHORIZATION" in environ
            or "HTTP_TRANSFER_ENCODING" in environ
            or get("CONTENT_LENGTH") not in NO_BODY
            or self._session in get("HTTP_COOKIE", "")
        ):
            return None
        scheme = get(self._told_scheme) or environ["wsgi.url_scheme"]
        host, path, query = self._host_of(get("HTTP_HOST", "")), environ["PATH_INFO"], get("QUERY_STRING")
        page = query_of(query) if query else ""
        if scheme not in self._schemes or host is None or page is None or len(path) > LONGEST_PATH:
            return None
        return scheme, host, path, page


def host_of(told: str) -> str | None:
    """The host without its port, or None if it is none of ours."""
    request = HttpRequest()
    request.META["HTTP_HOST"] = told
    try:
        return PORT.sub("", request.get_host().lower())
    except DisallowedHost:
        return None


def query_of(told: str) -> str | None:
    """The part of the query that a page may depend on: the number of a page. None if there is anything else."""
    try:
        pairs = parse_qsl(told, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    kept = "&".join(f"{name}={value}" for name, value in pairs if not TRACKING.fullmatch(name))
    return kept if not kept or PAGE.fullmatch(kept) else None


@lru_cache(maxsize=256)
def encoding_of(accepted: str) -> str:
    """The first of ENCODINGS that the header Accept-Encoding names and does not refuse; "" for none."""
    told = (part.partition(";") for part in accepted.lower().split(","))
    named = {name.strip() for name, _, weight in told if not REFUSED.fullmatch(weight)}
    return next((encoding for encoding in ENCODINGS if encoding in named), "")


def environ_of(key: Key, environ: Environ) -> Environ:
    """The WSGI environ for which the page is made. It holds nothing from the reader but the key."""
    scheme, host, path, query = key
    asked = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": host}
    server = {"SERVER_NAME": host, "SERVER_PORT": PORTS[scheme], "SERVER_PROTOCOL": "HTTP/1.1"}
    gateway = {name: value for name, value in environ.items() if name.startswith("wsgi.")}
    return asked | server | gateway | {"wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO()}

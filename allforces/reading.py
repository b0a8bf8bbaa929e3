"""Reads single settings. Each function stops the start with a sentence that says what to set."""

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(ROOT / ".env")

MAIL_ADDRESS = re.compile(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+")
KNOWN_KEYS = ("only-for-development-", "django-insecure-")
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|::1|[0-9a-f:]+", re.IGNORECASE)
BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]", "::1")


def read_bool(name: str, default: bool = False) -> bool:
    try:
        return bool(int(env.str(name, "1" if default else "0")))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {env.str(name)!r}.") from None


def read_count(name: str, default: int) -> int:
    value = env.str(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number of 0 or more, not {value!r}.")
    return int(value)


def read_secret_key(*, is_debug: bool) -> str:
    key = os.environ.get("SECRET_KEY", "")  # not through `env`, which takes a leading $ for another name
    if is_debug:
        return key or KNOWN_KEYS[0] + "x" * 50
    if len(key) < 50 or len(set(key)) < 10 or key.startswith(KNOWN_KEYS):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak: set it to at least 50 random characters (`make run` writes one into .env)."
        )
    return key


def read_site_url(*, default: str) -> str:
    """Scheme and host of every absolute URL, without a trailing slash."""
    url = env.str("SITE_URL", "").rstrip("/")
    if not url and default:
        return default
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if not host or parts.scheme not in ("http", "https") or url != f"{parts.scheme}://{parts.netloc}":
        raise ImproperlyConfigured(
            f"SITE_URL must be the address readers type, such as https://www.example.jp, not {url!r}."
        )
    if "@" in parts.netloc or port == 0 or not HOST_NAME.fullmatch(host):
        raise ImproperlyConfigured(
            f"SITE_URL must be a scheme and a host, not {url!r}: no user name, and a Japanese name in its xn-- form."
        )
    if parts.scheme == "http" and host not in LOOPBACK_HOSTS:
        raise ImproperlyConfigured(
            f"SITE_URL {url!r} is not encrypted: use https:// for every host but this machine's own."
        )
    return url


def read_error_report_url() -> str:
    """Where readers report an error: a form's address or a mailto, or nowhere."""
    url = env.str("ERROR_REPORT_URL", "").strip()
    try:
        parts = urlsplit(url)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_page = False
    if url and (" " in url or not (is_page or MAIL_ADDRESS.fullmatch(url))):
        raise ImproperlyConfigured(
            f"ERROR_REPORT_URL must be a page (https://…) or an address (mailto:desk@example.jp), not {url!r}."
        )
    return url


def read_media_storage() -> dict[str, Any]:
    """Where pictures are kept, as an entry of STORAGES: the folder MEDIA_ROOT, or the bucket of MEDIA_BUCKET."""
    url = os.environ.get("MEDIA_BUCKET", "")  # not through `env`, which takes a leading $ for another name
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    try:
        parts = urlsplit(url)
        host, port, bucket = parts.hostname or "", parts.port, parts.path.strip("/")
    except ValueError:
        parts, host, port, bucket = urlsplit(""), "", None, ""
    if parts.scheme not in ("http", "https") or not HOST_NAME.fullmatch(host) or not BUCKET_NAME.fullmatch(bucket):
        raise ImproperlyConfigured("MEDIA_BUCKET must be like https://KEY:SECRET@s3.example.jp/name-of-the-bucket.")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("MEDIA_BUCKET needs what requirements-s3.txt names: pip install it.")
    place = f"[{host}]" if ":" in host else host
    options = {
        "bucket_name": bucket,
        "endpoint_url": f"{parts.scheme}://{place}{f':{port}' if port else ''}",
        "region_name": parse_qs(parts.query).get("region", ["us-east-1"])[0],
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "is_hurried": read_bool("ANSWERS_REQUESTS"),
    }
    return {"BACKEND": "blog.pictures.bucket.BucketStorage", "OPTIONS": options}


def read_purge_urls() -> list[str]:
    """The proxies that are told what was withdrawn, each as scheme, host and port."""
    urls = [url.strip().rstrip("/") for url in env.list("PURGE_URLS", default=[]) if url.strip()]
    for url in urls:
        try:
            parts = urlsplit(url)
            is_proxy = bool(HOST_NAME.fullmatch(parts.hostname or "")) and parts.port != 0 and "@" not in parts.netloc
        except ValueError:
            is_proxy = False
        if not is_proxy or parts.scheme not in ("http", "https") or url != f"{parts.scheme}://{parts.netloc}":
            raise ImproperlyConfigured(f"PURGE_URLS must hold addresses such as http://127.0.0.1:8080, not {url!r}.")
    return urls

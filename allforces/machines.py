"""Settings of what machines are told: crawlers, search engines, whoever verifies the site or looks for its desk.

Each function reads one variable of the environment, and stops the start with a sentence that says what to set.
"""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

# Those of services that answer with links to what they read. An operator who lists others replaces them.
ANSWERING_CRAWLERS = [
    "Applebot",
    "ChatGPT-User",
    "Claude-SearchBot",
    "Claude-User",
    "DuckAssistBot",
    "MistralAI-User",
    "OAI-SearchBot",
    "Perplexity-User",
    "PerplexityBot",
]
# Those that take texts for training and bring no reader; two are no crawlers, but what search engines look for.
TRAINING_CRAWLERS = [
    "AI2Bot",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "ClaudeBot",
    "GPTBot",
    "Google-Extended",
    "Meta-ExternalAgent",
    "PanguBot",
    "anthropic-ai",
    "cohere-training-data-crawler",
]
CRAWLER = re.compile("[A-Za-z0-9_-]+")
FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.(?:html|txt|xml|json)")
CONTACT = re.compile(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+|https://[^\s/]+\.[^\s]+")


def read_crawler_policy(env: Env) -> tuple[list[str], list[str]]:
    """The crawlers that are allowed and those that are refused. Who is named in one list leaves the other's default."""
    allowed, refused = _read_crawlers(env, "CRAWLERS_ALLOWED"), _read_crawlers(env, "CRAWLERS_REFUSED")
    if allowed is not None and refused is not None and (both := _shared(allowed, refused)):
        raise ImproperlyConfigured(f"CRAWLERS_ALLOWED and CRAWLERS_REFUSED both name {', '.join(both)}.")
    if allowed is None:
        allowed = _without(ANSWERING_CRAWLERS, refused or [])
    if refused is None:
        refused = _without(TRAINING_CRAWLERS, allowed)
    return allowed, refused


def _shared(names: list[str], others: list[str]) -> list[str]:
    """Those of the names that are among the others; crawlers do not tell small letters from capitals."""
    known = {other.casefold() for other in others}
    return [name for name in names if name.casefold() in known]


def _without(names: list[str], others: list[str]) -> list[str]:
    found = _shared(names, others)
    return [name for name in names if name not in found]


def _read_crawlers(env: Env, name: str) -> list[str] | None:
    """The names in the list; None if the operator set none."""
    if name not in env:
        return None
    names = [crawler.strip() for crawler in env.list(name) if crawler.strip()]
    for crawler in names:
        if not CRAWLER.fullmatch(crawler):
            raise ImproperlyConfigured(f"{name} must hold names such as GPTBot, with commas between, not {crawler!r}.")
    return names


def read_rows(env: Env, name: str) -> list[str]:
    """Rows with `|` between, as one line of the environment holds them."""
    return [row.strip() for row in env.str(name, "").split("|") if row.strip()]


def read_files(env: Env, name: str) -> dict[str, str]:
    """Rows `name of a file=content`, as services ask for to see whose site it is."""
    files = {}
    for row in read_rows(env, name):
        file, _, content = row.partition("=")
        if not FILE_NAME.fullmatch(file) or not content:
            raise ImproperlyConfigured(
                f"{name} must hold rows such as google123.html=google-site-verification: google123.html, not {row!r}."
            )
        files[file] = content
    return files


def read_contact(env: Env, name: str) -> str:
    contact: str = env.str(name, "").strip()
    if contact and not CONTACT.fullmatch(contact):
        raise ImproperlyConfigured(
            f"{name} must be a page (https://…) or an address (mailto:security@example.jp), not {contact!r}."
        )
    return contact


def read_service(env: Env, name: str, default: str = "") -> str:
    """The address of another site that is told of changes, or nothing."""
    url: str = env.str(name, default).strip()
    try:
        parts = urlsplit(url)
        is_service = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_service = False
    if url and (not is_service or not url.isascii() or " " in url):
        raise ImproperlyConfigured(f"{name} must be an address such as https://hub.example.com/, not {url!r}.")
    return url

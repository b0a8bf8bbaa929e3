"""What https://www.sitemaps.org/protocol.html asks of a sitemap. Each function returns what is wrong, in words."""

from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOST_URLS, MOST_BYTES, LONGEST_URL = 50_000, 50 * 2**20, 2_047


def is_address(text: Any) -> bool:
    """Whether it is an absolute http address as it may stand in a file: in ASCII, without spaces."""
    if not isinstance(text, str) or not text.isascii() or " " in text:
        return False
    return urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).netloc)


def moment(text: Any) -> datetime | None:
    """An ISO date with its offset."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def parse(xml: bytes) -> ElementTree.Element | str:
    """The root, or what is wrong with it."""
    try:
        return ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        return f"is not well-formed: {error}"


def sitemap_faults(xml: bytes, kind: str, origin: str, now: datetime) -> tuple[list[str], list[str]]:
    """What is wrong, and the addresses in it. `kind` is urlset or sitemapindex."""
    root = parse(xml)
    if isinstance(root, str):
        return [root], []
    if root.tag != SITEMAP + kind:
        return [f"is no {kind}"], []
    child = SITEMAP + {"urlset": "url", "sitemapindex": "sitemap"}[kind]
    faults = [f"holds {entry.tag}" for entry in root if entry.tag != child]
    if not 1 <= len(root) <= MOST_URLS or len(xml) > MOST_BYTES:
        faults.append(f"holds {len(root)} entries in {len(xml)} bytes")
    addresses = [entry.findtext(SITEMAP + "loc") or "" for entry in root]
    faults += [f"{address} stands twice" for address, count in Counter(addresses).items() if count > 1]
    for address in addresses:
        if not is_address(address) or not address.startswith(f"{origin}/") or len(address) > LONGEST_URL:
            faults.append(f"{address!r} is no address of the site")
    changes = [text for entry in root if (text := entry.findtext(SITEMAP + "lastmod")) is not None]
    faults += [f"{text!r} is no past moment" for text in changes if not (moment(text) and moment(text) <= now)]
    return faults, addresses

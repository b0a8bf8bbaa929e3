"""What the standards ask of a feed and a sitemap. Each function returns what is wrong, in words.

https://www.rssboard.org/rss-specification · https://www.sitemaps.org/protocol.html
"""

import re
from collections import Counter
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CHANNEL_ELEMENTS = ("title", "link", "description")
ITEM_ELEMENTS = ("title", "link", "guid", "pubDate", CONTENT)
RELATIVE = re.compile(r"""\s(?:href|src)=["'](?!https?://|mailto:|tel:|data:)([^"']*)""")
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


def mail_moment(text: str) -> datetime | None:
    """A date as RFC 822 writes it."""
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def parse(xml: bytes) -> ElementTree.Element | str:
    """The root, or what is wrong with it."""
    try:
        return ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        return f"is not well-formed: {error}"


# --- RSS 2.0 ---


def feed_faults(xml: bytes, address: str) -> list[str]:
    """`address` is where the feed was fetched."""
    root = parse(xml)
    if isinstance(root, str):
        return [root]
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        return ["is no RSS 2.0"]
    faults = [f"has no {name}" for name in CHANNEL_ELEMENTS if not channel.findtext(name)]
    if not is_address(channel.findtext("link")):
        faults.append("does not say where its pages are")
    itself = [link.get("href") for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if itself != [address]:
        faults.append(f"says that it is at {itself}")
    items = channel.findall("item")
    guids = Counter(item.findtext("guid") for item in items)
    faults += [f"has two items with the guid {guid}" for guid, count in guids.items() if count > 1]
    days = [mail_moment(item.findtext("pubDate") or "") for item in items]
    if all(days) and days != sorted(days, reverse=True):
        faults.append("does not begin with the newest item")
    return faults + [f"item {item.findtext('title')}: {fault}" for item in items for fault in item_faults(item)]


def item_faults(item: ElementTree.Element) -> list[str]:
    counts = Counter(child.tag for child in item)
    faults = [f"has {counts[name]} times {name}" for name in ITEM_ELEMENTS if counts[name] != 1]
    faults += [f"has an empty {child.tag}" for child in item if not (child.text or child.attrib)]
    if not is_address(item.findtext("link")):
        faults.append("has no link")
    guid = item.find("guid")
    if guid is not None and guid.get("isPermaLink", "true") != "false" and not is_address(guid.text):
        faults.append("says that its guid is an address")
    if mail_moment(item.findtext("pubDate") or "") is None:
        faults.append("has no date")
    faults += [f"has the relative address {found}" for found in RELATIVE.findall(item.findtext(CONTENT) or "")]
    return faults


# --- sitemaps ---


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

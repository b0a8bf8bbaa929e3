"""The formats of our feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1, with full texts, and well-formed for any text.

https://www.rssboard.org/rss-specification · https://www.rfc-editor.org/rfc/rfc4287 · https://www.jsonfeed.org/version/1.1/
An item has two fields that Django does not know: `content` (HTML) and `picture` (a `FeedPicture` or None).
"""

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any, NamedTuple

from django.utils.feedgenerator import (
    Atom1Feed,
    Rss201rev2Feed,
    SyndicationFeed,
    rfc2822_date,
    rfc3339_date,
)
from django.utils.xmlutils import SimplerXMLGenerator

from blog.text.characters import legal_xml

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "http://search.yahoo.com/mrss/"
# Browsers show this type with its style sheet; application/rss+xml and application/atom+xml they show as source text
# or save as a file. Feed readers go by the root element.
SHOWN_XML = "application/xml; charset=utf-8"
EMPTY_SINCE = datetime(2000, 1, 1, tzinfo=UTC)  # any moment that never changes


class FeedPicture(NamedTuple):
    url: str
    content_type: str
    width: int
    height: int


def legal(value: Any) -> Any:
    """Removes the characters that no XML parser accepts from a field of a feed or an item."""
    if isinstance(value, str):
        return legal_xml(value)
    if isinstance(value, list):
        return [legal(part) for part in value]
    return value


class LegalFeed(SyndicationFeed):
    """What the formats share."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(**{name: legal(value) for name, value in fields.items()})

    def add_item(self, **fields: Any) -> None:  # type: ignore[override]  # Django calls it with names alone
        super().add_item(**{name: legal(value) for name, value in fields.items()})

    def latest_post_date(self) -> datetime:
        # Django dates an empty feed with the present time, so that no poll of it would ever be answered with 304.
        return super().latest_post_date() if self.items else EMPTY_SINCE

    def write(self, outfile: Any, encoding: str) -> None:
        text = StringIO()
        super().write(text, encoding)
        outfile.write(text.getvalue())  # at once: the response would encode each of 1,500 pieces


def add_picture(handler: SimplerXMLGenerator, picture: FeedPicture | None) -> None:
    """Adds a `media:content` of Media RSS, which is https://www.rssboard.org/media-rss."""
    if picture:
        size = {"width": str(picture.width), "height": str(picture.height)}
        described = {"url": picture.url, "medium": "image", "type": picture.content_type, **size}
        handler.addQuickElement("media:content", "", described)


class FullTextRss(LegalFeed, Rss201rev2Feed):
    content_type = SHOWN_XML

    def rss_attributes(self) -> dict[str, str]:
        modules = {"content": "http://purl.org/rss/1.0/modules/content/", "media": MEDIA}
        return {**super().rss_attributes(), **{f"xmlns:{prefix}": name for prefix, name in modules.items()}}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        for name in ("title", "link", "description", "language", "ttl"):
            handler.addQuickElement(name, self.feed[name])
        itself = {"rel": "self", "type": "application/rss+xml", "href": self.feed["feed_url"]}
        handler.addQuickElement("atom:link", "", itself)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", "", {"rel": "hub", "href": self.feed["hub"]})
        if self.items:
            handler.addQuickElement("lastBuildDate", rfc2822_date(self.latest_post_date()))

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        # RSS has no date of a change, so that of Atom says it.
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        add_picture(handler, item["picture"])
        handler.addQuickElement("content:encoded", item["content"])


class StyledAtom(Atom1Feed):
    """Atom with style sheets, which Django writes into RSS alone."""

    def write(self, outfile: Any, encoding: str) -> None:
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        for sheet in self.feed["stylesheets"]:
            handler.processingInstruction("xml-stylesheet", str(sheet))
        handler.startElement("feed", self.root_attributes())  # type: ignore[arg-type]  # as Django does
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")


class FullTextAtom(LegalFeed, StyledAtom):
    content_type = SHOWN_XML

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xmlns:media": MEDIA}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", "", {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        add_picture(handler, item["picture"])
        handler.addQuickElement("content", item["content"], {"type": "html"})


class JsonFeed(LegalFeed):
    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        outfile.write(json.dumps(self.document(), ensure_ascii=False).encode(encoding))

    def document(self) -> dict[str, Any]:
        hub = self.feed["hub"]
        return {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "icon": self.feed["icon"],
            "language": self.feed["language"],
            **({"hubs": [{"type": "WebSub", "url": hub}]} if hub else {}),
            "items": [_json_item(item) for item in self.items],
        }


def _json_item(item: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "url": item["link"],
        "title": item["title"],
        "summary": item["summary"],
        "image": item["picture"] and item["picture"].url,
        "date_published": rfc3339_date(item["pubdate"]),
        "date_modified": rfc3339_date(item["updateddate"]),
        "authors": [{"name": item["author_name"], "url": item["author_link"]}],
        "tags": item["categories"],
    }
    given = {name: value for name, value in fields.items() if value}
    return {"id": item["unique_id"], "content_html": item["content"], **given}

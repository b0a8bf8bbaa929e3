"""The feeds, with full text: RSS 2.0 of the site, a section, a tag, an author; Atom 1.0 and JSON Feed 1.1 of the site.

https://www.rssboard.org/rss-specification · https://www.rfc-editor.org/rfc/rfc4287 · https://www.jsonfeed.org/version/1.1/
An item has two fields that Django does not know: `content` (HTML) and `picture` (a `FeedPicture` or None). `noindex`
articles are in the feeds: the mark is for search engines, and subscribers asked for every article.
"""

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.encoding import escape_uri_path
from django.utils.feedgenerator import (
    Atom1Feed,
    Rss201rev2Feed,
    Stylesheet,
    SyndicationFeed,
    rfc2822_date,
    rfc3339_date,
)
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address
from blog.models import Author, Category, Post, Tag
from blog.models.post import load_amendments
from blog.models.taxonomy import load_tags
from blog.queries.post_list import all_posts, posts_of, public_authors
from blog.queries.tags import public_tags
from blog.text.characters import legal_xml
from blog.text.charts import without_pictures
from blog.text.finishing import absolute_links
from blog.text.headlines import take_apart
from blog.times import day_name
from blog.wire.page_meta import feed_title, list_description, post_description

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "http://search.yahoo.com/mrss/"
PAGE = "urn:allforces:page"  # what static/css/feed.css shows: title and date as pages set them
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
        modules = {"content": "http://purl.org/rss/1.0/modules/content/", "media": MEDIA, "page": PAGE}
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
        for name, text in item["page"].items():  # what a person reads who opens the feed in a browser
            handler.addQuickElement(f"page:{name}", legal_xml(text))
        handler.addQuickElement("content:encoded", item["content"])


class FullTextAtom(LegalFeed, Atom1Feed):
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


POSTS_PER_FEED = 30  # ten a day come out, so a feed reader that is off for a weekend misses none
MINUTES_TO_LIVE = 15


class SiteFeed(Feed):  # type: ignore[type-arg]  # no generic class while the site runs
    """The newest articles of all sections.

    Every address is made absolute here, so that Django's guess of the host is never used.
    """

    feed_type = FullTextRss
    address_name = "feed"
    language = settings.LANGUAGE_CODE
    ttl = MINUTES_TO_LIVE
    item_guid_is_permalink = False
    csrf_exempt = True  # a POST gets 405, not 403

    @method_decorator(require_safe)
    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        source = self.get_object(request, **kwargs)
        feed: Any = self.get_feed(source, request)
        # Django's `__call__` would add the Last-Modified of the newest visible item. It does not move when a post is
        # unpublished, and a poller that sends it back would get a wrong 304. The ETag covers every change.
        response = HttpResponse(content_type=feed.content_type)
        feed.write(response, "utf-8")
        if settings.WEBSUB_HUB:
            itself = absolute_url(escape_uri_path(request.path))
            response.headers["Link"] = f'<{settings.WEBSUB_HUB}>; rel="hub", <{itself}>; rel="self"'
        return response

    # --- the feed; `source` is its section, tag or author, None for the site ---

    def title(self, source: Any) -> str:
        return feed_title(source)

    def description(self, source: Any) -> str:
        return list_description(source) if source else settings.SITE_DESCRIPTION

    def subtitle(self, source: Any) -> str:  # what Atom calls the description
        return self.description(source)

    def link(self, source: Any) -> str:
        return absolute_url(source.get_absolute_url() if source else address("home"))

    def feed_url(self, source: Any) -> str:
        return absolute_url(source.get_feed_url() if source else address(self.address_name))

    def stylesheets(self) -> list[Stylesheet]:
        # A browser that still runs XSLT warns its user of a page that wants it.
        return [Stylesheet(static("css/feed.css"), mimetype="text/css")]

    def feed_extra_kwargs(self, source: Any) -> dict[str, str]:
        return {"icon": absolute_url(static("img/icon-512.png")), "hub": settings.WEBSUB_HUB}

    def items(self, source: Any) -> list[Post]:
        posts = (posts_of(source) if source else all_posts()).newest(POSTS_PER_FEED, "for_feed")
        load_tags(posts)
        load_amendments(posts)
        return posts

    # --- one article ---

    def item_title(self, post: Post) -> str:
        return post.labelled_title  # plain text by the standards; only the description is HTML

    def item_description(self, post: Post) -> str | None:  # type: ignore[override]  # Django leaves out None
        return escape(_summary(post)) or None

    def item_link(self, post: Post) -> str:
        return absolute_url(post.get_absolute_url())

    def item_guid(self, post: Post) -> str:
        return post.guid

    def item_pubdate(self, post: Post) -> Any:
        return post.published_at

    def item_updateddate(self, post: Post) -> Any:
        return post.updated_at

    def item_author_name(self, post: Post) -> str:
        return post.author.name

    def item_author_link(self, post: Post) -> str:
        return absolute_url(post.author.get_absolute_url())

    def item_categories(self, post: Post) -> list[str]:
        return [post.category.name, *(tag.name for tag in post.tag_list)]

    def item_extra_kwargs(self, post: Post) -> dict[str, Any]:
        html = without_pictures(render_to_string("blog/feed_content.html", {"post": post}))
        return {
            "content": absolute_links(html, base=self.item_link(post)),
            "summary": _summary(post),
            "picture": _picture(post),
            "page": _as_on_page(post),
        }


class SiteAtomFeed(SiteFeed):
    feed_type = FullTextAtom  # type: ignore[assignment]
    address_name = "atom_feed"


class SiteJsonFeed(SiteFeed):
    feed_type = JsonFeed  # type: ignore[assignment]
    address_name = "json_feed"


class CategoryFeed(SiteFeed):
    """A section exists with or without articles, so its feed may be empty."""

    def get_object(self, request: HttpRequest, slug: str) -> Category:
        return get_object_or_404(Category, slug=slug)


class TagFeed(SiteFeed):
    """A tag without a public article does not exist for readers, as on its page."""

    def get_object(self, request: HttpRequest, slug: str) -> Tag:
        tag: Tag = get_object_or_404(Tag.objects.filter(public_tags()), slug=slug)
        return tag


class AuthorFeed(SiteFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Author:
        return get_object_or_404(Author.objects.filter(public_authors()), slug=slug)


def _as_on_page(post: Post) -> dict[str, str]:
    """The title in its parts and the day, for `static/css/feed.css`; a part that the title lacks is left out."""
    _, head, deck = take_apart(post.labelled_title)
    day = day_name(timezone.localdate(post.published_at))
    return {"head": head, **({"deck": deck} if deck else {}), "day": day}


def _summary(post: Post) -> str:
    return post.excerpt or post_description(post)


def _picture(post: Post) -> FeedPicture | None:
    image = post.lead_image
    return FeedPicture(absolute_url(image.file.url), image.content_type, image.width, image.height) if image else None

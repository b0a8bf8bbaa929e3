"""Feeds in RSS 2.0 with full text: of the site, a section, a tag, an author.

`noindex` articles are in the feeds: the mark is for search engines, and subscribers asked for every article.
A lead image stands in the text. An enclosure would need the length of each file from the storage.
"""

import re
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Rss201rev2Feed, rfc2822_date
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address
from blog.delivery.freshness import shows
from blog.models import Author, Category, Post, Tag
from blog.models.taxonomy import load_tags
from blog.queries.counts import authors_in_use, tags_in_use
from blog.queries.post_list import all_posts, posts_of
from blog.text.absolute import absolute_links
from blog.wire.page_meta import feed_title, list_description, post_description

POSTS_PER_FEED = 30  # ten a day come out, so a feed reader that is off for a weekend misses none
MINUTES_TO_LIVE = 15

# XML 1.0 cannot hold these, even escaped. A text stored from a shell may have them all the same.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal(value: Any) -> Any:
    """Removes the characters that no XML parser accepts from a field of a feed or an item."""
    if isinstance(value, str):
        return ILLEGAL.sub("", value)
    if isinstance(value, list):
        return [legal(part) for part in value]
    return value


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with `content:encoded`, well-formed for any text."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(**{name: legal(value) for name, value in fields.items()})

    def add_item(self, **fields: Any) -> None:  # type: ignore[override]  # Django calls it with names alone
        super().add_item(**{name: legal(value) for name, value in fields.items()})

    def write(self, outfile: Any, encoding: str) -> None:
        text = StringIO()
        super().write(text, encoding)
        outfile.write(text.getvalue())  # at once: the response would encode each of 1,500 pieces

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        for name in ("title", "link", "description", "language", "ttl"):
            handler.addQuickElement(name, self.feed[name])
        handler.addQuickElement(
            "atom:link", "", {"rel": "self", "type": "application/rss+xml", "href": self.feed["feed_url"]}
        )
        # Django dates an empty feed with the present time, so that no poll of it would ever be answered with 304.
        if self.items:
            handler.addQuickElement("lastBuildDate", rfc2822_date(self.latest_post_date()))

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class SiteFeed(Feed):  # type: ignore[type-arg]  # no generic class while the site runs
    """The newest articles of all sections.

    Every address is made absolute here, so that Django's guess of the host is never used.
    """

    feed_type = FullTextRss
    language = settings.LANGUAGE_CODE
    ttl = MINUTES_TO_LIVE
    item_guid_is_permalink = False
    csrf_exempt = True  # a POST gets 405, not 403

    @method_decorator(require_safe)
    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, **kwargs)
        # Django's Last-Modified is that of the newest visible item. It does not move when a post is unpublished, and
        # a poller that sends it back would get a wrong 304. The middleware's ETag covers every change.
        del response.headers["Last-Modified"]
        shows(response, "lists", "posts", "names", until=Post.objects.next_due())
        return response

    # --- the feed; `source` is its section, tag or author, None for the site ---

    def title(self, source: Any) -> str:
        return feed_title(source)

    def description(self, source: Any) -> str:
        return list_description(source) if source else settings.SITE_DESCRIPTION

    def link(self, source: Any) -> str:
        return absolute_url(source.get_absolute_url() if source else address("home"))

    def feed_url(self, source: Any) -> str:
        return absolute_url(source.get_feed_url() if source else address("feed"))

    def items(self, source: Any) -> list[Post]:
        posts = (posts_of(source) if source else all_posts()).newest(POSTS_PER_FEED, "for_feed")
        load_tags(posts)
        return posts

    # --- one article ---

    def item_title(self, post: Post) -> str:
        return post.labelled_title  # plain text by the standard; only the description is HTML

    def item_description(self, post: Post) -> str | None:  # type: ignore[override]  # Django leaves out None
        return escape(post.excerpt or post_description(post)) or None

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

    def item_categories(self, post: Post) -> list[str]:
        return [post.category.name, *(tag.name for tag in post.tag_list)]

    def item_extra_kwargs(self, post: Post) -> dict[str, str]:
        html = render_to_string("blog/feed_content.html", {"post": post})
        return {"content": absolute_links(html, base=self.item_link(post))}


class CategoryFeed(SiteFeed):
    """A section exists with or without articles, so its feed may be empty."""

    def get_object(self, request: HttpRequest, slug: str) -> Category:
        return get_object_or_404(Category, slug=slug)


class TagFeed(SiteFeed):
    """A tag without a public article does not exist for readers, as on its page."""

    def get_object(self, request: HttpRequest, slug: str) -> Tag:
        return get_object_or_404(tags_in_use(), slug=slug)


class AuthorFeed(SiteFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Author:
        return get_object_or_404(authors_in_use(), slug=slug)

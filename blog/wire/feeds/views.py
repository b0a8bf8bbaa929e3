"""The feeds, with full text: RSS 2.0 of the site, a section, a tag, an author; Atom 1.0 and JSON Feed 1.1 of the site.

`noindex` articles are in the feeds: the mark is for search engines, and subscribers asked for every article.
"""

from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.decorators import method_decorator
from django.utils.encoding import escape_uri_path
from django.utils.feedgenerator import Stylesheet
from django.utils.html import escape
from django.views.decorators.http import require_safe

from blog.addresses import absolute_url, address
from blog.models import Author, Category, Post, Tag
from blog.models.post.amended import load_amendments
from blog.models.taxonomy import load_tags
from blog.queries.post_list import all_posts, posts_of, public_authors
from blog.queries.tags import public_tags
from blog.text.finishing import absolute_links
from blog.wire.feeds.formats import FeedPicture, FullTextAtom, FullTextRss, JsonFeed
from blog.wire.page_meta import feed_title, list_description, post_description

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
        html = render_to_string("blog/feed_content.html", {"post": post})
        return {
            "content": absolute_links(html, base=self.item_link(post)),
            "summary": _summary(post),
            "picture": _picture(post),
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


def _summary(post: Post) -> str:
    return post.excerpt or post_description(post)


def _picture(post: Post) -> FeedPicture | None:
    image = post.lead_image
    return FeedPicture(absolute_url(image.file.url), image.content_type, image.width, image.height) if image else None

"""The facts in each page's head for search engines and share cards: address, description, picture, structured data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings

from blog.addresses import MARKDOWN_FILE, absolute_url, address
from blog.models import Author, Category, Page, Post, Tag
from blog.redirects.canonical import canonical_url
from blog.text.japanese import truncate_japanese, visible_text
from blog.times import machine_time
from blog.wire.pictures import SharePicture, share_picture, site_picture
from blog.wire.structured_data import Crumb, graph

# The types in the links to feeds. Feed readers go by them; the answers have another type.
RSS, ATOM, JSON = "application/rss+xml", "application/atom+xml", "application/feed+json"
HOME = Crumb("ホーム", "/")
DESCRIPTION_LENGTH = 160  # characters; search engines show about 120


class FeedLink(NamedTuple):
    title: str
    url: str
    content_type: str = RSS


@dataclass(frozen=True, kw_only=True)
class PageMeta:
    """The head of one page, from which meta tags, share cards and structured data are made.

    Every address is absolute; `url` is the canonical one. `trail` leads from the front page to this one, and `kind` is
    the type of the page at schema.org.
    """

    title: str
    description: str
    url: str
    noindex: bool = False
    image: SharePicture
    kind: str = "WebPage"
    trail: Sequence[Crumb] = ()
    post: Post | None = None
    author: Author | None = None
    markdown: str = ""
    feeds: list[FeedLink] = field(default_factory=list)

    @property
    def robots(self) -> str:
        # Without `max-image-preview:large`, search engines show a thumbnail at best.
        return "noindex" if self.noindex else "max-image-preview:large"

    @property
    def published_time(self) -> str:
        return machine_time(self.post.published_at) if self.post else ""

    @property
    def byline_url(self) -> str:
        return absolute_url(self.post.author.get_absolute_url()) if self.post else ""

    @property
    def structured_data(self) -> dict[str, Any]:
        return graph(self)

    @property
    def modified_time(self) -> str:
        return machine_time(self.post.updated_at) if self.post else ""


# --- feeds ---


def feed_title(item: Author | Category | Tag | None = None) -> str:
    return f"{item.name}｜{settings.SITE_NAME}" if item else settings.SITE_NAME


def feed_links(item: Author | Category | Tag | None = None) -> list[FeedLink]:
    """The feeds of the site and, if there is an `item`, that of the item."""
    formats = (("feed", "", RSS), ("atom_feed", "（Atom）", ATOM), ("json_feed", "（JSON Feed）", JSON))
    links = [FeedLink(f"{feed_title()}{suffix}", absolute_url(address(name)), kind) for name, suffix, kind in formats]
    if item is not None:
        links.append(FeedLink(feed_title(item), absolute_url(item.get_feed_url())))
    return links


# --- pages ---


def post_description(post: Post) -> str:
    """The editors' description, else the standfirst, else the beginning of the text, shortened."""
    return shorten(post.description or post.excerpt or visible_text(post.body_html))


def markdown_url(post: Post) -> str:
    """The URL of the article as Markdown, in the folder of its page."""
    return absolute_url(f"{post.get_absolute_url()}{MARKDOWN_FILE}")


def list_description(item: Author | Category | Tag) -> str:
    """The editors' text about a section, tag or author, or else a sentence that names the list."""
    match item:
        case Author():
            return shorten(item.bio) or f"{item.name}が書いた記事の一覧です。"
        case Category():
            return shorten(item.description) or f"{settings.SITE_NAME}の「{item.name}」の記事一覧です。"
        case Tag():
            return shorten(item.description) or f"「{item.name}」に関する記事の一覧です。"


def shorten(text: str) -> str:
    return truncate_japanese(" ".join(text.split()), DESCRIPTION_LENGTH)


def post_meta(post: Post) -> PageMeta:
    """The head of an article's page. Of a post from `for_page()`, only tags and a canonical page cost queries."""
    return PageMeta(
        title=post.labelled_title,
        description=post_description(post),
        url=canonical_url(post),
        noindex=post.noindex,
        image=share_picture(post),
        trail=[HOME, Crumb(post.category.name, post.category.get_absolute_url())],
        post=post,
        markdown=markdown_url(post),
        feeds=feed_links(post.category),
    )


def list_meta(item: Author | Category | Tag, *, number: int = 1) -> PageMeta:
    match item:
        case Author():
            trail = [HOME]
        case Tag():
            trail = [HOME, Crumb("タグ", address("tag_list"))]
        case Category():
            trail = [HOME]
    author = item if isinstance(item, Author) and number == 1 else None
    return plain_meta(
        item.get_absolute_url(),
        title=item.name,
        description=list_description(item),
        number=number,
        feed_of=item,
        kind="ProfilePage" if author else "CollectionPage",
        trail=trail,
        author=author,
    )


def static_page_meta(page: Page) -> PageMeta:
    description = shorten(page.description or visible_text(page.shown_html))
    return plain_meta(page.get_absolute_url(), title=page.title, description=description)


def plain_meta(
    path: str,
    *,
    title: str = "",
    description: str = "",
    number: int = 1,
    noindex: bool = False,
    feed_of: Author | Category | Tag | None = None,
    kind: str = "WebPage",
    trail: Sequence[Crumb] | None = None,
    author: Author | None = None,
) -> PageMeta:
    """The head of any other page. `path` is percent-encoded; later pages of a list (`number` ≥ 2) are canonical too."""
    of_pages = f"（{number}ページ目）" if number > 1 else ""
    is_front = path == HOME.path and number == 1
    return PageMeta(
        title=f"{title or settings.SITE_NAME}{of_pages}",
        description=f"{description or settings.SITE_DESCRIPTION}{of_pages}",
        url=absolute_url(path if number == 1 else f"{path}?page={number}"),
        noindex=noindex,
        image=site_picture(),
        kind=kind,
        trail=() if is_front else [HOME] if trail is None else trail,
        author=author,
        feeds=feed_links(feed_of),
    )

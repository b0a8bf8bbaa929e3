"""The facts in each page's head for search engines and share cards: address, description, picture, structured data."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static

from blog.addresses import absolute_url, address
from blog.models import Author, Category, Image, Page, Post, Tag
from blog.pictures.cards.drawing import SIZE as CARD_SIZE
from blog.pictures.cards.store import card_of
from blog.text.japanese import plain_text, truncate_japanese
from blog.times import machine_time

# By which a feed reader finds the feeds of a page, whatever type the answer has.
RSS, ATOM, JSON = "application/rss+xml", "application/atom+xml", "application/feed+json"
DESCRIPTION_LENGTH = 160  # characters; search engines show about 120


class SharePicture(NamedTuple):
    """The picture that stands for a page where it is shared: absolute address, size in pixels, alternative text."""

    url: str
    width: int
    height: int
    alt: str


class FeedLink(NamedTuple):
    title: str
    url: str
    content_type: str = RSS


@dataclass(frozen=True, kw_only=True)
class PageMeta:
    """The head of one page. Every address is absolute; `url` is the canonical one."""

    title: str
    description: str
    url: str
    noindex: bool = False
    image: SharePicture
    post: Post | None = None
    feeds: list[FeedLink] = field(default_factory=list)
    structured_data: list[dict[str, Any]] = field(default_factory=list)

    @property
    def robots(self) -> str:
        # Without `max-image-preview:large`, search engines show a thumbnail at best.
        return "noindex" if self.noindex else "max-image-preview:large"

    @property
    def published_time(self) -> str:
        return machine_time(self.post.published_at) if self.post else ""

    @property
    def modified_time(self) -> str:
        return machine_time(self.post.updated_at) if self.post else ""


# --- pictures ---


def share_picture(post: Post) -> SharePicture:
    """The share image, else the lead image, else the post's card, else the site's."""
    if image := post.share_image or post.lead_image:
        return stored_picture(image)
    return card_picture(post) or site_picture()


def stored_picture(image: Image) -> SharePicture:
    return SharePicture(absolute_url(image.file.url), image.width, image.height, image.alt)


def card_picture(post: Post) -> SharePicture | None:
    """The post's social card; None as long as no card shows the post as it is."""
    card = card_of(post)
    return SharePicture(absolute_url(default_storage.url(card)), *CARD_SIZE, post.labelled_title) if card else None


def site_picture() -> SharePicture:
    return SharePicture(absolute_url(static("img/share.png")), *CARD_SIZE, settings.SITE_NAME)


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
    return shorten(post.description or post.excerpt or plain_text(post.body_html))


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
    """The head of an article's page. For a post from `for_page()`, only its tags may cost a query."""
    return PageMeta(
        title=post.labelled_title,
        description=post_description(post),
        url=absolute_url(post.canonical_url or post.get_absolute_url()),
        noindex=post.noindex,
        image=share_picture(post),
        post=post,
        feeds=feed_links(post.category),
        structured_data=[article_data(post), breadcrumb_data(post)],
    )


def list_meta(item: Author | Category | Tag, *, number: int = 1) -> PageMeta:
    return plain_meta(
        item.get_absolute_url(), title=item.name, description=list_description(item), number=number, feed_of=item
    )


def static_page_meta(page: Page) -> PageMeta:
    description = shorten(page.description or plain_text(page.shown_html))
    return plain_meta(page.get_absolute_url(), title=page.title, description=description)


def plain_meta(
    path: str,
    *,
    title: str = "",
    description: str = "",
    number: int = 1,
    noindex: bool = False,
    feed_of: Author | Category | Tag | None = None,
) -> PageMeta:
    """The head of any other page. `path` is percent-encoded; later pages of a list (`number` ≥ 2) are canonical too."""
    description = description or settings.SITE_DESCRIPTION
    return PageMeta(
        title=title or settings.SITE_NAME,
        description=description if number == 1 else f"{description}（{number}ページ目）",
        url=absolute_url(path if number == 1 else f"{path}?page={number}"),
        noindex=noindex,
        image=site_picture(),
        feeds=feed_links(feed_of),
        structured_data=[website_data()] if path == address("home") and number == 1 else [],
    )


# --- structured data (schema.org) ---


def article_data(post: Post) -> dict[str, Any]:
    url = absolute_url(post.get_absolute_url())
    pictures = [stored_picture(image) for image in (post.lead_image, post.share_image) if image]
    data = {
        "@context": "https://schema.org",
        "@type": ["Article", "AdvertiserContentArticle"] if post.is_sponsored else "Article",
        "@id": f"{url}#article",
        "mainEntityOfPage": url,
        "headline": post.title,
        "description": post_description(post),
        "abstract": "\n".join(post.key_point_list),
        "inLanguage": settings.LANGUAGE_CODE,
        "datePublished": machine_time(post.published_at),
        "dateModified": machine_time(post.updated_at),
        "articleSection": post.category.name,
        "keywords": [tag.name for tag in post.tag_list],
        "author": author_data(post.author),
        "publisher": publisher_data(),
        "image": [
            {"@type": "ImageObject", "url": picture.url, "width": picture.width, "height": picture.height}
            for picture in pictures or filter(None, [card_picture(post)])
        ],
    }
    return {name: value for name, value in data.items() if value}


def author_data(author: Author) -> dict[str, Any]:
    # A byline with an account is a person; the others are desks and teams.
    kind = "Person" if author.user_id else "Organization"
    return {"@type": kind, "name": author.name, "url": absolute_url(author.get_absolute_url())}


def publisher_data() -> dict[str, Any]:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": absolute_url(address("home"))}


def breadcrumb_data(post: Post) -> dict[str, Any]:
    steps = [
        ("ホーム", address("home")),
        (post.category.name, post.category.get_absolute_url()),
        (post.title, post.get_absolute_url()),
    ]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute_url(path)}
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def website_data() -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": absolute_url(address("home")),
        "description": settings.SITE_DESCRIPTION,
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": publisher_data(),
    }

"""Structured data for search engines: one graph of JSON-LD in the words of schema.org, made from the page's head.

Every page describes the site and its publisher, under the same `@id` everywhere, and refers to them.
https://developers.google.com/search/docs/appearance/structured-data/article
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.templatetags.static import static

from blog.addresses import absolute_url, address
from blog.models import Amendment, Author, Post
from blog.times import machine_time
from blog.wire.pictures import SharePicture, pictures_of, stored_picture

Node = dict[str, Any]
LOGO_PIXELS = 512
SPONSORED = ["Article", "AdvertiserContentArticle"]


class Crumb(NamedTuple):
    """A page on the way from the front page to the one that is shown."""

    name: str
    path: str


class Described(Protocol):
    """The fields of a page's head that the graph shows; `kind` is the type of the page at schema.org."""

    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def trail(self) -> Iterable[Crumb]: ...
    @property
    def post(self) -> Post | None: ...
    @property
    def author(self) -> Author | None: ...


def graph(page: Described) -> Node:
    nodes = [_publisher(), _website(), _page(page), _breadcrumbs(page)]
    if page.post:
        nodes.append(_article(page, page.post))
    if page.author:
        nodes.append(_profile(page.author))
    return {"@context": "https://schema.org", "@graph": [_filled(node) for node in nodes if node]}


def _home() -> str:
    return absolute_url("/")


def _reference(url: str) -> Node:
    return {"@id": url}


def _filled(node: Node) -> Node:
    return {name: value for name, value in node.items() if value}


def _publisher() -> Node:
    logo = absolute_url(static("img/icon-512.png"))
    return {
        "@type": "Organization",
        "@id": f"{_home()}#publisher",
        "name": settings.SITE_NAME,
        "url": _home(),
        "logo": {"@type": "ImageObject", "url": logo, "width": LOGO_PIXELS, "height": LOGO_PIXELS},
    }


def _website() -> Node:
    search = f"{absolute_url(address('search'))}?q={{words}}"
    return {
        "@type": "WebSite",
        "@id": f"{_home()}#website",
        "name": settings.SITE_NAME,
        "url": _home(),
        "description": settings.SITE_DESCRIPTION,
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": _reference(f"{_home()}#publisher"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=words",
        },
    }


def _page(page: Described) -> Node:
    main = f"{page.url}#article" if page.post else _profile_id(_url(page.author)) if page.author else ""
    return {
        "@type": page.kind,
        "@id": page.url,
        "url": page.url,
        "name": page.title,
        "description": page.description,
        "inLanguage": settings.LANGUAGE_CODE,
        "isPartOf": _reference(f"{_home()}#website"),
        "breadcrumb": _reference(f"{page.url}#breadcrumbs") if page.trail else None,
        "mainEntity": _reference(main) if main else None,
    }


def _breadcrumbs(page: Described) -> Node:
    """The steps, and last the page itself; none for the front page."""
    if not page.trail:
        return {}
    steps = [*((step.name, absolute_url(step.path)) for step in page.trail), (page.title, page.url)]
    return {
        "@type": "BreadcrumbList",
        "@id": f"{page.url}#breadcrumbs",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, start=1)
        ],
    }


def _article(page: Described, post: Post) -> Node:
    return {
        "@type": SPONSORED if post.is_sponsored else "NewsArticle",
        "@id": f"{page.url}#article",
        "url": page.url,
        "mainEntityOfPage": _reference(page.url),
        "headline": post.title,
        "description": page.description,
        "abstract": "\n".join(post.key_point_list),
        "inLanguage": settings.LANGUAGE_CODE,
        "isAccessibleForFree": True,
        "datePublished": machine_time(post.published_at),
        "dateModified": machine_time(post.updated_at),
        "articleSection": post.category.name,
        "keywords": [tag.name for tag in post.tag_list],
        "author": _byline(post.author),
        "publisher": _reference(f"{_home()}#publisher"),
        "image": [_picture(picture) for picture in pictures_of(post)],
        "correction": _corrections(post),
    }


def _corrections(post: Post) -> list[Node | str]:
    """What was wrong, with its day where that is known; an update corrects nothing."""
    told = [row for row in post.amendment_list if row.kind == Amendment.Kind.CORRECTION]
    dated = [
        {"@type": "CorrectionComment", "text": row.note, "datePublished": machine_time(row.told_at)} for row in told
    ]
    return [*dated, *([post.correction] if post.correction else [])]


def _picture(picture: SharePicture) -> Node:
    return {"@type": "ImageObject", "url": picture.url, "width": picture.width, "height": picture.height}


def _url(author: Author) -> str:
    return absolute_url(author.get_absolute_url())


def _profile_id(url: str) -> str:
    return f"{url}#author"


def _byline(author: Author) -> Node:
    url = _url(author)
    return {
        # A byline with an account is a person; the others are desks and teams.
        "@type": "Person" if author.user_id else "Organization",
        "@id": _profile_id(url),
        "name": author.name,
        "url": url,
    }


def _profile(author: Author) -> Node:
    """The byline, with what its own page says of it."""
    return {
        **_byline(author),
        "description": " ".join(author.bio.split()),
        "image": _picture(stored_picture(author.avatar)) if author.avatar else None,
        "sameAs": [url for _, url in author.link_list],
    }

"""Finds articles: which ones have what a query asks for, in what order, and how they divide.

found = find(parse("投資 -ＡＩ"), filters=Filters(year=2026))
posts = found.keys[20:40]     # the second page
facets_of(found).sections     # [(Category, number), …]
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from blog.models import Author, Category, Post, Tag
from blog.models.taxonomy import load_tags
from blog.search.documents import SearchDocument, document_of
from blog.search.query import Query, Term

MOST_HITS = 1_000


class Filters(NamedTuple):
    """Only articles with all of these: keys of a section, a tag and an author, and the year of the address."""

    category: int | None = None
    tag: int | None = None
    author: int | None = None
    year: int | None = None


NO_FILTERS = Filters()


class Found(NamedTuple):
    """The keys of the posts found, best first; at most as many as were asked for.

    `is_exact` is False if there are more. `also` maps the text of a term to the other names of the tag that it names,
    which were searched for too.
    """

    keys: Sequence[int] = ()
    is_exact: bool = True
    also: Mapping[str, Sequence[str]] = MappingProxyType({})

    @property
    def total(self) -> int:
        return len(self.keys)


class Facets(NamedTuple):
    """How the articles found divide: (value, number of articles), commonest first; years newest first."""

    sections: list[tuple[Category, int]]
    tags: list[tuple[Tag, int]]
    authors: list[tuple[Author, int]]
    years: list[tuple[int, int]]


def find(
    query: Query,
    *,
    filters: Filters = NO_FILTERS,
    drafts: bool = False,
    most: int = MOST_HITS,
    other_spellings: bool = True,
) -> Found:
    """Finds the articles that have every wanted term of the query and no unwanted one.

    First come those with all terms in the title, then those with all in title, tags or excerpt, then the rest; within
    each the newest first. Only public articles are found, at the desk with `drafts` all.
    """
    if query.is_empty:
        return Found()
    posts = Post.objects.all() if drafts else Post.objects.published()
    posts = posts.filter(**_conditions(filters)).only("title", "excerpt", "body_html", "published_at", "created_at")
    ranked = []
    load_tags(loaded := list(posts))
    for post in loaded:
        rank = rank_of(document_of(post, [tag.name for tag in post.tag_list]), query, other_spellings)
        if rank is not None:
            ranked.append((rank, -(post.published_at or post.created_at).timestamp(), -post.pk))
    keys = [-key for *_, key in sorted(ranked)]
    return Found(keys[:most], is_exact=len(keys) <= most)


def facets_of(found: Found) -> Facets:
    """Counts the articles found by section, tag, author and year. The counts are exact if `found.is_exact`."""
    posts = Post.objects.filter(pk__in=found.keys).select_related("category", "author")
    load_tags(
        loaded := list(posts.only("url_date", "category__name", "category__slug", "author__name", "author__slug"))
    )
    years = Counter(post.url_date.year for post in loaded if post.url_date)
    return Facets(
        sections=Counter(post.category for post in loaded).most_common(),
        tags=Counter(tag for post in loaded for tag in post.tag_list).most_common(),
        authors=Counter(post.author for post in loaded).most_common(),
        years=sorted(years.items(), reverse=True),
    )


def rank_of(document: SearchDocument, query: Query, other_spellings: bool = True) -> int | None:
    """Returns 0, 1 or 2 as the terms stand in the title, in the head too, or in the body too; None without a match."""

    def has(text: str, term: Term) -> bool:
        return any(spelling in text for spelling in (term.spellings if other_spellings else term.spellings[:1]))

    texts = document.title, "\n".join(document[:2]), "\n".join(document)
    if any(has(texts[-1], term) for term in query.unwanted):
        return None
    return next((rank for rank, text in enumerate(texts) if all(has(text, term) for term in query.wanted)), None)


def _conditions(filters: Filters) -> dict[str, int]:
    fields = {"category": "category", "tag": "tagged_posts__tag", "author": "author", "year": "url_date__year"}
    return {field: value for name, field in fields.items() if (value := getattr(filters, name)) is not None}

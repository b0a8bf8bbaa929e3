"""Finds articles: which ones have what a query asks for, in what order, and how they divide.

found = find(parse("投資 -ＡＩ"), filters=Filters(year=2026))
posts = found.keys[20:40]     # the second page
facets_of(found).sections     # [(Category, number), …]
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from blog.models import Author, Category, Post, Tag
from blog.models.post.queryset import Condition as SQLCondition
from blog.models.post.queryset import visible_sql
from blog.models.taxonomy import load_tags
from blog.queries.tags import EVERY_TAG, public_tags
from blog.search.conditions import Condition, Hit
from blog.search.documents import AUTHOR, LISTED, SECTION, TAG, YEAR
from blog.search.index import engine
from blog.search.names import names_of
from blog.search.query import Query, Term
from blog.text.words import fold_term

MOST_HITS = 1_000
REACHES = TITLE, HEAD, ANYWHERE = range(3)  # the title; title and head; all
FEW = 100  # hits


class Filters(NamedTuple):
    """Only articles with all of these: keys of a section, a tag and an author, and the year of the address."""

    category: int | None = None
    tag: int | None = None
    author: int | None = None
    year: int | None = None


NO_FILTERS = Filters()


class Found(NamedTuple):
    """The keys of the posts found, best first; at most as many as were asked for.

    `is_exact` is False if there are more. `also` maps the text of a term to the other names of the tag that it names
    or helps to name, which were searched for too.
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
    among: QuerySet[Post] | None = None,
    most: int = MOST_HITS,
    other_spellings: bool = True,
) -> Found:
    """Finds the articles that have every wanted term of the query and no unwanted one.

    First come those with all terms in the title, then those with all in title, tags or excerpt, then the rest; within
    each the newest first. Only public articles are found, and only their tags lend other names. At the desk with
    `drafts` all are, or those `among` these posts. Raises TooSlow, on PostgreSQL.
    """
    if query.is_empty:
        return Found()
    names = names_of(query, EVERY_TAG if drafts else public_tags()) if other_spellings else {}
    condition = Condition(
        wanted=[_spellings(term, names, other_spellings) for term in query.wanted],
        unwanted=[_spellings(term, names, other_spellings) for term in query.unwanted],
        keys=_keys(filters, drafts),
        rows=_rows(drafts, among),
    )
    with engine().searching():
        keys = _best(condition, most + 1)
    also = {term.text: names[term.text] for term in query.wanted if term.text in names}
    return Found(keys[:most], is_exact=len(keys) <= most, also=also)


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


def _best(condition: Condition, most: int) -> list[int]:
    """The keys in order: at least `most`, or all."""
    shares = engine().shares(condition)
    answers: dict[int, Sequence[Hit]] = {}
    if not shares[ANYWHERE]:
        hits = answers[ANYWHERE] = engine().search(condition, ANYWHERE, most, 0)
        if len(hits) <= FEW and len(hits) < most:
            return _ranked(hits, condition)
    found: dict[int, None] = {}
    for reach in REACHES:
        if len(found) < most:  # what many articles have, the titles alone may answer
            hits = answers.get(reach) or engine().search(condition, reach, most, shares[reach], found)
            found |= dict.fromkeys(hit.key for hit in sorted(hits, reverse=True))
    return list(found)


def _ranked(hits: Collection[Hit], condition: Condition) -> list[int]:
    """Puts the hits in order by asking them alone, which takes less than to ask the whole index twice more."""
    reached = engine().reached([hit.key for hit in hits], condition.wanted)
    order = [(reached[hit.key], *hit) for hit in hits if hit.key in reached]  # one may be deleted a moment ago
    return [key for *_, key in sorted(order, reverse=True)]


def _rows(drafts: bool, among: QuerySet[Post] | None) -> SQLCondition | None:
    """The condition for rows of posts."""
    if not drafts:
        return visible_sql()
    if among is None:
        return None
    try:
        sql, values = among.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "FALSE", []
    return f"post.id IN ({sql})", list(values)


def _spellings(term: Term, names: Mapping[str, Sequence[str]], other_spellings: bool) -> tuple[str, ...]:
    if not other_spellings:
        return term.spellings[:1]
    spellings = dict.fromkeys([*term.spellings, *filter(None, map(fold_term, names.get(term.text, ())))])
    # Where サーバー stands, サーバ does, so the longer one adds nothing to be found, and each costs a look.
    return tuple(one for one in spellings if not any(other in one for other in spellings if other != one))


def _keys(filters: Filters, drafts: bool) -> list[str]:
    marks = zip((SECTION, TAG, AUTHOR, YEAR), filters, strict=True)
    return [f"{mark}{value}" for mark, value in marks if value is not None] + ([] if drafts else [LISTED])

"""Finds articles: which ones have what a query asks for, in what order, and how they divide.

found = find(parse("投資 -ＡＩ"), filters=Filters(year=2026))
posts = found.keys[20:40]     # the second page
facets_of(found).sections     # [(Category, number), …]
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from types import MappingProxyType
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from blog.models import Author, Category, Post, Tag
from blog.models.taxonomy import load_tags
from blog.queries.tags import EVERY_TAG, called, public_tags
from blog.search.engine import REACHES, Condition
from blog.search.index import AUTHOR, SECTION, TAG, YEAR, engine
from blog.search.query import Query, Term
from blog.text.japanese import normalise_for_search
from blog.text.words import fold_term

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
    among: QuerySet[Post] | None = None,
    most: int = MOST_HITS,
    other_spellings: bool = True,
) -> Found:
    """Finds the articles that have every wanted term of the query and no unwanted one.

    First come those with all terms in the title, then those with all in title, tags or excerpt, then the rest; within
    each the newest first. Only public articles are found, and only their tags lend other names; at the desk those
    `among` these posts are, and every tag does. Raises TooSlow, on PostgreSQL.
    """
    if query.is_empty:
        return Found()
    names = names_of(query, public_tags() if among is None else EVERY_TAG) if other_spellings else {}
    marks = zip((SECTION, TAG, AUTHOR, YEAR), filters, strict=True)
    condition = Condition(
        wanted=[_spellings(term, names, other_spellings) for term in query.wanted],
        unwanted=[_spellings(term, names, other_spellings) for term in query.unwanted],
        keys=[f"{mark}{value}" for mark, value in marks if value is not None],
        rows=_rows(Post.objects.published() if among is None else among),
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
    found: dict[int, None] = {}
    for reach in REACHES:
        if len(found) < most:  # what many articles have, the titles alone may answer
            hits = engine().search(condition, reach, most, found)
            found |= dict.fromkeys(hit.key for hit in sorted(hits, reverse=True))
    return list(found)


def _rows(posts: QuerySet[Post]) -> tuple[str, Sequence[object]]:
    """The condition that the row `post` is one of these posts."""
    try:
        own = posts.order_by().filter(pk=RawSQL("post.id", ())).values("pk")
        sql, values = own.query.sql_with_params()
    except EmptyResultSet:
        return "FALSE", ()
    return f"EXISTS ({sql})", values


def _spellings(term: Term, names: Mapping[str, Sequence[str]], other_spellings: bool) -> tuple[str, ...]:
    if not other_spellings:
        return term.spellings[:1]
    spellings = dict.fromkeys([*term.spellings, *filter(None, map(fold_term, names.get(term.text, ())))])
    # Where サーバー stands, サーバ does, so the longer one adds nothing to be found, and each costs a look.
    return tuple(one for one in spellings if not any(other in one for other in spellings if other != one))


MOST_WORDS = 4  # of a name


def names_of(query: Query, among: Q = EVERY_TAG) -> Mapping[str, Sequence[str]]:
    """Maps the text of each term that names a tag `among` these, or is a word of its name, to the tag's other names.

    A name of several words stands in wanted terms that follow each other. One of the tag's other names stands for all
    of these. Phrases are taken as they are written.
    """
    runs = {" ".join(run): run for run in _runs(query)}
    if not runs:
        return {}
    named = called(runs) | Q(spellings__key__in=runs)
    others: dict[str, dict[str, None]] = {}
    for tag in Tag.objects.filter(among, named).distinct().order_by("pk").prefetch_related("spellings"):
        names = {normalise_for_search(name): name for name in (tag.name, *tag.other_spellings)}
        for name in runs.keys() & names.keys():
            for text in runs[name]:
                others.setdefault(text, {}).update({other: None for key, other in names.items() if key != name})
    return {text: [*names] for text, names in others.items() if names}


def _runs(query: Query) -> Iterator[list[str]]:
    """The texts of up to MOST_WORDS neighbours among the wanted terms, and of each unwanted term."""
    yield from ([term.text] for term in query.unwanted if not term.is_phrase)
    for start in range(len(query.wanted)):
        run = [*takewhile(lambda term: not term.is_phrase, query.wanted[start : start + MOST_WORDS])]
        yield from ([term.text for term in run[:number]] for number in range(1, len(run) + 1))

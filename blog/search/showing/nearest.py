"""What comes nearest to a query without hits: articles that have the most of it, and tags that are spelt alike."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

from blog.models import Tag
from blog.queries.tags import public_tags
from blog.search.conditions import TooSlow
from blog.search.finding import Found, find
from blog.search.query import Query, Term, parse
from blog.text.japanese import normalise_for_search

MOST_SEARCHES = 8  # that one query without hits may cause
MOST_ARTICLES = 5
LIKE_TAGS = 5
NAMES_COMPARED = 3_000
ALIKE = 0.6  # of difflib's ratio: NVIDEA and NVIDIA have 0.83


class Nearest(NamedTuple):
    """The articles found by another query, and how it differs: terms as typed that it leaves out or asks shortened."""

    found: Found
    query: Query
    left_out: list[str]
    shortened: list[tuple[str, str]]


class _Searches:
    """Searches until MOST_SEARCHES are made or one takes too long; the others find nothing."""

    def __init__(self) -> None:
        self.left = MOST_SEARCHES

    def find(self, terms: Sequence[Term], most: int = 1) -> Found:
        self.left -= 1
        if self.left < 0:
            return Found()
        try:
            return find(Query(tuple(terms)), most=most)
        except TooSlow:
            self.left = 0
            return Found()


def nearest(query: Query) -> Nearest | None:
    """Searches without the terms that no article has; of a longer one the beginning may do. If no article has all of
    the others together, it drops the last one again and again until one has.
    """
    searches, left_out = _Searches(), [f"-{term.text}" for term in query.unwanted]
    terms: list[tuple[Term, Term]] = []  # as typed, and as asked
    for term in query.wanted:
        tried = _beginnings(term) if len(query.terms) == 1 else [term, *_beginnings(term)]
        known = next((other for other in tried if searches.find([other]).keys), None)
        if known is None:
            left_out.append(term.text)
        else:
            terms.append((term, known))
    while terms:
        asked = tuple(known for _, known in terms)
        if (found := searches.find(asked, MOST_ARTICLES)).keys:
            shortened = [(term.text, known.text) for term, known in terms if known is not term]
            return Nearest(found, Query(asked), left_out, shortened)
        left_out.append(terms.pop()[0].text)
    return None


def _beginnings(term: Term) -> Iterator[Term]:
    """The first three quarters of the term, and its first half, if that is two characters or more."""
    length = len(term.text)
    for shorter in dict.fromkeys((length * 3 // 4, length // 2)):
        if 2 <= shorter < length:
            yield from parse(term.text[:shorter]).wanted[:1]


def like_tags(query: Query) -> list[Tag]:
    """Tags of public articles with a name, or other spelling, much like a wanted term, and not the term itself."""
    tags = Tag.objects.filter(public_tags()).only("name", "slug").prefetch_related("spellings")[:NAMES_COMPARED]
    spelt = ((name, tag) for tag in tags for name in (tag.name, *tag.other_spellings))
    names = {normalise_for_search(name): tag for name, tag in islice(spelt, NAMES_COMPARED)}
    words = [term.text for term in query.wanted]
    alike = (name for word in words for name in get_close_matches(word, names, LIKE_TAGS, ALIKE))
    return [*dict.fromkeys(names[name] for name in alike if name not in words)][:LIKE_TAGS]

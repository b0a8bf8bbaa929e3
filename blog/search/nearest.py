"""Answers beside the articles found: the lists of what a query names, and what comes nearest to one without hits."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db.models import Q

from blog.models import Author, Category, Tag
from blog.queries.post_list import public_authors
from blog.queries.tags import called, public_tags
from blog.search.engine import TooSlow
from blog.search.finding import Found, find
from blog.search.query import Query, Term, parse, without_tail
from blog.text.japanese import CJK, HIRAGANA, KATAKANA, normalise_for_search

MOST_SEARCHES = 8  # that one query without hits may cause
KEPT = 2  # of them, for the words that are known
MOST_WORDS = 4  # of a term
MOST_ARTICLES = 5
LIKE_TAGS = 5
NAMES_COMPARED = 3_000
ALIKE = 0.65  # of difflib's ratio: NVIDEA and NVIDIA have 0.83, NISA and NVIDIA 0.6
_KANJI = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# What stands between hiragana and signs (AIエージェント), and what of it is of one script.
CHUNK = re.compile(rf"(?:[^\W_{HIRAGANA}]|(?<=[0-9])[.,](?=[0-9])){{2,}}")
WORD = re.compile(
    rf"[0-9]+(?:[.,][0-9]+)*(?:[年月日円億兆万]|ドル)*|[{_KANJI}]{{2,}}|[{KATAKANA}]{{2,}}|[^\W_0-9{CJK}]{{2,}}|[\uac00-\ud7a3]{{2,}}"
)
ONLY_JAPANESE, ONLY_KATAKANA = re.compile(f"[{CJK}]+"), re.compile(f"[{KATAKANA}]+")


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

    def has(self, term: Term) -> bool:
        """Whether an article has the term; False too where only KEPT searches are left, for those that follow."""
        return self.left > KEPT and bool(self.find([term]).keys)


def nearest(query: Query) -> Nearest | None:
    """Searches without the terms that no article has; of a longer one the words in it may do, or a part. If no article
    has all of the others together, it drops the last one again and again until one has. The last search asks for the
    first one alone.
    """
    searches = _Searches()
    asked = [(term, known) for term in query.wanted for known in _known(term, searches, len(query.terms) == 1)]
    while asked:
        if searches.left == 1:
            del asked[1:]
        terms = tuple({known.spellings[0]: known for _, known in asked}.values())
        if (found := searches.find(terms, MOST_ARTICLES)).keys:
            left_out, shortened = _differences(query, asked)
            return Nearest(found, Query(terms), left_out, shortened)
        asked.pop()
    return None


def _known(term: Term, searches: _Searches, is_alone: bool) -> list[Term]:
    """The term if an article has it, which none has if it `is_alone`; else those of its words that articles have; else
    a part of it; else nothing.
    """
    if not is_alone and searches.has(term):
        return [term]
    known: list[Term] = []
    for chunk in _terms(CHUNK, term.text):
        if chunk.text != term.text and searches.has(chunk):
            known.append(chunk)
        else:
            known += [word for word in _terms(WORD, chunk.text) if word.text != chunk.text and searches.has(word)]
    return known or next(([part] for part in _parts(term.text) if searches.has(part)), [])


def _differences(query: Query, asked: list[tuple[Term, Term]]) -> tuple[list[str], list[tuple[str, str]]]:
    """What was left out of the query, and what was shortened."""
    left_out, shortened = [f"-{term.text}" for term in query.unwanted], []
    for term in query.wanted:
        known = [part.text for whole, part in asked if whole is term]
        if not known:
            left_out.append(term.text)
        elif known != [term.text]:
            shortened.append((term.text, " ".join(known)))
    return left_out, shortened


def _terms(pattern: re.Pattern[str], text: str) -> list[Term]:
    """The first MOST_WORDS words in the text, as terms."""
    words = [*dict.fromkeys(pattern.findall(text))][:MOST_WORDS]
    return [term for word in words for term in parse(word).wanted]


def _parts(text: str) -> Iterator[Term]:
    """The first three quarters of a text of Japanese, and its first half, if that is two characters or more; of
    katakana also the last three quarters (サムアルトマン). Words of Latin letters and numbers mean nothing in part.
    """
    length = len(text)
    sizes = [size for size in dict.fromkeys((length * 3 // 4, length // 2)) if 2 <= size < length]
    parts = [text[:size] for size in sizes]
    if sizes and ONLY_KATAKANA.fullmatch(text):
        parts.append(text[-sizes[0] :])
    for part in filter(ONLY_JAPANESE.fullmatch, parts):
        yield from parse(part).wanted[:1]


def like_tags(query: Query) -> list[Tag]:
    """Tags of public articles with a name, or other spelling, much like a wanted term, and not the term itself."""
    tags = Tag.objects.filter(public_tags()).only("name", "slug").prefetch_related("spellings")[:NAMES_COMPARED]
    spelt = ((name, tag) for tag in tags for name in (tag.name, *tag.other_spellings))
    names = {normalise_for_search(name): tag for name, tag in islice(spelt, NAMES_COMPARED)}
    words = dict.fromkeys(name for term in query.wanted for name in term.names)
    alike = (name for word in words for name in get_close_matches(word, names, LIKE_TAGS, ALIKE))
    return [*dict.fromkeys(names[name] for name in alike if name not in words)][:LIKE_TAGS]


MOST_NAMED = 5

Named = TypeVar("Named", Category, Author)


def named_by(text: str, query: Query) -> list[Category | Tag | Author]:
    """The sections, tags and authors whose name, or other spelling, is the text or one of the terms that are wanted.

    Only those of public articles are named, and sections, which readers know from the menu.
    """
    whole = normalise_for_search(text)
    names = {whole, without_tail(whole), *(name for term in query.wanted for name in term.names)}
    tags = Tag.objects.filter(public_tags(), called(names) | Q(spellings__key__in=names))
    return [
        *_called(names, Category.objects.only("name", "slug")),
        *tags.only("name", "slug").distinct()[:MOST_NAMED],
        *_called(names, Author.objects.filter(public_authors()).only("name", "slug")),
    ]


def _called(names: Container[str], rows: Iterable[Named]) -> list[Named]:
    """The rows with one of the names. Unlike tags they are named as people write themselves: ＡＩ部, 山田　太郎."""
    return [row for row in rows if normalise_for_search(row.name) in names][:MOST_NAMED]

"""Other names of what a term names: a tag has several, and a search for one finds what another names."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from django.db.models import Q

from blog.models import Tag
from blog.queries.tags import EVERY_TAG, called
from blog.search.query import Query
from blog.text.japanese import normalise_for_search

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

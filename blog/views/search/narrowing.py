"""The filters of a search as links: those that narrow what was found, and those that take a filter away again."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from blog.search.finding import Found, facets_of

MOST = 10  # values of one kind that are offered
KINDS = {"section": "セクション", "tag": "タグ", "author": "著者", "year": "年"}

Link = Callable[[dict[str, str]], str]
"""Makes the address of the search with these filters."""


class Choice(NamedTuple):
    name: str
    url: str
    number: int
    """Of articles."""


class Kind(NamedTuple):
    label: str
    choices: list[Choice]


class Chosen(NamedTuple):
    """A filter in force, and the address of the search without it."""

    label: str
    name: str
    url: str


def kinds(found: Found, filters: dict[str, str], link: Link) -> list[Kind]:
    """The values of each kind that a further click can choose, with the number of articles that it leaves.

    A value that all articles have narrows nothing and is not offered, nor is a kind that has been chosen.
    """
    facets = facets_of(found)
    values: dict[str, Iterable[tuple[str, str, int]]] = {
        "section": ((item.name, item.slug, count) for item, count in facets.sections),
        "tag": ((item.name, item.slug, count) for item, count in facets.tags),
        "author": ((item.name, item.slug, count) for item, count in facets.authors),
        "year": ((f"{year}年", str(year), count) for year, count in facets.years),
    }
    offered = []
    for kind, label in KINDS.items():
        choices = [
            Choice(name, link({**filters, kind: value}), count)
            for name, value, count in values[kind]
            if count < found.total
        ]
        if choices and kind not in filters:
            offered.append(Kind(label, choices[:MOST]))
    return offered


def chosen(filters: dict[str, str], cleaned: dict[str, Any], link: Link) -> list[Chosen]:
    return [
        Chosen(
            KINDS[kind],
            f"{cleaned[kind]}年" if kind == "year" else str(cleaned[kind]),
            link({other: value for other, value in filters.items() if other != kind}),
        )
        for kind in filters
    ]

"""Sections, tags and authors that a query names: their own lists answer better than a search."""

from collections.abc import Container, Iterable
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q

from blog.models import Author, Category, Post, Tag
from blog.queries.tags import called, public_tags
from blog.search.query import Query
from blog.search.spellings import without_tail
from blog.text.japanese import normalise_for_search

MOST_NAMED = 5

Named = TypeVar("Named", Category, Author)


def named_by(text: str, query: Query) -> list[Category | Tag | Author]:
    """The sections, tags and authors whose name, or other spelling, is the text or one of the terms that are wanted.

    Only those of public articles are named, and sections, which readers know from the menu.
    """
    whole = normalise_for_search(text)
    names = {whole, without_tail(whole), *(name for term in query.wanted for name in term.names)}
    public = Exists(Post.objects.published().filter(author=OuterRef("pk")))
    tags = Tag.objects.filter(public_tags(), called(names) | Q(spellings__key__in=names))
    return [
        *_called(names, Category.objects.only("name", "slug")),
        *tags.only("name", "slug").distinct()[:MOST_NAMED],
        *_called(names, Author.objects.filter(public).only("name", "slug")),
    ]


def _called(names: Container[str], rows: Iterable[Named]) -> list[Named]:
    """The rows with one of the names. Unlike tags they are named as people write themselves: ＡＩ部, 山田　太郎."""
    return [row for row in rows if normalise_for_search(row.name) in names][:MOST_NAMED]

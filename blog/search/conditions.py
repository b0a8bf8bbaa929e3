"""A query with its filters, resolved into what the index compares."""

from collections.abc import Sequence
from typing import NamedTuple

from blog.models.post.queryset import Condition as SQLCondition

Spellings = Sequence[str]  # folded


class Condition(NamedTuple):
    """An article must have one spelling of each wanted term, none of any unwanted one, and all keys.

    `rows` is a condition for rows of posts, as SQL and values; None for all posts.
    """

    wanted: Sequence[Spellings]
    unwanted: Sequence[Spellings]
    keys: Sequence[str]
    rows: SQLCondition | None


class Hit(NamedTuple):
    """The key of a post and the moment that it is ordered by."""

    moment: object  # as the engine gives it, comparable with its like
    key: int


class TooSlow(Exception):
    """The search took longer than the limit for public pages."""

"""What the two engines, `sqlite` and `postgresql`, share: what they are given, and what they answer."""

from collections.abc import Sequence
from typing import NamedTuple

Spellings = Sequence[str]  # folded
REACHES = TITLE, HEAD, ANYWHERE = range(3)  # the title; title and head; all


class IndexEntry(NamedTuple):
    """What the index is given of a post."""

    post: int
    minute: int
    edit: int
    title: str  # folded
    head: str  # tags and excerpt, folded
    body: str  # as READ_BODY of the engine makes it
    keys: list[str]  # what it is filtered by


class Condition(NamedTuple):
    """An article must have one spelling of each wanted term, none of any unwanted one, and all keys.

    `rows` is a condition for the row `post` of an article, as SQL and values.
    """

    wanted: Sequence[Spellings]
    unwanted: Sequence[Spellings]
    keys: Sequence[str]
    rows: tuple[str, Sequence[object]] = ("TRUE", ())


class Hit(NamedTuple):
    """The key of a post and the moment that it is ordered by."""

    moment: object  # as the engine gives it, comparable with its like
    key: int


class TooSlow(Exception):
    """The search took longer than the limit for public pages."""

"""An edition: the public articles of one day, set by their weight as on the front page of a newspaper."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from blog.models import Category, FrontPick, Post

SECONDS = 2  # stories beside the lead
MINUTES_APART = 5  # of reading, by which one article is longer than another


class Edges(NamedTuple):
    """The days of the editions around one, None where there is none, and how many days have passed since the first."""

    older: date | None
    newer: date | None
    number: int
    """Counted from 1. Days without an edition count too, so that no number changes when an article is withdrawn."""


class Story(NamedTuple):
    post: Post
    is_brief: bool
    """Whether only its headline is shown."""


class Edition(NamedTuple):
    lead: Post
    seconds: list[Post]
    sections: list[tuple[Category, list[Story]]]
    """The other stories, by section in the editors' order."""


def edges(day: date) -> Edges:
    """Returns the neighbours of the edition of the day."""
    days = Post.objects.published().values_list("url_date", flat=True)
    first = days.order_by("url_date").first()
    older = days.filter(url_date__lt=day).order_by("-url_date").first()
    newer = days.filter(url_date__gt=day).order_by("url_date").first()
    return Edges(older, newer, (day - min(first or day, day)).days + 1)


def newest_day() -> date | None:
    """The day of the newest edition; None as long as nothing is public."""
    return Post.objects.published().order_by("-url_date").values_list("url_date", flat=True).first()


def compose(posts: Iterable[Post]) -> Edition:
    """Composes the articles of a day, of which there must be one, in one query.

    The weightiest leads. First come the editors' picks for the front page in their order, then longer articles before
    shorter ones, and of equal length those of the sections that editors put first. What somebody paid for comes last.
    Of the lighter half of the other stories only the headlines are shown.
    """
    posts = list(posts)
    keys = [post.pk for post in posts]
    picked: dict[int, tuple[bool, int]] = {}
    for pick in FrontPick.objects.filter(post__in=keys).in_force():  # of two picks the better place counts
        place = (pick.category_id is not None, pick.position)
        picked[pick.post_id] = min(place, picked.get(pick.post_id, place))
    ranked = sorted(posts, key=lambda post: _weight(post, picked.get(post.pk)))
    others = ranked[1 + SECONDS :]
    sections: dict[Category, list[Story]] = defaultdict(list)
    for rank, story in enumerate(others):
        sections[story.category].append(Story(story, is_brief=rank >= (len(others) + 1) // 2))
    in_order = sorted(sections.items(), key=lambda item: (item[0].position, item[0].name))
    return Edition(ranked[0], ranked[1 : 1 + SECONDS], in_order)


def _weight(post: Post, pick: tuple[bool, int] | None) -> tuple[bool, tuple[bool, int], bool, int, int, float, int]:
    """Sorts the weightiest first."""
    length = post.reading_minutes // MINUTES_APART
    moment = post.published_at.timestamp() if post.published_at else 0
    return (
        pick is None,
        pick or (False, 0),
        post.is_sponsored,
        -length,
        post.category.position,
        -moment,
        -post.pk,
    )

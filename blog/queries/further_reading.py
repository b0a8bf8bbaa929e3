"""The public articles that an article's page offers to read next."""

from collections.abc import Iterable
from typing import NamedTuple

from blog.models import KindredPost, Post
from blog.text.words import headline_key

RELATED = 5


class Related(NamedTuple):
    post: Post
    reason: str
    """The editor's reason for the choice, for readers; "" for a post that no editor chose."""


class FurtherReading(NamedTuple):
    """The pillar that sums up the article's theme, and related articles."""

    pillar: Post | None
    related: list[Related]


def further_reading(
    post: Post, *, limit: int = RELATED, chosen: dict[int, str] | None = None, listed: Iterable[int] = ()
) -> FurtherReading:
    """Finds further reading. `chosen` maps keys to reasons and replaces the editors' stored choice.

    Related are first the editors' choices, in their order, then the closest articles (`blog.search.related`), then,
    where these are too few or not found yet, the newest of the section. Those that the page lists already (`listed`), a
    second one of the same headline or thread, and a paid one in the place of another of its thread are related only if
    editors chose them.
    """
    if chosen is None:
        rows = post.related_rows.order_by("position", "pk") if post.pk else post.related_rows.none()
        chosen = dict(rows.values_list("target", "reason"))
    passed = {post.pk, *listed}
    closest = KindredPost.objects.filter(post=post.pk).values_list("target", flat=True)
    keys = list(dict.fromkeys([*chosen, *(key for key in closest if key not in passed)]))
    wanted = {*keys, post.pillar_id} - {None}
    # Asked for the public ones of these few, SQLite might first read all public posts.
    posts = {key: found for key, found in Post.objects.for_row().order_by().in_bulk(wanted).items() if found.is_public}
    found = [posts[key] for key in keys if key in posts]
    related = _of_each_story(post, found, chosen)
    if len(related) < limit:
        section = Post.objects.published().filter(category=post.category_id).exclude(pk__in={*passed, *keys} - {None})
        related = _of_each_story(post, [*found, *section.for_row().newest_first()[: 2 * limit]], chosen)
    return FurtherReading(posts.get(post.pillar_id), related[:limit])


def _of_each_story(post: Post, found: list[Post], chosen: dict[int, str]) -> list[Related]:
    """The chosen, and one of each other headline and thread. A paid one gives its place to another of its thread."""
    seen: set[object] = {headline_key(post.title)}  # headlines and threads
    unpaid: dict[int | None, Post] = {
        other.thread_id: other
        for other in reversed(found)
        if other.thread_id
        and not other.is_sponsored
        and other.pk not in chosen  # it has a place of its own
        and headline_key(other.title) not in seen
    }
    related = []
    for each in found:
        gives_place = each.is_sponsored and each.pk not in chosen
        other = unpaid.get(each.thread_id, each) if gives_place else each
        story = {headline_key(other.title), *([other.thread_id] if other.thread_id else [])}
        if other.pk in chosen or not story & seen:
            seen |= story
            related.append(Related(other, chosen.get(other.pk, "")))
    return related

"""Threads as readers see them: one row in a list, and a dated list under the article."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db.models import Count

from blog.models import Post

LISTED = 30


class Timeline(NamedTuple):
    """The newest public articles of a thread, oldest first, and how many others are left out. An older article stands
    before them in its own timeline.
    """

    posts: list[Post]
    left_out: int


def timeline(post: Post) -> Timeline:
    """Returns the thread of the article in two queries; it is empty if the article is the only public one of it."""
    if post.thread_id is None:
        return Timeline([], 0)
    thread = Post.objects.published().filter(thread=post.thread_id)
    number = thread.count()
    if number < 2:
        return Timeline([], 0)
    posts = [*reversed(thread.for_row().newest_first()[:LISTED])]
    if number > LISTED and post.is_public and post not in posts:
        posts.insert(0, post)
    return Timeline(posts, max(number - len(posts), 0))  # one may be published meanwhile


Item = TypeVar("Item")


def _itself(post: Any) -> Any:
    return post


def folded(items: Iterable[Item], *, of: Callable[[Item], Post] = _itself) -> list[Item]:
    """Keeps of each thread the newest item, if possible one that nobody paid for, in the place of its first such item.

    Sets `others_in_thread` of its post. Items are posts, or things that have one, which `of` returns. Only what stands
    on one page is folded: pages keep the posts that the counts promise, and nothing vanishes from a page without
    another one of its thread on it. One query.
    """
    kept: dict[tuple[str, int], Item] = {}
    for item in items:
        post = of(item)
        place = ("thread", post.thread_id) if post.thread_id else ("post", post.pk)
        if place in kept and of(kept[place]).is_sponsored > post.is_sponsored:
            del kept[place]  # the other stands where its date puts it
        if place not in kept or _rank(post) > _rank(of(kept[place])):
            kept[place] = item
    if threads := [key for kind, key in kept if kind == "thread"]:
        rows = (
            Post.objects.published().filter(thread__in=threads).order_by().values_list("thread").annotate(Count("pk"))
        )
        sizes = dict(rows)
        for post in map(of, kept.values()):
            post.others_in_thread = max(sizes.get(post.thread_id, 1) - 1, 0)
    return [*kept.values()]


def folded_keys(keys: Sequence[int]) -> list[int]:
    """Does for the keys of posts, in any order, what `folded` does for the posts of one page. One query."""
    found = Post.objects.filter(pk__in=keys).exclude(thread=None).order_by("-is_sponsored", "published_at", "pk")
    rows = {key: (thread, paid) for key, thread, paid in found.values_list("pk", "thread", "is_sponsored")}
    kept = {thread: key for key, (thread, _) in rows.items()}
    # A paid article stands where it is only if all of its thread are paid, as in `folded`.
    standing = [key for key in keys if key not in rows or rows[key][1] <= rows[kept[rows[key][0]]][1]]
    return list(dict.fromkeys(kept[rows[key][0]] if key in rows else key for key in standing))


def _rank(post: Post) -> tuple[Any, ...]:
    return not post.is_sponsored, post.published_at, post.pk  # a public post always has the second

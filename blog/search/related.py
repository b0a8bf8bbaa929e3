"""Finds the articles closest to an article.

Two articles are close if they share words that few articles have. A shared word counts its value (`Vocabulary`) times
the geometric mean of its weights in the two (`blog.text.words.subjects`).
"""

from collections import Counter
from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet
from django_tasks import task

from blog.database import hold_threads
from blog.delivery.freshness import touch
from blog.models import KindredPost, Post
from blog.models.taxonomy import load_tags
from blog.search import threads
from blog.search.vocabulary import Vocabulary, look_up, store_words, words_of
from blog.text.words.subjects import headline_key

KEPT = 8  # the page shows five; some may be hidden by then, or stand beside the article anyway
RANKED = 60
# The more articles offer an article already, the less likely the next one does, up to a limit: so the whole archive is
# offered somewhere.
OFFERED_LESS, MOST_OFFERED = 0.05, 25
BATCH = 100

LOADED = ("title", "excerpt", "toc", "published_at", "status", "thread_id", "thread_is_chosen")


class Candidate(NamedTuple):
    """A published article that shares rare words with another, and how much it shares."""

    post: int
    title: str
    thread: int | None
    score: float


@task()
def relate(pk: int) -> None:
    """Does what `relate_all` does for one article. What others have stays as it is."""
    relate_all(Post.objects.filter(pk=pk))


def relate_all(posts: QuerySet[Post], *, progress: Callable[[int], None] = lambda done: None) -> int:
    """Stores what each article is about, which articles are closest to it, and its thread, oldest first.

    Returns the number of articles.
    The words of all come first, so that each finds all others. `progress` is called with the number of posts done. What
    is done stays done if it is killed.
    """
    keys = list(posts.order_by("published_at", "pk").values_list("pk", flat=True))
    for step in (_store_words, _relate):
        for first in range(0, len(keys), BATCH):
            with transaction.atomic():
                step(keys[first : first + BATCH])
            progress(min(first + BATCH, len(keys)))
    return len(keys)


def _store_words(keys: list[int]) -> None:
    for post in _hold(keys):
        store_words(post, words_of(post))


def _relate(keys: list[int]) -> None:
    hold_threads()
    posts = _hold(keys)
    titles = threads.Titles(posts)
    own = {post.pk: words_of(post) for post in posts}
    vocabulary = look_up({word for words in own.values() for word in words})
    for post in posts:
        if post.listed_at and not post.thread_is_chosen:
            threads.assign(post, titles, vocabulary)
        _store(post, _closest(post, _candidates(post, own[post.pk], vocabulary)))


def _hold(keys: list[int]) -> list[Post]:
    """Locks the posts, so that nobody saves them meanwhile, and loads what is compared, in the order of the keys."""
    locked = Post.objects.locked().filter(pk__in=keys).order_by("pk").only(*LOADED)
    found = {post.pk: post for post in locked}
    load_tags(found.values())
    return [found[key] for key in keys if key in found]


def _candidates(post: Post, own: dict[str, int], vocabulary: Vocabulary) -> list[Candidate]:
    """The articles that share the most, best first."""
    scores: Counter[int] = Counter()
    for word in own:
        for key, weight in vocabulary.articles.get(word, {}).items():
            scores[key] += vocabulary.values[word] * sqrt(weight * own[word])  # type: ignore[assignment]
    del scores[post.pk]
    best = sorted(scores, key=lambda key: (-scores[key], -key))[:RANKED]
    rows = Post.objects.listed().filter(pk__in=best).order_by().values_list("pk", "title", "thread")
    found = {key: Candidate(key, title, thread, scores[key]) for key, title, thread in rows}
    return [found[key] for key in best if key in found]


def _closest(post: Post, candidates: list[Candidate]) -> list[int]:
    """The closest KEPT: of each headline and thread one, of its own none, and none that is offered too often."""
    rows = KindredPost.objects.filter(target__in=[candidate.post for candidate in candidates]).exclude(post=post)
    offered = dict(rows.order_by().values_list("target").annotate(Count("pk")))
    ranked = sorted(candidates, key=lambda found: -found.score / (1 + OFFERED_LESS * offered.get(found.post, 0)))
    headlines = {headline_key(post.title)}
    stories = {post.thread_id} - {None}  # the page lists its own thread too
    closest: list[int] = []
    for other in ranked:
        if len(closest) == KEPT:
            break
        if offered.get(other.post, 0) >= MOST_OFFERED or other.thread in stories:
            continue
        if (headline := headline_key(other.title)) not in headlines:
            headlines.add(headline)
            stories |= {other.thread} - {None}
            closest.append(other.post)
    return closest


def _store(post: Post, wanted: list[int]) -> None:
    rows = KindredPost.objects.filter(post=post)
    stored = list(rows.values_list("target", flat=True))
    if stored == wanted:
        return
    touch(f"kindred:{post.pk}")
    if stored:
        rows.delete()
    KindredPost.objects.bulk_create(
        KindredPost(post=post, target_id=target, position=position) for position, target in enumerate(wanted)
    )

"""Threads: articles that tell of the same thing, known by near-equal titles within weeks.

Two titles are alike by the value of the words that they share, as a share of the value of all their words.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Count

from blog.delivery.freshness import touch
from blog.models import Post, Thread
from blog.search.vocabulary import Vocabulary, look_up
from blog.text.words.subjects import words

SPAN = timedelta(days=28)
# Chosen by reading the pairs of 400 real articles: above it one of 44 is doubtful, from 0.40 to 0.45 three of 13 wrong.
ALIKE = 0.45
SHARED_AT_LEAST = 2  # rare words: one alone is often a company, of which there is other news too


def assign(post: Post, candidates: Sequence[Post], vocabulary: Vocabulary) -> None:
    """Puts the published article into the thread of the article that is most like it, or into none.

    `candidates` are articles that share rare words, `vocabulary` knows the words of the post.
    """
    other = _most_alike(post, candidates, vocabulary)
    thread = _thread_of(other) if other else None
    if post.thread_id != thread:
        touch(*_keys(post, other))
        Post.objects.filter(pk=post.pk, thread_is_chosen=False).update(thread=thread)  # an editor may just have chosen
        post.thread_id = thread


def _most_alike(post: Post, candidates: Sequence[Post], vocabulary: Vocabulary) -> Post | None:
    own = set(words(post.title))
    near = [
        other
        for other in candidates
        if not (other.thread_is_chosen and other.thread_id is None)  # an editor took it out of every thread
        and _are_near(post, other)
        and sum(vocabulary.is_rare(word) for word in own.intersection(words(other.title))) >= SHARED_AT_LEAST
    ]
    if not near:
        return None
    others = {word for other in near for word in words(other.title)}
    values = vocabulary.values | look_up(others - vocabulary.values.keys()).values
    alike = {other.pk: _likeness(own, set(words(other.title)), values) for other in near}
    best = max(near, key=lambda other: (alike[other.pk], other.published_at, other.pk))
    return best if alike[best.pk] >= ALIKE else None


def _are_near(post: Post, other: Post) -> bool:
    if post.published_at is None or other.published_at is None:
        return False
    return abs(other.published_at - post.published_at) <= SPAN


def _likeness(one: set[str], other: set[str], values: dict[str, float]) -> float:
    return sum(values[word] for word in one & other) / sum(values[word] for word in one | other)


def _thread_of(post: Post) -> int:
    """The thread of the article, begun if it has none."""
    if post.thread_id is None:
        thread = Thread.objects.create()
        Post.objects.filter(pk=post.pk).update(thread=thread)
        post.thread_id = thread.pk
    return post.thread_id


@transaction.atomic
def join(post: Post, other: Post) -> None:
    """Puts the article into the thread of another for good, as an editor chose."""
    touch(*_keys(post, other), f"thread:{_thread_of(other)}")
    Post.objects.filter(pk__in=[post.pk, other.pk]).update(thread=_thread_of(other), thread_is_chosen=True)


@transaction.atomic
def part(post: Post) -> None:
    """Takes the article out of its thread for good, as an editor chose."""
    touch(*_keys(post))
    Post.objects.filter(pk=post.pk).update(thread=None, thread_is_chosen=True)


def _keys(*posts: Post | None) -> list[str]:
    """What a change of their threads touches: the posts, and the threads that they leave or that they are in."""
    keys = ((f"post:{post.pk}", f"thread:{post.thread_id}") for post in posts if post)
    return [key for pair in keys for key in pair]


def tidy_threads() -> int:
    """Deletes threads of fewer than two articles; returns their number."""
    lonely = Thread.objects.annotate(size=Count("posts")).filter(size__lt=2)
    return lonely.delete()[1].get("blog.Thread", 0)

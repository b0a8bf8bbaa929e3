"""Threads: articles that tell of the same thing, known by near-equal titles within weeks.

Two titles are alike by the value of the words that they share, as a share of the value of all their words.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import NamedTuple, cast

from django.db import transaction
from django.db.models import Count, Q

from blog.database import lock_by_name
from blog.delivery.generation import touch
from blog.models import Post, Thread
from blog.models.post.queryset import PostQuerySet
from blog.search.vocabulary import Vocabulary, look_up
from blog.text.words import words

SPAN = timedelta(days=28)
# Chosen by reading the pairs of 400 real articles: above it one of 44 is doubtful, from 0.40 to 0.45 three of 13 wrong.
ALIKE = 0.45
SHARED_AT_LEAST = 2  # rare words: one alone is often a company, of which there is other news too


class Title(NamedTuple):
    """The title of an article, in words."""

    post: int
    published_at: datetime
    words: frozenset[str]


class Titles:
    """The titles of the published articles within SPAN of some posts."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self._with_word: defaultdict[str, list[Title]] = defaultdict(list)
        times = _times_of(posts)
        if not times:
            return
        among = Post.objects.listed().filter(reduce(or_, (Q(published_at__range=time) for time in times)))
        for pk, published_at, title in among.values_list("pk", "published_at", "title"):
            found = Title(pk, cast("datetime", published_at), frozenset(words(title)))
            for word in found.words:
                self._with_word[word].append(found)

    def near(self, post: Post, own: Set[str]) -> list[Title]:
        """The other titles within SPAN that share SHARED_AT_LEAST words with the post, whose title has its `own`."""
        if post.published_at is None:
            return []
        shared = Counter(title for word in own for title in self._with_word.get(word, ()))
        return [
            title
            for title, number in shared.items()
            if number >= SHARED_AT_LEAST
            and title.post != post.pk
            and abs(title.published_at - post.published_at) <= SPAN
        ]


def _times_of(posts: Iterable[Post]) -> list[tuple[datetime, datetime]]:
    """The times within SPAN of the posts, each once: between an old article and a new one lie most of all titles."""
    times: list[tuple[datetime, datetime]] = []
    for moment in sorted(post.published_at for post in posts if post.published_at):
        begin = moment - SPAN
        if times and begin <= times[-1][1]:
            begin, _ = times.pop()
        times.append((begin, moment + SPAN))
    return times


class Moves:
    """Into which threads articles are put. It is written at once, so that all are locked in one order.

    The caller called `lock_threads` before it read the articles.
    """

    def __init__(self) -> None:
        self.threads: dict[int, int | None] = {}

    def thread_of(self, post: Post) -> int | None:
        return self.threads.get(post.pk, post.thread_id)

    def assign(self, post: Post, titles: Titles, vocabulary: Vocabulary) -> None:
        """Puts the published article and the one most like it into one thread, or the article into none if no other is
        alike.

        If that one has no thread yet, the article goes where the next most alike is: a new thread would leave that one
        behind. `titles` are those of its time, `vocabulary` knows the words of the post, and may know others.
        """
        alike = _alike(post, titles, vocabulary)
        thread = next(filter(None, map(self.thread_of, alike)), None)
        if alike and thread is None:
            thread = Thread.objects.create().pk
        for article in (post, *alike[:1]):
            if self.thread_of(article) != thread:
                self.threads[article.pk] = thread

    def write(self) -> None:
        if not self.threads:
            return
        touch(soon=True)
        _lock(Post.objects.filter(pk__in=self.threads))
        for pk, thread in self.threads.items():
            Post.objects.filter(pk=pk).update(thread=thread)


def _alike(post: Post, titles: Titles, vocabulary: Vocabulary) -> list[Post]:
    """The articles with titles like that of the post, the most alike first."""
    own = set(words(post.title))
    near = titles.near(post, own)
    if found := _ranked(own, near, vocabulary):
        return found
    # The more articles a thread has, the commoner its words are. So those with most words of the title do not count.
    kin = [title for title in near if 2 * len(own & title.words) >= len(own | title.words)]
    return _ranked(own, kin, vocabulary.without({post.pk, *(title.post for title in kin)}, own)) if kin else []


def _ranked(own: Set[str], near: Iterable[Title], vocabulary: Vocabulary) -> list[Post]:
    """The articles whose titles are like the title with its `own` words, the most alike first."""
    near = [title for title in near if sum(map(vocabulary.is_rare, own & title.words)) >= SHARED_AT_LEAST]
    if not near:
        return []
    all_words = {*own, *(word for title in near for word in title.words)}
    values = look_up(all_words - vocabulary.values.keys()).values | vocabulary.values
    alike = {title.post: likeness for title in near if (likeness := _likeness(own, title.words, values)) >= ALIKE}
    # An editor may have taken one out of every thread.
    posts = Post.objects.only("published_at", "thread_id").exclude(thread=None, thread_is_chosen=True).in_bulk(alike)
    return sorted(posts.values(), key=lambda other: (alike[other.pk], other.published_at, other.pk), reverse=True)


def _likeness(one: Set[str], other: Set[str], values: dict[str, float]) -> float:
    return sum(values[word] for word in one & other) / sum(values[word] for word in one | other)


@transaction.atomic
def join(post: Post, other: Post) -> None:
    """Puts the article into the thread of another for good, as an editor chose."""
    post, other = _locked(post, other)
    thread = other.thread_id or Thread.objects.create().pk
    touch()
    Post.objects.filter(pk__in=[post.pk, other.pk]).update(thread=thread, thread_is_chosen=True)


@transaction.atomic
def part(post: Post) -> None:
    """Takes the article out of its thread for good, as an editor chose."""
    (post,) = _locked(post)
    touch()
    Post.objects.filter(pk=post.pk).update(thread=None, thread_is_chosen=True)


def lock_threads() -> None:
    """Makes all who arrange threads of articles go one after the other, until this transaction ends.

    Each locks articles that another may arrange too. It is called before any of them is locked.
    """
    lock_by_name("threads")


def _locked(*posts: Post) -> list[Post]:
    """Locks the articles, once nobody else arranges threads, and reads them as they are then.

    Raises Post.DoesNotExist if one was deleted.
    """
    lock_threads()
    stored = Post.objects.locked().filter(pk__in=[post.pk for post in posts]).order_by("pk")
    found = {post.pk: post for post in stored}
    if len(found) < len({post.pk for post in posts}):
        raise Post.DoesNotExist("an article was deleted")
    return [found[post.pk] for post in posts]


def _lock(posts: PostQuerySet) -> None:
    """Locks the posts in the order in which all do who lock several."""
    list(posts.locked().order_by("pk").values_list("pk"))


@transaction.atomic
def tidy_threads() -> int:
    """Deletes threads of fewer than two articles; returns their number."""
    lock_threads()
    lonely = Thread.objects.annotate(size=Count("posts")).filter(size__lt=2)
    _lock(Post.objects.filter(thread__in=lonely))
    return lonely.delete()[1].get("blog.Thread", 0)

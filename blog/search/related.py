"""Finds the articles closest to an article.

Two articles are close if they share words that few articles have. A shared word counts its value (`vocabulary.value`)
times its weights in the two (`blog.text.words`), also if it is common; but one at least must be rare.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, QuerySet
from django_tasks import task

from blog.delivery.generation import touch
from blog.models import KindredPost, Post
from blog.models.post.queryset import PostQuerySet
from blog.models.taxonomy import load_tags
from blog.search import threads
from blog.search.vocabulary import Vocabulary, look_up, store_words, value, words_of
from blog.text.words import headline_key

KEPT = 8  # the page shows five; some may be hidden by then, or stand beside the article anyway
RANKED = 60
FEW = 5  # A word of fewer articles counts as one of so many: that two share it is often chance.
# The more articles offer an article already, the less likely the next one does, up to a limit: so the whole archive is
# offered somewhere.
OFFERED_LESS, MOST_OFFERED = 0.05, 25
BATCH = 100

LOADED = ("title", "excerpt", "toc", "published_at", "status", "thread_id", "thread_is_chosen")


class Candidate(NamedTuple):
    """A published article that shares rare words with another, how much it shares, and how many others offer it."""

    post: int
    title: str
    is_paid: bool
    thread: int | None
    score: float
    offers: int


@task()
def relate(pk: int) -> None:
    """Does what `relate_all` does for one article. What others have stays as it is."""
    relate_all(Post.objects.filter(pk=pk))


@task()
def relate_offering(pk: int) -> None:
    """Relates the articles that offer this one anew: where it is paid for, another of its thread takes its place."""
    relate_all(Post.objects.filter(kindred_rows__target=pk))


def relate_all(
    posts: QuerySet[Post],
    *,
    changed: QuerySet[Post] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Stores what each article is about, which articles are closest to it, and its thread, oldest first.

    Returns the number of articles. `changed` are those whose words may have changed; without it all are.
    The words of all come first, so that each finds all others. `progress` is called with the number of posts done
    in this of two steps, and of all of the step. What is done stays done if it is killed.
    """
    keys = _oldest_first(posts)
    steps = ((_store_words, keys if changed is None else _oldest_first(changed)), (_relate, keys))
    for step, its in steps:
        for first in range(0, len(its), BATCH):
            with transaction.atomic():
                step(its[first : first + BATCH])
            progress(min(first + BATCH, len(its)), len(its))
    return len(keys)


def _oldest_first(posts: QuerySet[Post]) -> list[int]:
    return list(posts.order_by("published_at", "pk").values_list("pk", flat=True))


def _store_words(keys: list[int]) -> None:
    held = Post.objects.locked().order_by("pk")  # so that nobody saves them meanwhile
    store_words({post: words_of(post) for post in _read(held, keys)})


def _relate(keys: list[int]) -> None:
    threads.lock_threads()
    # Unlocked, since who has locked one of them may wait for another. After a save meanwhile it is related again.
    posts = _read(Post.objects.all(), keys)
    titles, moves = threads.Titles(posts), threads.Moves()
    own = {post.pk: words_of(post) for post in posts}
    vocabulary = look_up({word for words in own.values() for word in words})
    kinship = _Kinship({post.pk: _scores(post, own[post.pk], vocabulary) for post in posts})
    for post in posts:
        if post.listed_at and not post.thread_is_chosen:
            moves.assign(post, titles, vocabulary)
    kinship.threads |= moves.threads
    for post in posts:
        post.thread_id = moves.thread_of(post)
        kinship.give(post, _closest(post, kinship.candidates(post)))
    moves.write()
    kinship.write()


def _read(posts: PostQuerySet, keys: list[int]) -> list[Post]:
    """Loads what is compared, in the order of the keys."""
    found = {post.pk: post for post in posts.filter(pk__in=keys).only(*LOADED)}
    load_tags(found.values())
    return [found[key] for key in keys if key in found]


def _scores(post: Post, own: dict[str, int], vocabulary: Vocabulary) -> dict[int, float]:
    """How much the articles share with the post that share the most, best first. Each shares a rare word with it."""
    near = {key for word in own for key in vocabulary.articles.get(word, ())} - {post.pk}
    scores = dict.fromkeys(near, 0.0)
    for word, weight in own.items():
        articles = vocabulary.articles.get(word) or vocabulary.common.get(word, {})
        worth = weight * value(max(len(articles), FEW), vocabulary.total)
        for key in articles.keys() & near:
            scores[key] += worth * articles[key]
    best = sorted(scores, key=lambda key: (-scores[key], -key))[:RANKED]
    return {key: scores[key] for key in best}


class _Kinship:
    """Which articles are offered beside those of a batch, and what is to be changed of that; it is read at once.

    `scores` has for each article of the batch those that share the most with it.
    """

    def __init__(self, scores: dict[int, dict[int, float]]) -> None:
        self._scores = scores
        near = {key for best in scores.values() for key in best}
        rows = Post.objects.listed().filter(pk__in=near).order_by().values_list("pk", "title", "thread", "is_sponsored")
        self._about = {key: (title, is_paid) for key, title, _, is_paid in rows}
        self.threads: dict[int, int | None] = {key: thread for key, _, thread, _ in rows}
        offers = KindredPost.objects.filter(target__in=near).order_by().values_list("target").annotate(Count("pk"))
        self._offered = Counter(dict(offers))
        self._stored: defaultdict[int, list[int]] = defaultdict(list)
        stored = KindredPost.objects.filter(post__in=scores).order_by("post", "position")
        for key, target in stored.values_list("post", "target"):
            self._stored[key].append(target)
        self._changed: dict[int, list[int]] = {}

    def candidates(self, post: Post) -> list[Candidate]:
        """The articles that share the most with the post, best first."""
        own = self._stored[post.pk]
        return [
            Candidate(key, *self._about[key], self.threads[key], score, self._offered[key] - own.count(key))
            for key, score in self._scores[post.pk].items()
            if key in self._about
        ]

    def give(self, post: Post, wanted: list[int]) -> None:
        if wanted != self._stored[post.pk]:
            self._offered.subtract(self._stored[post.pk])
            self._offered.update(wanted)
            self._changed[post.pk] = wanted

    def write(self) -> None:
        if not self._changed:
            return
        touch(soon=True)
        if gone := [key for key in self._changed if self._stored[key]]:
            KindredPost.objects.filter(post__in=gone).delete()
        KindredPost.objects.bulk_create(
            (
                KindredPost(post_id=key, target_id=target, position=position)
                for key, wanted in self._changed.items()
                for position, target in enumerate(wanted)
            ),
            update_conflicts=True,  # another worker may write them too
            unique_fields=("post", "target"),
            update_fields=("position",),
        )


def _closest(post: Post, candidates: list[Candidate]) -> list[int]:
    """The closest KEPT: of each headline and thread one, of its own none, and none that is offered too often.

    A paid article gives its place to the closest unpaid one of its thread.
    """
    ranked = [found for found in candidates if found.offers < MOST_OFFERED]
    ranked.sort(key=lambda found: -found.score / (1 + OFFERED_LESS * found.offers))
    headlines = {headline_key(post.title)}
    unpaid: dict[int | None, Candidate] = {
        found.thread: found
        for found in reversed(ranked)
        if found.thread and not found.is_paid and headline_key(found.title) not in headlines
    }
    stories = {post.thread_id} - {None}  # the page lists its own thread too
    closest: list[int] = []
    for other in (unpaid.get(found.thread, found) if found.is_paid else found for found in ranked):
        if len(closest) == KEPT:
            break
        if other.thread in stories:
            continue
        if (headline := headline_key(other.title)) not in headlines:
            headlines.add(headline)
            stories |= {other.thread} - {None}
            closest.append(other.post)
    return closest

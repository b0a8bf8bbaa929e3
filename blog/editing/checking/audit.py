"""Checks articles again, many at a time: after an import, or after a change of the checks.

The reading of texts takes nearly all the time, so other processes do it, while this one asks the database and writes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from blog.editing.checking.facts import Facts, Subject, draft_of, in_turns, read_facts
from blog.editing.checking.passages import passage_keys
from blog.editing.checking.reading import Brief, check_drafts, read_names
from blog.editing.checking.storing import Checked, asked, keep_findings, keep_passages
from blog.models import Passage, Post
from blog.models.post.queryset import PostQuerySet
from blog.processes import ahead, readers
from blog.text.desk import DRAFT_TEXTS, Draft, Mentions

CHUNK = 20  # small enough that all processes end together
AHEAD = 3  # chunks
MOST_KNOWN = 5_000  # articles, of 10 kB each, that are read once for both steps
COLUMNS = (*DRAFT_TEXTS, "slug", "url_date", "url_month", "category", "version")

# What articles name, by their keys and edit numbers.
Known = dict[tuple[int, int], Mentions]
Named = tuple[list[Post], list[Draft], Callable[[], list[Mentions]]]


class Asked(NamedTuple):
    """Articles whose check is under way."""

    posts: Sequence[Post]
    subjects: Sequence[Subject]
    facts: Facts
    findings: "Future[list[list[Brief]]]"


def audit_posts(
    posts: PostQuerySet | None = None,
    executor: Executor | None = None,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Checks these articles, by default all, and stores what it finds. Returns their number.

    An article that somebody saves meanwhile keeps the findings of that save. The `executor` is that of `readers`, if
    the caller has one.
    """
    posts = Post.objects.all() if posts is None else posts
    keys, unchecked = _keys(posts), _keys(posts.unchecked())
    with nullcontext(executor) if executor else readers(len(keys)) as executor:
        # The paragraphs come first, since one may stand in an article that is checked before it.
        known: Known = {}
        for loaded, _, named in ahead(_named(unchecked, executor, known), AHEAD):
            names = named()
            _store_passages(loaded, names)
            if len(known) < MOST_KNOWN:
                known |= zip(((post.pk, post.version) for post in loaded), names, strict=True)
        # Twice if others saved meanwhile, or paragraphs are read in another way now.
        if _check_all(keys, executor, known, progress):
            _check_all(keys, executor, known, progress)
    return len(keys)


def _keys(posts: PostQuerySet) -> list[int]:
    return list(posts.order_by("pk").values_list("pk", flat=True))


def _check_all(keys: Sequence[int], executor: Executor, known: Known, progress: Callable[[int, int], None]) -> bool:
    """Returns whether the stored paragraphs changed."""
    has_new, done = False, 0
    for checked in ahead(_asked(keys, executor, known), AHEAD):
        has_new |= _store(checked)
        done += len(checked.posts)
        progress(done, len(keys))
    return has_new


def _asked(keys: Sequence[int], executor: Executor, known: Known) -> Iterator[Asked]:
    for posts, drafts, named in ahead(_named(keys, executor, known), AHEAD):
        subjects = [
            Subject(post.pk, post.path, draft, names) for post, draft, names in zip(posts, drafts, named(), strict=True)
        ]
        for start, end in in_turns(subjects):
            group = subjects[start:end]
            facts = read_facts(group)
            questions = [asked(subject, facts) for subject in group]
            yield Asked(posts[start:end], group, facts, executor.submit(check_drafts, questions))


def _named(keys: Sequence[int], executor: Executor, known: Known) -> Iterator[Named]:
    for start in range(0, len(keys), CHUNK):
        posts = list(Post.objects.filter(pk__in=keys[start : start + CHUNK]).only(*COLUMNS).order_by("pk"))
        drafts = [draft_of(post) for post in posts]
        names = [known[key] for post in posts if (key := (post.pk, post.version)) in known]
        if len(names) == len(posts):
            yield posts, drafts, partial(list, names)
        else:
            yield posts, drafts, executor.submit(read_names, drafts, settings.SITE_URL).result


@transaction.atomic
def _store(done: Asked) -> bool:
    """Returns whether the stored paragraphs of the articles changed."""
    findings = done.findings.result()
    unchanged = _hold_unchanged(done.posts)
    rows = [row for row in zip(done.posts, done.subjects, findings, strict=True) if row[0].pk in unchanged]
    found = [Checked(post.pk, found, post.category_id, post.url_month) for post, _, found in rows]
    keep_findings(found, done.facts.digests)
    Post.objects.unchecked().filter(pk__in=unchanged).update(is_checked=True)
    return keep_passages([(post.pk, subject.passages) for post, subject, _ in rows], done.facts.passages)


@transaction.atomic
def _store_passages(posts: Sequence[Post], named: Sequence[Mentions]) -> None:
    unchanged, passages = _hold_unchanged(posts), defaultdict[int, dict[int, int]](dict)
    for pk, number, key in Passage.objects.filter(post__in=unchanged).values_list("post", "number", "key"):
        passages[pk][number] = key
    rows = zip(posts, named, strict=True)
    keep_passages([(post.pk, passage_keys(names)) for post, names in rows if post.pk in unchanged], passages)


def _hold_unchanged(posts: Sequence[Post]) -> set[int]:
    """Locks the posts until the transaction ends. Returns the keys of those that nobody saved since they were read."""
    versions = Post.objects.filter(pk__in=[post.pk for post in posts]).order_by("pk").locked()
    now = dict(versions.values_list("pk", "version"))
    return {post.pk for post in posts if now.get(post.pk) == post.version}

"""Stores what the desk check finds in an article, as the last step of its save.

A save costs one query, and more only if the findings or the paragraphs of the article differ from the stored ones: one
statement for what changed, and one if there is less than before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from hashlib import blake2b
from itertools import chain, count
from operator import or_
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from blog.database import write_rows
from blog.editing.checking.facts import Facts, Subject, in_turns, read_facts
from blog.editing.checking.reading import Brief, briefs
from blog.models import Passage, Post, PostFinding
from blog.models.findings import EXCERPT_LENGTH, MESSAGE_LENGTH
from blog.text.desk import Draft, Finding, World, check
from blog.text.japanese import one_line

KEY = ("post_id", "number")
COLUMNS = ("code", "line", "excerpt", "message", "is_fixable", "category_id", "month", "digest")
Row = tuple[object, ...]  # the values of KEY, then others


class Checked(NamedTuple):
    """A stored article with what the check found. `category` and `month` are those of the post."""

    pk: int
    findings: Sequence[Brief]
    category: int
    month: int | None


def check_post(post: Post) -> list[Finding]:
    """What the check finds in the article as it is in memory, saved or not. It costs one query."""
    subject = Subject.of(post)
    return check(*asked(subject, read_facts([subject], now=_due(post), stored=False)))


def check_posts(posts: Sequence[Post]) -> list[list[Finding]]:
    """What the check finds in each article as it is in memory, in one query if they do not name very much."""
    subjects = [Subject.of(post) for post in posts]
    found: list[list[Finding]] = []
    for start, end in in_turns(subjects):
        facts = read_facts(subjects[start:end], stored=False)
        found += [check(*asked(subject, facts)) for subject in subjects[start:end]]
    return found


def store_findings(post: Post) -> None:
    """Checks a saved article and stores the findings. The caller holds the lock of the save."""
    subject = Subject.of(post)
    facts = read_facts([subject], now=_due(post))
    found = briefs(check(*asked(subject, facts)))
    keep_findings([Checked(post.pk, found, post.category_id, post.url_month)], facts.digests)
    keep_passages([(post.pk, subject.passages)], facts.passages)


def asked(subject: Subject, facts: Facts) -> tuple[Draft, World]:
    """The arguments of `check` for the article."""
    return subject.draft, facts.world(subject)


def _due(post: Post) -> datetime:
    """The time at which its links must work: a scheduled article may link to one that is due before it."""
    now = timezone.now()
    return max(now, post.published_at or now)


# --- writing ---


def keep_findings(found: Iterable[Checked], digests: Mapping[int, Mapping[int, str]]) -> None:
    """Stores the findings of the articles in place of the stored ones, whose `digests` the caller knows."""
    changed: list[Row] = []
    fewer: list[Q] = []
    for checked in found:
        before = digests.get(checked.pk, {})
        changed += _changed_rows(checked, before)
        if len(before) > len(checked.findings):
            fewer.append(Q(post=checked.pk, number__gt=len(checked.findings)))
    write_rows("blog_postfinding", KEY, COLUMNS, changed)
    if fewer:
        PostFinding.objects.filter(reduce(or_, fewer)).delete()


def keep_passages(named: Iterable[tuple[int, Iterable[int]]], passages: Mapping[int, Mapping[int, int]]) -> bool:
    """Stores the titles and paragraphs of the articles, as `passage_keys` numbers them, in place of the stored
    `passages`. Tells if any are new.
    """
    changed: list[Row] = []
    left_over: list[tuple[int, int]] = []
    for pk, keys in named:
        filled, free = _refill(passages.get(pk, {}), keys)
        changed += [(pk, number, key) for number, key in filled.items()]
        left_over += [(pk, number) for number in free]
    write_rows("blog_passage", KEY, ("key",), changed)
    if left_over:
        Passage.objects.filter(pk__in=left_over).delete()
    return bool(changed)


def stored_excerpt(finding: Finding) -> str:
    return one_line(finding.excerpt)[:EXCERPT_LENGTH]


def _changed_rows(checked: Checked, before: Mapping[int, str]) -> Iterator[Row]:
    """The rows whose digest differs: most findings of an audit are stored already."""
    place = (checked.category, checked.month)
    for number, (code, line, excerpt, message, is_fixable) in enumerate(checked.findings, 1):
        values = (code, line, excerpt[:EXCERPT_LENGTH], message[:MESSAGE_LENGTH], is_fixable, *place)
        digest = blake2b(repr(values).encode(), digest_size=8).hexdigest()
        if before.get(number) != digest:
            yield checked.pk, number, *values, digest


def _refill(stored: Mapping[int, int], wanted: Iterable[int]) -> tuple[dict[int, int], list[int]]:
    """The numbers that get a new key, those of keys that are gone first, and the numbers that are left over."""
    wanted = set(wanted)
    free = sorted(number for number, key in stored.items() if key not in wanted)
    new = sorted(wanted - set(stored.values()))
    numbers = chain(free, count(max(stored, default=0) + 1))
    return dict(zip(numbers, new, strict=False)), free[len(new) :]

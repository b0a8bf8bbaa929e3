"""The desk check of stored articles: what it finds, storing that as the last step of a save, and the audit of all."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django_tasks import task

from blog.editing.facts import AT_ONCE, Subject, read_facts
from blog.models import Passage, Post, PostFinding
from blog.models.findings import EXCERPT_LENGTH, MESSAGE_LENGTH
from blog.models.post.queryset import PostQuerySet
from blog.text.desk import DRAFT_TEXTS, Finding, check
from blog.text.japanese import one_line

MOST_STORED = 500  # findings of one article; nobody reads a longer list to its end
COLUMNS = (*DRAFT_TEXTS, "slug", "url_date", "url_month", "category", "version")
STORED = ("number", "code", "line", "excerpt", "message", "is_fixable", "category_id", "month")


def check_post(post: Post) -> list[Finding]:
    """What the check finds in the article as it is in memory, saved or not."""
    return check_together([post], at=_due(post))[0][1]


def check_posts(posts: Sequence[Post]) -> list[list[Finding]]:
    """What the check finds in each article as it is in memory."""
    groups = (posts[start : start + AT_ONCE] for start in range(0, len(posts), AT_ONCE))
    return [findings for group in groups for _, findings in check_together(group)]


def store_findings(post: Post) -> None:
    """Checks a saved article and stores the findings. The caller holds the lock of the save."""
    [(subject, findings)] = check_together([post], at=_due(post))
    _store_passages(post.pk, subject.passages)
    _store_findings(post, findings)


def audit_posts(
    posts: PostQuerySet | None = None, *, progress: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Checks these articles, by default all, and stores what it finds. Returns their number.

    An article that somebody saves meanwhile keeps the findings of that save.
    """
    posts = Post.objects.all() if posts is None else posts
    unchecked = list(posts.unchecked().order_by("pk").values_list("pk", flat=True))
    keys = list(posts.order_by("pk").values_list("pk", flat=True))
    # The paragraphs come first, since one may stand in an article that is checked before it.
    for start in range(0, len(unchecked), AT_ONCE):
        with transaction.atomic():
            for post in _locked(unchecked[start : start + AT_ONCE]):
                _store_passages(post.pk, Subject.of(post).passages)
    if _check_all(keys, progress):  # others saved meanwhile, or paragraphs are read in another way now
        _check_all(keys, progress)
    return len(keys)


def _check_all(keys: Sequence[int], progress: Callable[[int, int], None]) -> bool:
    """Returns whether the stored paragraphs changed."""
    has_new = False
    for start in range(0, len(keys), AT_ONCE):
        group = list(Post.objects.filter(pk__in=keys[start : start + AT_ONCE]).only(*COLUMNS).order_by("pk"))
        found = check_together(group)
        with transaction.atomic():
            versions = {post.pk: post.version for post in _locked([post.pk for post in group])}
            unchanged = {post.pk for post in group if versions.get(post.pk) == post.version}
            for post, (subject, findings) in zip(group, found, strict=True):
                if post.pk in unchanged:
                    has_new |= _store_passages(post.pk, subject.passages)
                    _store_findings(post, findings)
            Post.objects.unchecked().filter(pk__in=unchanged).update(is_checked=True)
        progress(start + len(group), len(keys))
    return has_new


@task()
def audit_unchecked() -> None:
    """Checks what `check_all_later` marked. A second one of several finds nothing left."""
    audit_posts(Post.objects.unchecked())


def check_all_later() -> None:
    """Queues the audit of all articles, after a change of what the check looks for."""
    Post.objects.update(is_checked=False)
    audit_unchecked.enqueue()


def stored_excerpt(finding: Finding) -> str:
    return one_line(finding.excerpt)[:EXCERPT_LENGTH]


def check_together(posts: Sequence[Post], *, at: datetime | None = None) -> list[tuple[Subject, list[Finding]]]:
    """What the check finds in at most AT_ONCE articles; links may lead to what is public `at` a time."""
    subjects = [Subject.of(post) for post in posts]
    facts = read_facts(subjects, at=at)
    return [(subject, check(subject.draft, facts.world(subject))) for subject in subjects]


def _due(post: Post) -> datetime:
    """The time at which its links must work: a scheduled article may link to one that is due before it."""
    now = timezone.now()
    return max(now, post.published_at or now)


def _locked(keys: Iterable[int]) -> PostQuerySet:
    return Post.objects.filter(pk__in=keys).only(*COLUMNS).order_by("pk").locked()


def _store_findings(post: Post, findings: Sequence[Finding]) -> None:
    """Stores the findings in place of the stored ones, if they differ."""
    rows = [
        (
            *(number, finding.code, finding.line, stored_excerpt(finding)),
            *(one_line(finding.message)[:MESSAGE_LENGTH], bool(finding.fix), post.category_id, post.url_month),
        )
        for number, finding in enumerate(findings[:MOST_STORED], 1)
    ]
    stored = PostFinding.objects.filter(post=post.pk)
    if list(stored.order_by("number").values_list(*STORED)) == rows:
        return
    stored.delete()
    PostFinding.objects.bulk_create(PostFinding(post_id=post.pk, **dict(zip(STORED, row, strict=True))) for row in rows)


def _store_passages(pk: int, wanted: Iterable[int]) -> bool:
    """Stores the titles and paragraphs of an article, as `Subject.passages` numbers them, in place of others. Returns
    whether any are new.
    """
    rows = Passage.objects.filter(post=pk)
    stored, wanted = set(rows.values_list("key", flat=True)), set(wanted)
    if gone := stored - wanted:
        rows.filter(key__in=gone).delete()
    if new := sorted(wanted - stored):
        last: Any = rows.aggregate(last=Max("number"))["last"] or 0
        Passage.objects.bulk_create(Passage(post_id=pk, number=last + at, key=key) for at, key in enumerate(new, 1))
    return bool(new)

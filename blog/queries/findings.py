"""What the desk check found: counts by kind, and the findings of each article."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, Q

from blog.models import Post, PostFinding
from blog.text.desk import ERRORS, Severity


class CodeCount(NamedTuple):
    """How many findings of a kind there are, how many have a safe fix, and in how many articles they stand."""

    findings: int
    fixable: int
    posts: int


def counts_by_code(*, section: int | None = None, month: int | None = None) -> dict[str, CodeCount]:
    """Counts the findings of each kind in these articles. A kind without findings has no entry."""
    found = PostFinding.objects.within(section=section, month=month).order_by().values_list("code")
    rows = found.annotate(
        findings=Count("pk"), fixable=Count("pk", filter=Q(is_fixable=True)), posts=Count("post", distinct=True)
    )
    return {code: CodeCount(*counts) for code, *counts in rows}


def findings_by_post(codes: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
    """Each article with its findings, in the form of `audit_posts --format json`.

    With `codes`, only findings of these kinds, and only articles that have one.
    """
    posts = Post.objects.order_by("pk").values_list("pk", "source__name", "url_date", "slug")
    found = PostFinding.objects.order_by("post_id", "number")
    if codes := list(codes):
        posts = posts.filter(pk__in=found.filter(code__in=codes).values("post"))
        found = found.filter(code__in=codes)
    rows = groupby(found.iterator(), key=lambda finding: finding.post_id)
    owner, group = next(rows, (None, iter(())))
    for pk, file, day, slug in posts.iterator():
        while owner is not None and owner < pk:
            owner, group = next(rows, (None, iter(())))
        mine = list(group) if owner == pk else []
        yield {"file": file, "path": Post(url_date=day, slug=slug).path, "findings": [_as_dict(row) for row in mine]}


def _as_dict(finding: PostFinding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": Severity.ERROR if finding.code in ERRORS else Severity.WARNING,
        "line": finding.line,
        "excerpt": finding.excerpt,
        "fixable": finding.is_fixable,
    }

"""What the desk check found: counts by kind, and the findings of each article."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count

from blog.database import fetch
from blog.models import Post, PostFinding
from blog.text.desk import CODES, ERRORS, Severity

MOST_COUNTED = 5_000


class CodeCount(NamedTuple):
    findings: int
    posts: int


class BoundedCount(NamedTuple):
    """How many findings of a kind there are, and how many have a safe fix. With `is_cut` there are more."""

    findings: int
    fixable: int
    is_cut: bool


def counts_by_code() -> dict[str, CodeCount]:
    """The exact numbers. It reads every finding: for commands, not for pages."""
    rows = PostFinding.objects.order_by().values_list("code").annotate(Count("pk"), Count("post", distinct=True))
    return {code: CodeCount(findings, posts) for code, findings, posts in rows}


def bounded_counts_by_code(*, section: int | None = None, month: int | None = None) -> dict[str, BoundedCount]:
    """Counts the findings of each kind in these articles. A kind without findings has no entry.

    It stops at MOST_COUNTED of a kind, so that a page costs no more with a million articles.
    """
    found = PostFinding.objects.within(section=section, month=month).order_by()
    arms = [
        found.filter(code=code, **only)[: MOST_COUNTED + 1].values("pk").query.sql_with_params()
        for code in CODES
        for only in ({}, {"is_fixable": True})
    ]
    sql = ", ".join(f"(SELECT COUNT(*) FROM ({arm}) AS found)" for arm, _ in arms)
    [row] = fetch(f"SELECT {sql}", *(value for _, values in arms for value in values))
    return {
        code: BoundedCount(min(number, MOST_COUNTED), fixes, number > MOST_COUNTED)
        for code, number, fixes in zip(CODES, row[::2], row[1::2], strict=True)
        if number
    }


def errors_by_post(keys: Iterable[int]) -> dict[int, int]:
    """How many errors each of these articles has. An article without errors has no entry."""
    found = PostFinding.objects.filter(post__in=list(keys), code__in=ERRORS).order_by()
    return dict(found.values_list("post").annotate(Count("pk")))


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

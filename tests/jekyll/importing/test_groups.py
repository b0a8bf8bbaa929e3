"""New posts that are saved in one transaction: what one of them fails for touches no other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from blog.database import fetch
from blog.models import Change, Post, Tag
from blog.queries.recount import find_drift
from blog.search.index import reindex
from tests.jekyll.site import Site

pytestmark = pytest.mark.django_db(transaction=True)


def write_articles(site: Site, number: int) -> None:
    """Writes so many articles, each with a tag of its own."""
    for day in range(1, number + 1):
        site.write(f"2026-04-{day:02}-a.md", f"本文{day}。\n", date=f"2026-04-{day:02}", tags=[f"語{day}"])


def documents() -> list[tuple[Any, ...]]:
    """What the index itself holds."""
    if connection.vendor == "sqlite":
        document = "blog_searchdocument JOIN blog_searchtokens AS t ON t.rowid = place"
        return fetch(f"SELECT post_id, minute, edit, t.tokens FROM {document} ORDER BY 1")
    return fetch("SELECT post_id, minute, edit, title, head, body, keys FROM blog_searchdocument ORDER BY 1")


def touched(prefix: str) -> set[int]:
    keys = " ".join(Change.objects.values_list("keys", flat=True)).split()
    return {int(key.removeprefix(prefix)) for key in keys if key.startswith(prefix)}


def deleting_author(name: str) -> Callable[..., Any]:
    """Deletes the author before each insertion of a post, as somebody may at the desk."""

    def delete_first(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "blog_post" '):
            with context["connection"].cursor() as cursor:
                cursor.execute("DELETE FROM blog_author WHERE name = %s", [name])
        return execute(sql, params, many, context)

    return delete_first


def failed(report) -> list[str]:
    return sorted(failure["file"] for failure in report.failed)


def test_counts_are_locked_when_all_else_is_written(site):
    """Saves of others wait for whoever has locked the counts."""
    statements = []

    def note(execute, sql, params, many, context):
        statements.append(sql.lstrip())
        return execute(sql, params, many, context)

    write_articles(site, 3)
    with connection.execute_wrapper(note):
        site.run()
    counts = [at for at, sql in enumerate(statements) if sql.startswith("INSERT INTO blog_postcount ")]
    tables = ('"blog_post" ', "blog_searchdocument ", "blog_searchtokens ")
    written = [at for at, sql in enumerate(statements) if "INSERT" in sql and any(table in sql for table in tables)]
    assert len(counts) == 1
    assert written
    assert max(written) < counts[0]


def test_articles_that_fail_late_leave_nothing_in_what_the_group_tells(site):
    refused = ["2026-04-03-a.md", "2026-04-10-a.md"]

    def refuse(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "blog_postsource"') and any(name in params for name in refused):
            raise IntegrityError("refused")
        return execute(sql, params, many, context)

    write_articles(site, 12)
    with connection.execute_wrapper(refuse):
        report = site.run()
    assert failed(report) == refused
    assert report.created == Post.objects.count() == 10
    assert find_drift().counts == {}
    assert touched("post:") == {*Post.objects.values_list("pk", flat=True)}
    assert touched("in-tag:") == {*Tag.objects.exclude(name__in=["語3", "語10"]).values_list("pk", flat=True)}
    written = documents()
    reindex()
    assert written == documents()


@pytest.mark.postgresql  # SQLite checks at the commit alone
def test_draft_whose_author_is_deleted_meanwhile_fails_alone(site):
    site.write("2026-04-01-draft.md", author="筆者", published=False)
    for day in range(2, 6):
        site.write(f"2026-04-0{day}-a.md", date=f"2026-04-0{day}", author="別の筆者")
    with connection.execute_wrapper(deleting_author("筆者")):
        report = site.run()
    assert failed(report) == ["2026-04-01-draft.md"]
    assert report.created == Post.objects.count() == 4


def test_each_file_is_reported_once_when_the_whole_group_fails(site):
    site.write("2026-04-01-draft.md", author="筆者", published=False)
    site.write("2026-04-02-long.md", date="2026-04-02", title="あ" * 2_000)
    with connection.execute_wrapper(deleting_author("筆者")):
        report = site.run()
    assert failed(report) == ["2026-04-01-draft.md", "2026-04-02-long.md"]

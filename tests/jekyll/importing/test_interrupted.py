"""An import that is killed at any point: the next run gives the result of one complete run."""

from contextlib import contextmanager
from unittest import mock

import pytest
from django.db import connection, transaction

from blog.jekyll import importing as importer
from blog.models import Post
from tests.jekyll.site import Site, article, content

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Ends the run as a signal would: no code catches it."""


class Writes:
    """Counts the statements that write, and ends the run before the one with the number `kill_at`."""

    def __init__(self, kill_at: int = 0) -> None:
        self.kill_at = kill_at
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.count += 1
            if self.count == self.kill_at:
                raise Killed
        return execute(sql, params, many, context)


def run_killed_at(site: Site, step: str) -> None:
    """Runs an import that is killed as it begins the step."""
    with mock.patch.object(importer, step, side_effect=Killed), pytest.raises(Killed):
        site.run()


def fill(site: Site) -> None:
    """Collisions, aliases, names that share a slug, pictures, and articles that name one another."""
    site.write_image("/a.png")
    last, first = {"slug": "2026-04-03-c", "reason": "三"}, {"slug": "2026-03-31-a", "reason": "一"}
    site.write("2026-03-31-a.md", date="2026-03-31 16:00:00 +0000", related_articles=[last], pillar_article=last)
    site.write("2026-04-01-a.md", "[x](/2026/04/02/a/)\n", date="2026-04-01 16:00:00 +0000", tags=["AI 投資"])
    site.write("2026-04-02-a.md", "![x](/a.png)\n", date="2026-04-02 10:00:00 +0900", tags=["AI・投資", "AI-投資"])
    site.write("2026-04-03-c.md", date="2026-04-03", related_articles=[first], image="/a.png", redirect_from=["/x/"])
    site.write("2026-04-04-d.md", published=False, author="別")


@contextmanager
def undone():
    """Rolls back everything that the block wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_run_that_was_killed_at_any_write_is_finished_by_the_next(site):
    fill(site)
    writes = Writes()
    with undone():
        with connection.execute_wrapper(writes):
            site.run()
        expected = content()
    assert writes.count > 30

    for number in range(1, writes.count + 1):
        with undone():
            with pytest.raises(Killed), connection.execute_wrapper(Writes(kill_at=number)):
                site.run()
            site.run()
            assert content() == expected, f"killed before write {number} of {writes.count}"


def test_a_killed_post_leaves_nothing_of_itself(site):
    fill(site)
    with pytest.raises(Killed), connection.execute_wrapper(kill_before_source):
        site.run()

    assert not Post.objects.exists()


def kill_before_source(execute, sql, params, many, context):
    if sql.startswith("INSERT") and "postsource" in sql:
        raise Killed
    return execute(sql, params, many, context)


def test_links_between_articles_are_made_when_the_run_before_was_killed_before_them(site):
    fill(site)
    run_killed_at(site, "link_waiting")
    assert not article("2026-03-31-a.md").related_rows.exists()
    report = site.run()

    assert report.unchanged == 5
    assert article("2026-03-31-a.md").related_rows.get().target == article("2026-04-03-c.md")
    assert article("2026-03-31-a.md").pillar == article("2026-04-03-c.md")

"""An import that is killed: the next run gives the result of one complete run."""

from unittest import mock

import pytest
from django.db import transaction

from blog.jekyll import importing
from tests.jekyll.site import Site, content

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Ends the run as a signal would: no code catches it."""


def fill(site: Site) -> None:
    """Collisions, aliases, names that share a slug, pictures, and articles that name one another."""
    site.write_image("/a.png")
    last, first = {"slug": "2026-04-03-c", "reason": "三"}, {"slug": "2026-03-31-a", "reason": "一"}
    site.write("2026-03-31-a.md", date="2026-03-31 16:00:00 +0000", related_articles=[last], pillar_article=last)
    site.write("2026-04-01-a.md", "[x](/2026/04/02/a/)\n", date="2026-04-01 16:00:00 +0000", tags=["AI 投資"])
    site.write("2026-04-02-a.md", "![x](/a.png)\n", date="2026-04-02 10:00:00 +0900", tags=["AI・投資", "AI-投資"])
    site.write("2026-04-03-c.md", date="2026-04-03", related_articles=[first], image="/a.png", redirect_from=["/x/"])
    site.write("2026-04-04-d.md", published=False, author="別")


def test_a_run_that_was_killed_is_finished_by_the_next(site, monkeypatch):
    """In the second group of articles, and before those are linked that name one another."""
    monkeypatch.setattr(importing, "GROUP", 2)
    fill(site)
    with transaction.atomic():
        site.run()
        expected = content()
        transaction.set_rollback(True)
    for step, calls in (("audit_posts", [Killed]), ("link_waiting", [Killed]), ("announce", [None, Killed])):
        with transaction.atomic():
            with mock.patch.object(importing, step, side_effect=calls), pytest.raises(Killed):
                site.run()
            site.run()
            assert content() == expected, step
            transaction.set_rollback(True)

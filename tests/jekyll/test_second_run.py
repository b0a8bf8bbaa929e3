"""A second run over the same files, dry or not, writes nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import Post
from tests.jekyll.site import article, edit, rows, writes

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NAME = "2026-04-01-article.md"
LATE = "2026-04-01 16:00:00 +0000"  # the second of April in Tokyo


def test_a_dry_run_writes_nothing_and_says_the_same(site):
    site.write_image("/a.png")
    (site.root / "bad.png").write_bytes(b"no picture")
    site.write("2026-04-01-a.md", "![x](/a.png) [y](/2026/04/02/b/)\n", image="/bad.png", date=LATE)
    site.write("2026-04-02-a.md", "[z](/2026/01/01/none/)\n", date="2026-04-02", related_articles=["2026-04-09-x"])
    before = rows()
    dry = site.run(dry_run=True).as_dict()

    assert rows() == before
    assert dry == site.run().as_dict()


@pytest.mark.postgresql
def test_a_second_run_writes_nothing_whatever_the_desk_did(site):
    site.write_image("/a.png")
    site.write(NAME, "![x](/a.png) [y](/2026/04/02/b/)\n", image="/a.png", date=LATE, related_articles=["2026-04-02-b"])
    site.write("2026-04-02-b.md", date="2026-04-02", related_articles=["2026-04-09-none"])
    site.write("2026-04-03-c.md", published=False)
    site.run()
    edit(NAME, title="机の題", body="机の本文", status=Post.Status.DRAFT)
    edit("2026-04-03-c.md", slug="d")
    before = rows()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = site.run()

    assert (report.read, report.unchanged, report.created, report.updated) == (3, 3, 0, 0)
    assert writes(queries) == []
    assert rows() == before


def test_a_moved_file_is_the_same_and_a_file_that_is_gone_deletes_nothing(site):
    site.write(NAME)
    site.run()
    (site.posts / "2026").mkdir()
    (site.posts / NAME).rename(site.posts / "2026" / NAME)
    assert site.run().unchanged == 1
    (site.posts / "2026" / NAME).unlink()
    site.run()

    assert article(NAME).is_public

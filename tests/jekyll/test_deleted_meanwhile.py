"""Articles that somebody deletes at the desk while their changed files are imported."""

import pytest

from blog.editing.saving import delete_posts
from blog.models import Post
from tests.jekyll.site import article

pytestmark = pytest.mark.django_db(transaction=True)
DELETED = "2026-04-03-a.md"


def write_articles(site, title: str) -> None:
    for day in range(1, 4):
        site.write(f"2026-04-0{day}-a.md", date=f"2026-04-0{day}", title=title)


@pytest.mark.parametrize("overwrite", [False, pytest.param(True, marks=pytest.mark.sqlite)])
@pytest.mark.parametrize(
    ("at_phase", "at_number"),
    [("reading", 1), pytest.param("reading", 3, marks=pytest.mark.sqlite), ("importing", 1)],
)
def test_its_file_is_in_conflict_and_the_others_are_imported(site, at_phase, at_number, overwrite):
    def delete(phase, done, total):
        if (phase, done) == (at_phase, at_number):
            delete_posts([article(DELETED)])

    write_articles(site, "前")
    site.run()
    write_articles(site, "後")
    report = site.run(progress=delete, overwrite=overwrite)

    assert [conflict["file"] for conflict in report.conflicts] == [DELETED]
    assert "deleted" in report.conflicts[0]["reason"]
    assert (report.updated, report.failures()) == (2, [])
    assert [post.title for post in Post.objects.all()] == ["後", "後"]

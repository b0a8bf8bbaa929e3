"""Files that cannot be imported: each gets a clear line in the report, and the other files are imported."""

import unicodedata

import pytest
from django.db import IntegrityError, connection

from blog.models import Post
from tests.jekyll.site import article

pytestmark = pytest.mark.django_db

NAME = "2026-04-01-article.md"


BAD_FILES = {
    "2026-04-01-yaml.md": (b"---\ntitle: a\nb: [c\n---\n", 3, "broken YAML"),
    "2026-04-01-title.md": (b"---\ndate: 2026-04-01\n---\n", None, "no title"),
    "2026-04-01-long.md": (b"---\ntitle: " + b"a" * 201 + b"\n---\n", 2, "title: "),
    "2026-04-01-date.md": (b"---\ntitle: a\ndate: soon\n---\n", 3, "date cannot be read"),
    "2026-04-01-canonical.md": (b"---\ntitle: a\ncanonical_url: 'javascript:alert(1)'\n---\n", 3, "canonical_url: "),
    "2026-04-01-nested.md": (b"---\ntitle: a\n---\n" + b"<details>" * 300, None, "body: "),
    "readme.md": (b"---\ntitle: a\n---\n", None, "does not begin with a date"),
    "2026-04-01-large.md": (b"---\ntitle: a\n---\n" + b" " * 50 * 2**20, None, "bytes, more than"),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_bad_file_is_reported_and_the_rest_goes_on(site, name, dry_run):
    data, line, reason = BAD_FILES[name]
    site.write_raw(name, data)
    site.write("2026-04-02-good.md")
    report = site.run(dry_run=dry_run)

    assert report.created == 1
    assert [(item["file"], item["line"]) for item in report.failed] == [(name, line)]
    assert reason in report.failed[0]["reason"]
    assert name not in report.permalinks


def test_the_same_name_in_two_folders_is_taken_once(site):
    site.write("2026/ガイド.md".replace("ガ", "2026-04-01-ガ"), title="一")
    site.write("2027/" + unicodedata.normalize("NFD", "2026-04-01-ガイド.md"), title="二")
    report = site.run()

    assert Post.objects.get().title == "一"
    assert report.failed == [
        {
            "file": "2027/2026-04-01-ガイド.md",
            "line": None,
            "reason": "a file of the same name in another folder was taken instead",
        }
    ]


def test_a_changed_article_that_the_database_refuses_stays_as_it_was(site):
    def refuse_source(execute, sql, params, many, context):
        if sql.startswith('UPDATE "blog_postsource"'):
            raise IntegrityError("refused")
        return execute(sql, params, many, context)

    site.write(NAME, title="前")
    site.run()
    site.write(NAME, title="後")
    with connection.execute_wrapper(refuse_source):
        report = site.run()
    assert [failure["reason"] for failure in report.failed] == ["the database refused it: refused"]
    assert article(NAME).title == "前"
    assert site.run().updated == 1
    assert article(NAME).title == "後"


@pytest.mark.sqlite
def test_a_broken_file_leaves_the_post_that_came_from_it(site):
    site.write(NAME)
    site.run()
    site.write_raw(NAME, b"broken")
    report = site.run()

    assert (len(report.failed), article(NAME).title) == (1, "題")

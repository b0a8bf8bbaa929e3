"""Imported articles that a batch fixed: their files, and what a later import and an export make of them."""

import pytest

from blog.editing.fixing import begin_batch, continue_batch, undo_batch
from blog.jekyll.exporting import export_jekyll
from blog.models import Post, PostFinding, PostSource
from tests.editing.checking import fakes
from tests.editing.checking.fakes import NOISE
from tests.jekyll.site import article, edit

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NAME, OTHER = "2026-04-01-article.md", "2026-04-02-other.md"


@pytest.fixture(autouse=True)
def fake_checks(monkeypatch):
    monkeypatch.setattr("blog.editing.checking.check", fakes.check)


def fix():
    batch = begin_batch(["marker"], by=None)
    list(continue_batch(batch))
    return batch


@pytest.fixture
def fixed(site):
    site.write(NAME, f"一行。\n\n{NOISE}二行。\n")
    site.write(OTHER, "本文。\n")
    site.run()
    fix()
    assert article(NAME).body == "一行。\n\n二行。\n"
    return site


def test_import_checks_what_it_brings(site):
    site.write(NAME, f"{NOISE}\n")
    site.run()
    assert PostFinding.objects.get().code == "marker"
    assert not Post.objects.unchecked().exists()


def test_file_stays_as_it_came_and_the_unchanged_file_changes_nothing(fixed):
    assert bytes(PostSource.objects.get(name=NAME).raw) == (fixed.posts / NAME).read_bytes()
    version = article(NAME).version
    report = fixed.run()
    assert (report.unchanged, report.conflicts) == (2, [])
    assert (article(NAME).body, article(NAME).version) == ("一行。\n\n二行。\n", version)


def test_changed_file_of_a_fixed_article_is_no_conflict(fixed):
    fixed.write(NAME, f"新しい。\n{NOISE}\n")
    report = fixed.run()
    assert (report.updated, report.conflicts) == (1, [])
    assert article(NAME).body == f"新しい。\n{NOISE}\n"
    assert PostFinding.objects.get(code="marker").line == 2


def test_changed_file_of_an_article_that_was_fixed_and_edited_is_a_conflict(fixed):
    edit(NAME, body="一行。\n\n別の二行。\n")
    fixed.write(NAME, "新しい。\n")
    assert [item["file"] for item in fixed.run().conflicts] == [NAME]


@pytest.mark.postgresql
def test_export_gives_either(fixed, tmp_path):
    raw = (fixed.posts / NAME).read_bytes()
    result = export_jekyll(tmp_path / "out")
    assert NOISE not in (tmp_path / "out/_posts" / NAME).read_text()
    assert result.as_imported == 1
    result = export_jekyll(tmp_path / "original", original=True)
    assert (tmp_path / "original/_posts" / NAME).read_bytes() == raw
    assert result.as_imported == 2


def test_undone_article_is_exported_byte_for_byte(site, tmp_path):
    site.write(NAME, f"一行。\r\n{NOISE}\n", last_modified_at="2026-04-03 10:00:00 +0900")
    site.run()
    list(undo_batch(fix(), by=None))
    assert export_jekyll(tmp_path / "out").as_imported == 1
    assert (tmp_path / "out/_posts" / NAME).read_bytes() == (site.posts / NAME).read_bytes()


def test_import_of_the_same_text_moves_no_date_of_change(fixed):
    dated = Post.objects.values_list("updated_at", flat=True).get(source__name=NAME)
    fixed.write(NAME, f"一行。\n\n{NOISE}二行。\n", tags=["別の語"])
    assert fixed.run().updated == 1
    assert article(NAME).updated_at == dated
    fixed.write(NAME, "新しい。\n", tags=["別の語"])
    fixed.run()
    assert article(NAME).updated_at > dated

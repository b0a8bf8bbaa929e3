"""The batch fix of the real articles, and its undoing. What it takes from them is judged in `tests/text/desk`."""

import sys
from collections import Counter

import pytest

from blog.editing.fixing import begin_batch, continue_batch, undo_batch
from blog.jekyll.exporting import export_jekyll
from blog.models import BatchPost, Post, PostFinding
from blog.text.desk import CODES
from tests.text.desk.texts import repeated_paragraphs

# What fixes make of texts is no matter of the database; batches run on both in tests/editing/fixing.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TEXTS = ("title", "excerpt", "description", "body")


def rows():
    posts = Post.objects.order_by("pk")
    return {row["id"]: row for row in posts.values("id", *TEXTS, "updated_at", "reading_minutes", "body_html", "slug")}


def test_fixes_of_the_archive_leave_hardly_a_repeated_paragraph_and_are_undone_to_the_byte(report, tmp_path):
    imported = rows()

    batch = begin_batch(CODES, by=None)
    outcomes = Counter(row.outcome for row in continue_batch(batch))
    assert set(outcomes) == {BatchPost.Outcome.FIXED}
    fixed = rows()
    assert {pk: row["slug"] for pk, row in fixed.items()} == {pk: row["slug"] for pk, row in imported.items()}

    repeating_before, repeating = (
        sum(repeated_paragraphs(row["body"]) > 0 for row in all_rows.values()) for all_rows in (imported, fixed)
    )
    reported = PostFinding.objects.filter(code="repeat").values("post").distinct().count()
    fixable = PostFinding.objects.filter(is_fixable=True).count()
    minutes, minutes_after = (
        sum(row["reading_minutes"] for row in all_rows.values()) for all_rows in (imported, fixed)
    )
    sys.stdout.write(f"{outcomes.total()} articles were fixed, {fixable} fixes are left;\n")
    sys.stdout.write(f"{repeating_before} repeated a paragraph, {repeating} still do; {reported} have a finding\n")
    sys.stdout.write(f"{minutes} minutes of reading became {minutes_after}\n")
    # A sentence that repeats and cannot go without harm stays, and its finding with it.
    assert repeating <= 0.05 * len(imported) < repeating_before
    assert fixable == 0
    assert minutes_after < minutes

    assert {row.outcome for row in undo_batch(batch, by=None)} == {BatchPost.Outcome.UNDONE}
    assert rows() == imported
    assert export_jekyll(tmp_path / "out").as_imported == len(imported)

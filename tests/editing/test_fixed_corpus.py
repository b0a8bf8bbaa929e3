"""The batch fix of the real articles, judged by rules of its own, and its undoing."""

import re
import shutil
import sys
import unicodedata
from collections import Counter

import pytest

from blog.editing.checking.fixing import begin_batch, go_on
from blog.editing.checking.undoing import undo_batch
from blog.jekyll.exporting.exporter import export_jekyll
from blog.jekyll.importing.importer import import_jekyll
from blog.models import BatchPost, Post, PostFinding
from blog.text.desk import CODES

TEXTS = ("title", "excerpt", "description", "body")


def letters(text):
    """The word characters, and the signs that make another number: −5 is not 5, and 1.5 is not 15."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[-+−▲](?=[0-9])|(?<=[0-9])[.](?=[0-9])", lambda sign: f"s{ord(sign[0])}s", text)
    return re.sub(r"[\W_]+", "", text)


def sentences(body):
    """Each sentence, however it was wrapped, with how often it stands in the text. The number of an item is no word."""
    parts = re.split(r"[。！？!?\n]", body)
    return Counter(filter(None, (re.sub(r"^[0-9]+", "", letters(part)) for part in parts)))


def rows():
    posts = Post.objects.order_by("pk")
    return {row["id"]: row for row in posts.values("id", *TEXTS, "updated_at", "reading_minutes", "body_html", "slug")}


@pytest.mark.django_db
def test_fixes_of_the_archive_remove_what_stands_elsewhere_and_are_undone_to_the_byte(corpus, tmp_path):
    old = tmp_path / "old"
    shutil.copytree(corpus, old, ignore=shutil.ignore_patterns("assets", "expected.json"))
    import_jekyll(old)
    imported = rows()
    minutes = sum(row["reading_minutes"] for row in imported.values())

    repeats = begin_batch(["repeat"], by=None)
    outcomes = Counter(row.outcome for row in go_on(repeats))
    assert set(outcomes) == {BatchPost.Outcome.FIXED}
    for pk, now in rows().items():
        before = imported[pk]
        assert [now[name] for name in ("title", "excerpt", "description", "slug")] == [
            before[name] for name in ("title", "excerpt", "description", "slug")
        ]
        left, whole = sentences(now["body"]), letters(now["body"])
        assert not left - sentences(before["body"]), f"post {pk} has a new sentence"
        gone = [sentence for sentence in sentences(before["body"]) if sentence not in left]
        assert [sentence for sentence in gone if sentence not in whole] == [], f"post {pk} lost a sentence"

    rest = begin_batch(CODES, by=None)
    list(go_on(rest))
    repeating = PostFinding.objects.filter(code="repeat").values("post").distinct().count()
    fixable = PostFinding.objects.filter(is_fixable=True).count()
    minutes_after = sum(row["reading_minutes"] for row in rows().values())
    sys.stdout.write(f"{outcomes.total()} articles lost repeats, {repeating} still repeat, {fixable} fixes are left;\n")
    sys.stdout.write(f"{minutes} minutes of reading became {minutes_after}\n")
    assert repeating <= 0.05 * len(imported)
    assert fixable == 0
    assert minutes_after < minutes

    for batch in (rest, repeats):
        assert {row.outcome for row in undo_batch(batch, by=None)} == {BatchPost.Outcome.UNDONE}
    assert rows() == imported
    assert export_jekyll(tmp_path / "out").as_imported == len(imported)

"""The differences between two versions, as the desk's templates show them."""

import pytest

from blog.admin.versions.changes import changes, lines, shown
from blog.editing.fields import CONTENT, FLAGS, ROWS, STATE, TEXTS
from blog.editing.snapshots import stored_snapshot
from blog.models import PostRevision
from blog.text.diff import Kind
from tests.factories import make_draft

BODY = "一文。二文。三文。四文。五文。六文。"


def text_of(line):
    return line.fold and f"{line.fold.before}{line.fold.hidden}{line.fold.after}"


def test_unchanged_sentences_are_folded_but_for_the_neighbours_of_a_change():
    first, change, last = lines(BODY + "変える文。" + BODY, BODY + "変えた文。" + BODY)
    assert (first.fold.before, first.fold.sentences, first.fold.after) == ("", 5, "六文。")
    assert (last.fold.before, last.fold.sentences, last.fold.after) == ("一文。", 5, "")
    assert change.kind == Kind.CHANGED
    assert text_of(first) == text_of(last) == BODY


def test_what_was_removed_stands_beside_what_was_added_in_its_place():
    (line,) = lines("これは文だ。", "別の話をする。")
    assert (line.kind, line.old[0].text, line.new[0].text) == (Kind.CHANGED, "これは文だ。", "別の話をする。")


def test_values_are_shown_in_words():
    assert shown("noindex", True) == "はい"
    assert shown("author", [3, "編集部"]) == "編集部"
    assert shown("lead_image", None) == shown("tags", []) == shown("related", []) == "（なし）"
    assert shown("tags", [[1, "生成AI", "ai"], [None, "新", ""]]) == "生成AI、新"
    assert shown("related", [[1, "記事", "理由"], [2, "別の記事", ""]]) == "記事（理由）\n別の記事"
    assert shown("status", "in_review") == "確認待ち"
    assert shown("published_at", "2026-04-01T03:00:00+00:00") == "2026年4月1日 12:00"


@pytest.mark.django_db
def test_every_field_can_be_shown():
    """A field whose value an old revision stored in another form must not break the page."""
    snapshot = stored_snapshot(make_draft("題", tags=["A"]))
    other = {
        **snapshot,
        **dict.fromkeys(TEXTS, "別"),
        **{name: not snapshot[name] for name in FLAGS},
        **{name: [9, "別"] for name in ROWS},
        "tags": [],
        "related": [[9, "別", ""]],
        "status": PostRevision.Kind.PUBLISHED,
        "published_at": "2026-04-01T03:00:00+00:00",
    }
    assert [change.name for change in changes(snapshot, other)] == [*CONTENT, *STATE]

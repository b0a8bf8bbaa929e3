"""Merging two edits of one post, field by field."""

from django.test import TestCase

from blog.editing.fields import CONTENT
from blog.editing.merging import merge_snapshots
from blog.editing.snapshots import stored_snapshot
from blog.text.merge import join
from tests.factories import make_draft

BODY = "一段落。\n\n二段落。\n\n三段落。\n"


class MergeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.base = stored_snapshot(make_draft(title="題", body=BODY, tags=["A"]))

    def merged(self, mine, theirs, base=True):
        return merge_snapshots(self.base if base else None, {**self.base, **mine}, {**self.base, **theirs})

    def test_each_field_that_one_changed_is_taken_from_that_one(self):
        tags = [[9, "B", "b"]]
        merge = self.merged({"title": "私の題", "noindex": True}, {"tags": tags, "excerpt": "相手のリード"})
        assert merge.conflicts == []
        assert (merge.mine, merge.theirs) == (["title", "noindex"], ["excerpt", "tags"])
        wanted = {"title": "私の題", "noindex": True, "tags": tags, "excerpt": "相手のリード"}
        assert merge.resolved == {name: {**self.base, **wanted}[name] for name in CONTENT}

    def test_same_change_of_both_is_no_conflict(self):
        merge = self.merged({"title": "新しい題"}, {"title": "新しい題"})
        assert (merge.mine, merge.theirs, merge.conflicts) == ([], [], [])
        assert merge.resolved["title"] == "新しい題"

    def test_field_that_both_changed_is_a_conflict(self):
        author = [7, "調査班"]
        merge = self.merged({"title": "私の題", "author": [8, "編集長"]}, {"title": "相手の題", "author": author})
        assert merge.conflicts == ["title", "author"]
        assert not {"title", "author"} & merge.resolved.keys()

    def test_bodies_changed_in_different_places_are_joined(self):
        merge = self.merged({"body": BODY.replace("一", "1")}, {"body": BODY.replace("三", "3")})
        assert (merge.joined, merge.conflicts, merge.body) == (["body"], [], [])
        assert merge.resolved["body"] == "1段落。\n\n二段落。\n\n3段落。\n"

    def test_bodies_changed_in_one_place_come_in_parts(self):
        merge = self.merged({"body": BODY.replace("二", "2")}, {"body": BODY.replace("二", "弐")})
        assert (merge.joined, merge.conflicts) == ([], ["body"])
        assert [part.is_conflict for part in merge.body] == [False, True, False]
        assert join(part.mine or part.text for part in merge.body) == BODY.replace("二", "2")

    def test_without_a_base_whatever_differs_is_a_conflict(self):
        merge = self.merged({"title": "私の題", "body": "私の本文"}, {}, base=False)
        assert merge.conflicts == ["title", "body"]
        assert [(part.base, part.mine, part.theirs) for part in merge.body] == [("", "私の本文", BODY)]

"""Which saves add a revision to the history, and with which kind and content."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.test import TestCase
from django.utils import timezone

from blog.editing.saving import save_post
from blog.models import Post, PostRevision
from tests.factories import make_author, make_category, make_draft, make_user

Kind = PostRevision.Kind


def line(post: Post) -> list[tuple[int, str]]:
    """Number and kind of each revision, oldest first."""
    return list(post.revisions.order_by("number").values_list("number", "kind"))


class RecordTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_user("yamada", first_name="花子")

    def make(self, **fields):
        post = Post(title="題", slug="post", author=make_author(), category=make_category(), **fields)
        return save_post(post, by=self.user, tags=["A"])

    def test_each_save_is_one_with_who_when_and_what(self):
        post = self.make(body="一\n")
        post.title, post.body = "改題", "二\n"
        save_post(post, by=self.user)
        first, second = post.revisions.order_by("number")
        assert (first.number, first.kind, first.changed) == (1, Kind.SAVED, [])
        assert (second.number, second.kind, second.changed) == (2, Kind.SAVED, ["title", "body"])
        assert (second.who, second.user, second.version) == ("花子", self.user, post.version)
        assert (first.snapshot["body"], second.snapshot["body"]) == ("一\n", "二\n")
        assert second.created_at >= first.created_at

    def test_save_that_changes_nothing_has_none(self):
        post = self.make()
        save_post(post, by=self.user, tags=["A"], related=[])
        assert line(post) == [(1, Kind.SAVED)]

    def test_history_tells_a_schedule_from_a_publication(self):
        post = self.make()
        for change in (
            lambda: post.publish(timezone.now() + timedelta(days=2)),
            lambda: post.publish(timezone.now() + timedelta(days=1)),
            lambda: setattr(post, "title", "改題"),
            post.unpublish,
            lambda: post.publish(timezone.now() + timedelta(days=1)),
            post.publish,
        ):
            change()
            save_post(post, by=self.user)
        kinds = [kind for _, kind in line(post)][1:]
        begin = [Kind.SCHEDULED, Kind.SCHEDULED, Kind.SAVED, Kind.UNSCHEDULED]
        assert kinds == [*begin, Kind.SCHEDULED, Kind.PUBLISHED]

    def test_history_says_what_became_of_the_post(self):
        post = self.make()
        for status in ("in_review", "draft", "in_review"):
            post.status = status
            save_post(post, by=self.user)
        for verb in (post.publish, post.unpublish, post.publish):
            verb()
            save_post(post, by=self.user)
        assert [kind for _, kind in line(post)] == [
            *(Kind.SAVED, Kind.SUBMITTED, Kind.RETURNED, Kind.SUBMITTED),
            *(Kind.PUBLISHED, Kind.WITHDRAWN, Kind.PUBLISHED),
        ]

    def test_what_a_machine_made_begins_its_history_with_the_first_change(self):
        post = make_draft(title="取り込んだ題", tags=["A"])
        assert line(post) == []
        post.title = "改題"
        save_post(post, by=self.user, tags=["B"])
        original, saved = post.revisions.order_by("number")
        assert (original.kind, original.who, original.version) == (Kind.ORIGINAL, "", 0)
        assert original.snapshot["title"] == "取り込んだ題"
        assert [tag[1] for tag in original.snapshot["tags"]] == ["A"]
        assert original.created_at == post.created_at
        assert saved.changed == ["title", "tags"]

    def test_revision_outlives_the_account_but_not_the_post(self):
        post = self.make()
        User.objects.all().delete()
        assert post.revisions.get().who == "花子"
        Post.objects.filter(pk=post.pk).update(pending_revision=post.revisions.get())
        post.delete()
        assert not PostRevision.objects.exists()

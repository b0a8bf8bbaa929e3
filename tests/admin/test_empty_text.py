"""An article without text goes to no editor and no reader; as a draft it is saved."""

import pytest
from django.urls import reverse

from blog.editing.blocking import NO_BODY
from blog.models import Post
from tests.admin.desk import DeskCase
from tests.factories import make_author, make_category, make_draft, make_in_review, make_post, make_unpublished

# About which texts count as empty: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

LIST = reverse("admin:blog_post_changelist")
STEPS = {
    "_submit": {},
    "_publish": {},
    "_schedule": {"publish_at_0": "2099-01-01", "publish_at_1": "07:00"},
}
EMPTY = ("", " \r\n　\r\n", "\u200b\ufeff", "<!-- あとで書く -->")


class EmptyTextTests(DeskCase):
    def test_no_step_takes_an_empty_text_on_and_the_draft_stays(self):
        for button, fields in STEPS.items():
            for body in EMPTY:
                with self.subTest(button, body=body):
                    post = make_draft()
                    assert self.refused(post, body=body, **fields, **{button: "1"}) == {"body": [NO_BODY]}
                    stored = Post.objects.get(pk=post.pk)
                    assert (stored.state, stored.body) == (Post.State.DRAFT, "本文です。\n")

    def test_new_article_is_saved_as_a_draft_and_not_published(self):
        fields = {"title": "題", "author": make_author().pk, "category": make_category().pk}
        assert self.refused(Post, **fields, _publish="1") == {"body": [NO_BODY]}
        assert self.added(Post, **fields).state == Post.State.DRAFT

    @pytest.mark.postgresql
    def test_text_is_not_taken_from_who_has_the_article_already(self):
        for make, button in ((make_in_review, "_save"), (make_post, "_save_live")):
            with self.subTest(button):
                assert self.refused(make(), body="", **{button: "1"}) == {"body": [NO_BODY]}

    def test_article_comes_back_to_its_writer_without_text(self):
        for make, steps in ((make_in_review, {"_return": "1", "reason": "書き直す"}), (make_unpublished, {})):
            assert self.saved(make(), body="", **steps).body == ""

    def test_version_without_text_waits_and_is_not_released(self):
        post = self.saved(make_post(), body="", _save_pending="1")
        sent = {"version": post.version, "release": "1"}
        response = self.client.post(reverse("admin:blog_post_pending", args=[post.pk]), sent)
        self.assertContains(response, NO_BODY)
        assert Post.objects.get(pk=post.pk).body == "本文です。\n"

    @pytest.mark.postgresql
    def test_empty_version_of_the_past_is_restored_to_drafts_only(self):
        post = self.saved(self.saved(make_draft(), body=""), body="書いた文。\r\n")
        empty = post.revisions.get(snapshot__body="")
        restore = reverse("admin:blog_post_restore", args=[post.pk, empty.number])
        post = self.saved(post, _publish="1")
        self.assertContains(self.client.post(restore, {"version": post.version}, follow=True), NO_BODY)
        assert Post.objects.get(pk=post.pk).body == "書いた文。\n"

    def test_of_several_the_empty_one_stays_a_draft(self):
        for step in ("submit", "publish"):
            with self.subTest(step):
                empty, full = make_draft(f"空の記事{step}", body=""), make_draft()
                chosen = {"action": step, "_selected_action": [empty.pk, full.pk], "confirmed": "1"}
                self.assertContains(self.client.post(LIST, chosen, follow=True), f"「空の記事{step}」：{NO_BODY}")
                assert [Post.objects.get(pk=post.pk).state == "draft" for post in (empty, full)] == [True, False]

    def test_imported_article_that_was_public_without_text_can_still_be_corrected(self):
        assert self.saved(make_post(body=""), title="直した題", _save_live="1").title == "直した題"

"""An article without text goes to no editor and no reader; as a draft it is saved."""

import pytest
from django.urls import reverse

from blog.editing.blocking import NO_BODY
from blog.models import Post
from tests.admin.desk import DeskCase
from tests.factories import make_draft, make_post

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

    def test_version_without_text_waits_and_is_not_released(self):
        post = self.saved(make_post(), body="", _save_pending="1")
        sent = {"version": post.version, "release": "1"}
        response = self.client.post(reverse("admin:blog_post_pending", args=[post.pk]), sent)
        self.assertContains(response, NO_BODY)
        assert Post.objects.get(pk=post.pk).body == "本文です。\n"

    def test_imported_article_that_was_public_without_text_can_still_be_corrected(self):
        assert self.saved(make_post(body=""), title="直した題", _save_live="1").title == "直した題"

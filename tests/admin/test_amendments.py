"""Telling readers of a change at the desk: with the save, and afterwards in the history."""

import pytest
from django.urls import reverse

from blog.editing.amendments import newest_read
from blog.editing.permissions import WRITER
from blog.editing.saving import save_post
from blog.models import Amendment, Post
from tests.admin.desk import DeskCase, errors_of, save, url_of, values_at
from tests.factories import make_author, make_draft, make_post, make_user

# About what readers are told of a change: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

NOTE = "費用の数字を直しました。"


def page_of(post, number):
    return reverse("admin:blog_post_amendment", args=[post.pk, number])


class SavingTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.post = make_post(body="費用は30円です。")
        self.url = url_of(self.post)

    def told(self, **changes):
        return save(
            self.client, self.url, **{"change_kind": "correction", "change_note": NOTE, "_save_live": "1"} | changes
        )

    def test_save_of_a_live_article_tells_readers(self):
        assert self.told(body="費用は50円です。").status_code == 302
        page = self.client.get(self.post.get_absolute_url()).text
        assert "公開後の変更" in page
        assert NOTE in page
        assert "［削除］</span>30<" in page
        assert "［追加］</span>50<" in page

    def test_kind_and_note_belong_together_and_to_what_readers_see(self):
        for changes, field in (
            ({"change_note": " "}, "change_note"),
            ({"change_kind": ""}, "change_kind"),
            ({"change_note": "長" * 1001}, "change_note"),
            ({"change_kind": "lie"}, "change_kind"),
        ):
            with self.subTest(changes=changes):
                response = self.told(body="費用は50円です。", **changes)
                assert list(errors_of(response)) == [field]
                self.assertContains(response, "費用は50円です。")
        fields = values_at(self.client, self.url) | {"change_kind": "update", "change_note": NOTE}
        response = self.client.post(self.url, {**fields, "body": "別。", "_save_pending": "1"})
        assert list(errors_of(response)) == ["change_kind"]
        assert not Amendment.objects.exists()

    def test_save_that_changes_nothing_tells_nothing_of_an_earlier_one(self):
        save(self.client, self.url, body="費用は50円です。", _save_live="1")
        self.told()
        assert not Amendment.objects.exists()
        self.told(body="費用は60円です。")
        self.assertContains(self.client.get(self.told(change_note="別の説明。").url), "書いた説明：別の説明。")
        amendment = Amendment.objects.get()
        assert (amendment.note, amendment.revision) == (NOTE, newest_read(self.post))

    def test_nothing_to_tell_gives_the_note_back(self):
        response = self.client.post(
            self.url,
            {**values_at(self.client, self.url), "change_kind": "update", "change_note": NOTE, "_save_live": "1"},
            follow=True,
        )
        self.assertContains(response, f"書いた説明：{NOTE}")
        assert not Amendment.objects.exists()

    @pytest.mark.postgresql
    def test_note_of_a_late_save_is_given_back(self):
        fields = values_at(self.client, self.url) | {"change_kind": "update", "change_note": NOTE, "body": "別。"}
        other = Post.objects.get(pk=self.post.pk)
        other.body = "ほかの人の文。"
        save_post(other)
        response = self.client.post(self.url, {**fields, "_save_live": "1"}, follow=True)
        self.assertContains(response, f"書いた説明：{NOTE}")
        assert not Amendment.objects.exists()

    def test_only_a_public_article_and_an_editor_have_the_fields(self):
        self.assertContains(self.client.get(self.url), 'name="change_kind"')
        self.assertNotContains(self.client.get(url_of(make_draft())), "change_kind")
        self.assertNotContains(self.client.get(url_of(Post, "add")), "change_kind")
        writer = make_user("writer", role=WRITER)
        own = make_post(author=make_author("署名", "byline", user=writer))
        self.client.force_login(writer)
        self.assertNotContains(self.client.get(url_of(own)), "change_kind")


class HistoryTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.post = make_post(body="費用は30円です。")
        self.post.body = "費用は50円です。"
        save_post(self.post)
        self.number = newest_read(self.post).number
        self.page = page_of(self.post, self.number)

    @pytest.mark.postgresql
    def test_revision_is_told_told_anew_and_taken_back(self):
        revision = reverse("admin:blog_post_revision", args=[self.post.pk, self.number])
        self.assertContains(self.client.get(revision), self.page)
        self.assertContains(self.client.get(self.page), "［削除］</span>30<")
        sent = {"kind": "correction", "note": NOTE, "shows_text": "on"}
        self.assertContains(self.client.post(self.page, sent, follow=True), "読者に知らせました")
        self.assertContains(self.client.get(url_of(self.post, "history")), NOTE)
        self.assertContains(self.client.get(revision), "読者に知らせた変更（訂正）")
        self.client.post(self.page, sent | {"kind": "update"})
        assert Amendment.objects.get().kind == "update"
        self.client.post(self.page, {"take_back": ""})
        assert not Amendment.objects.exists()
        assert NOTE not in self.client.get(self.post.get_absolute_url()).text

    def test_only_who_may_publish_opens_it(self):
        writer = make_user("writer", role=WRITER)
        Post.objects.update(author=make_author("署名", "byline", user=writer))
        self.client.force_login(writer)
        for method in (self.client.get, self.client.post):
            assert method(self.page, {"kind": "update", "note": NOTE}).status_code == 403
        revision = self.client.get(reverse("admin:blog_post_revision", args=[self.post.pk, self.number]))
        self.assertNotContains(revision, self.page)
        self.client.logout()
        assert self.client.get(self.page).status_code == 302
        assert not Amendment.objects.exists()

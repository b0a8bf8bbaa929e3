"""A user who may no longer save an article gets the typed text back, and nothing is stored."""

from datetime import timedelta

import pytest
from django.test import TestCase
from django.utils import timezone

from blog.editing import permissions
from blog.editing.saving import delete_posts, save_post
from blog.models import Page, Post, PostRevision
from tests.admin.desk import DeskCase, url_of, values_at
from tests.factories import make_author, make_draft, make_user

pytestmark = pytest.mark.sqlite

MINE = {"title": "直した題", "body": "書きかけの<b>文</b>。\r\n\r\n続き。\r\n", "tag_names": "甲、乙"}


def typed_texts(response):
    return {field.name: field.text for field in response.context["typed"]}


class WriterTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.writer = make_user("writer", role=permissions.WRITER)
        cls.author = make_author("書き手", "writer", user=cls.writer)

    def setUp(self):
        self.client.force_login(self.writer)
        self.post = make_draft("題", body="元の文。\n", author=self.author)
        self.opened = values_at(self.client, url_of(self.post))

    def move(self, status):
        """Saves the post as somebody else does meanwhile."""
        post = Post.objects.get(pk=self.post.pk)
        post.publish(timezone.now() + timedelta(days=1)) if status == Post.State.SCHEDULED else post.submit()
        save_post(post)

    def press_save(self, **changes):
        return self.client.post(url_of(self.post), {**self.opened, **changes})

    def assert_nothing_stored(self):
        post = Post.objects.get(pk=self.post.pk)
        assert (post.title, post.body, post.tag_list) == ("題", "元の文。\n", [])
        assert not PostRevision.objects.filter(kind=PostRevision.Kind.UNMERGED).exists()

    @pytest.mark.postgresql
    def test_writer_whose_draft_was_submitted_meanwhile_gets_the_text_back(self):
        self.move(Post.Status.IN_REVIEW)
        response = self.press_save(**MINE)
        self.assertContains(response, "確認に出されました", status_code=403)
        self.assertContains(response, "「提出を取り消す」で下書きに戻すと、また編集できます。", status_code=403)
        self.assertContains(response, "書きかけの&lt;b&gt;文&lt;/b&gt;。\r\n\r\n続き。", status_code=403)
        assert typed_texts(response) == MINE
        self.assert_nothing_stored()

    def test_writer_whose_draft_was_scheduled_meanwhile_is_told_whom_to_ask(self):
        self.move(Post.State.SCHEDULED)
        response = self.press_save(**MINE)
        self.assertContains(response, "公開の予約が入りました", status_code=403)
        self.assertContains(response, "編集者に伝えてください", status_code=403)
        assert typed_texts(response) == MINE
        self.assert_nothing_stored()

    @pytest.mark.postgresql
    def test_step_that_is_not_the_writers_is_refused_with_the_text(self):
        response = self.press_save(**MINE, _publish="1")
        self.assertContains(response, "権限がありません", status_code=403)
        assert typed_texts(response)["body"] == MINE["body"]
        self.assert_nothing_stored()


class EditorTests(DeskCase):
    def test_editor_whose_article_was_deleted_meanwhile_gets_the_text_back(self):
        post = make_draft("題")
        url = url_of(post)
        opened = values_at(self.client, url)
        delete_posts([post])
        response = self.client.post(url, {**opened, **MINE})
        self.assertContains(response, "削除されたか", status_code=404)
        assert typed_texts(response).items() >= MINE.items()
        assert not Post.objects.exists()

    def test_form_for_what_is_gone_gives_the_text_back_to_whoever_may_look_and_to_nobody_else(self):
        for model in (Post, Page):
            url = f"/admin/blog/{model._meta.model_name}/99999/change/"
            looker = make_user(f"{model.__name__}-looker", permissions=(f"view_{model._meta.model_name}",))
            for user, status in ((self.editor, 404), (looker, 404), (make_user(f"{model.__name__}-nobody"), 403)):
                with self.subTest(user=user):
                    self.client.force_login(user)
                    response = self.client.post(url, {"body": "大事な本文。"})
                    assert response.status_code == status
                    assert ("大事な本文。" in response.content.decode()) is (status == 404)
                    assert self.client.post(url, {}).status_code == (403 if user != self.editor else 302)

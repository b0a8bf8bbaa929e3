"""A form that is sent twice makes one article, one save and one mail. Text that is typed later is not lost."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client, TransactionTestCase
from django.urls import reverse

from blog.editing.permissions import EDITOR, WRITER
from blog.editing.saving import lock_for_update, save_post
from blog.models import Post, PostRevision
from tests.admin.desk import DeskCase, errors_of, fields_of, url_of, values_at
from tests.editing.test_simultaneous_saves import wait_until_somebody_waits
from tests.factories import make_author, make_category, make_draft, make_in_review, make_post, make_scheduled, make_user
from tests.patience import PATIENCE
from tests.queue import do_queued_tasks

ADD, LIST = url_of(Post, "add"), reverse("admin:blog_post_changelist")
AT_A_TIME = {"publish_at_0": "2099-01-01", "publish_at_1": "07:00:00"}
ALREADY = "すでにこの内容で保存されています"


class SentAgainCase(DeskCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.writer = make_user("writer", role=WRITER, email="writer@example.jp")
        cls.author = make_author("書き手", "writer", user=cls.writer)
        cls.editor.email = "editor@example.jp"
        cls.editor.save()

    def new(self, **typed: Any) -> dict[str, Any]:
        """The add form as it is sent."""
        texts = {"title": "題", "excerpt": "リード文です。", "body": "本文。\r\n"}
        about = {"category": make_category().pk, "author": self.author.pk}
        return {**values_at(self.client, ADD), **texts, **about, **typed}

    def send(self, url: str, data: dict[str, Any], times: int = 3) -> list[Any]:
        answers = [self.client.post(url, data) for _ in range(times)]
        do_queued_tasks()
        return answers


@pytest.mark.sqlite  # PostgreSQL repeats what asks it something of its own, and what comes at once
class AddFormTests(SentAgainCase):
    def test_form_that_comes_three_times_makes_one_article_whatever_the_button(self):
        for number, (button, state) in enumerate(
            (("_save", "draft"), ("_continue", "draft"), ("_submit", "in_review"), ("_publish", "published"))
        ):
            with self.subTest(button):
                data = self.new(title=f"題{number}", **{button: "1"})
                _, *again = self.send(ADD, data)
                post = Post.objects.get(title=f"題{number}")
                assert (post.state, post.version, post.revisions.count()) == (state, 0, 1)
                assert [answer["Location"] for answer in again] == [url_of(post)] * 2
                self.assertContains(self.client.get(url_of(post)), ALREADY)
        assert Post.objects.count() == 4
        assert sorted(sent.to for sent in mail.outbox) == [["writer@example.jp"]]

    def test_form_without_a_key_is_given_back_with_one_and_with_all_that_was_typed(self):
        for key in (None, "", "x", "0" * 31, "\x00", "[]"):
            with self.subTest(key):
                data = self.new(body="大事な文。\r\n", _publish="1")
                del data["form_key"], data["autosave_key"]
                keys = {} if key is None else {"form_key": key, "autosave_key": key}
                for _ in range(2):
                    answer = self.client.post(ADD, {**data, **keys})
                    assert answer.status_code == 200
                    assert "まだ保存していません" in str(errors_of(answer))
                assert not Post.objects.exists()
                again = fields_of(answer)
                assert again["body"] == data["body"]
                self.send(ADD, {**again, "_publish": "1"})
                Post.objects.get().delete()

    def test_key_of_somebody_else_leads_to_nothing_of_theirs(self):
        data = self.new()
        self.client.post(ADD, data)
        self.client.force_login(make_user("other", role=EDITOR))
        self.client.post(ADD, data)
        assert Post.objects.count() == 2

    def test_what_was_typed_after_going_back_becomes_an_edit_of_the_same_article(self):
        for button in ("_save", "_publish"):
            with self.subTest(button):
                data = self.new(title=f"題{button}", **{button: "1"})
                self.client.post(ADD, data)
                do_queued_tasks()
                mail.outbox.clear()
                self.send(ADD, {**data, "body": "続き。\r\n"}, times=1)
                post = Post.objects.get(title=f"題{button}")
                assert (post.body, post.version) == ("続き。\n", 1)
                assert mail.outbox == []

    def test_text_is_kept_where_the_article_has_gone_out_of_hand(self):
        data = self.new(body="大事な文。\r\n")
        self.client.post(ADD, data)
        Post.objects.get().delete()
        assert self.client.post(ADD, data).status_code == 302  # it is not there: this makes it
        assert Post.objects.get().body == "大事な文。\n"


@pytest.mark.sqlite
class ChangeFormTests(SentAgainCase):
    @pytest.mark.postgresql
    def test_form_that_comes_three_times_is_saved_once_whatever_the_button(self):
        for button, make, state in (
            ({"_save": "1"}, make_draft, "draft"),
            ({"_continue": "1"}, make_in_review, "in_review"),
            ({"_submit": "1"}, make_draft, "in_review"),
            ({"_return": "1", "reason": "直す。\r\n二行目。"}, make_in_review, "draft"),
            ({"_publish": "1"}, make_draft, "published"),
            ({"_schedule": "1", **AT_A_TIME}, make_in_review, "scheduled"),
            ({"_unschedule": "1"}, make_scheduled, "draft"),
            ({"_save_live": "1"}, make_post, "published"),
            ({"_save_pending": "1"}, make_post, "published"),
        ):
            with self.subTest(button):
                do_queued_tasks()
                mail.outbox.clear()
                post = make("題", author=self.author)
                data = {**values_at(self.client, url_of(post)), "title": "改めた題", "tag_names": "甲", **button}
                first, *again = self.send(url_of(post), data)
                assert first.status_code == 302
                assert [answer["Location"] for answer in again] == [url_of(post)] * 2
                stored = Post.objects.get(pk=post.pk)
                assert (stored.state, stored.version) == (state, post.version + 1)
                assert not post.revisions.filter(kind=PostRevision.Kind.UNMERGED).exists()
                assert post.revisions.filter(user=self.editor).count() == 1
                assert len(mail.outbox) <= 1

    def test_writer_who_submits_twice_is_told_that_it_is_submitted(self):
        self.client.force_login(self.writer)
        post = make_draft("題", author=self.author)
        data = {**values_at(self.client, url_of(post)), "title": "改めた題", "_submit": "1"}
        _, again = self.send(url_of(post), data, times=2)
        assert again["Location"] == url_of(post)
        self.assertContains(self.client.get(url_of(post)), f"{ALREADY}（確認待ち）")
        assert len(mail.outbox) == 1
        for changes in ({"body": "続き。\r\n"}, {"noindex": "on"}, {"category": make_category("別", "b").pk}):
            assert self.client.post(url_of(post), {**data, **changes}).status_code == 403


class OtherFormsTests(SentAgainCase):
    def test_old_version_that_is_put_back_twice_is_told_to_be_back(self):
        post = make_draft("題")
        post.title = "改めた題"
        save_post(post, by=self.editor, expected_version=0)
        url = reverse("admin:blog_post_restore", args=[post.pk, 1])
        _, again = self.send(url, {"version": "1"}, times=2)
        self.assertContains(self.client.get(again["Location"]), "すでに第1版の内容に戻しました")
        assert post.revisions.count() == 3

    def test_step_that_is_confirmed_twice_in_the_list_is_mailed_once(self):
        post = make_in_review("題", author=self.author)
        self.send(LIST, {"action": "publish", "_selected_action": [post.pk], "confirmed": "1"})
        assert len(mail.outbox) == 1
        assert post.revisions.filter(kind=PostRevision.Kind.PUBLISHED).count() == 1


@pytest.mark.postgresql
class AtOnceTests(TransactionTestCase):
    """On SQLite a request that writes holds the write lock before it reads."""

    def setUp(self):
        self.user = make_user(role=EDITOR)
        self.about = {"category": make_category().pk, "author": make_author().pk}
        self.clients = [Client() for _ in range(3)]
        for client in self.clients:
            client.force_login(self.user)

    def press(self, together: Barrier, url: str, data: dict[str, Any], client: Client) -> Any:
        try:
            together.wait(timeout=PATIENCE)
            return client.post(url, data)
        finally:
            connection.close()

    def answers(self, url: str, data: dict[str, Any]) -> list[Any]:
        press = partial(self.press, Barrier(3), url, data)
        with ThreadPoolExecutor(3) as threads:
            return list(threads.map(press, self.clients))

    def test_add_form_that_comes_three_times_at_once_makes_one_article(self):
        opened = values_at(self.clients[0], ADD)
        texts = {"title": "題", "slug": "dai", "excerpt": "リード文です。", "body": "本文です。"}
        answers = self.answers(ADD, {**opened, **texts, **self.about, "_publish": "1"})
        assert [answer.status_code for answer in answers] == [302] * 3
        post = Post.objects.get()
        assert (post.version, post.revisions.count()) == (0, 1)
        assert sum(answer["Location"] == url_of(post) for answer in answers) == 2

    def test_change_form_that_is_sent_again_while_the_first_is_saved_is_no_conflict(self):
        post = make_draft("題")
        url = url_of(post)
        data = {**values_at(self.clients[0], url), "title": "改めた題", "_publish": "1"}

        def send_again():
            try:
                return self.clients[1].post(url, data)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as threads:
            with transaction.atomic():
                lock_for_update(post.pk)
                assert self.clients[0].post(url, data).status_code == 302
                again = threads.submit(send_again)
                wait_until_somebody_waits()
            answer = again.result(timeout=PATIENCE)
        assert answer["Location"] == url
        assert not post.revisions.filter(kind=PostRevision.Kind.UNMERGED).exists()
        assert Post.objects.get().version == post.version + 1

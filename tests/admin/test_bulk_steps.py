"""Steps for several articles at once, from the list: the desk asks first, then takes each step by itself."""

from unittest import mock

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.urls import reverse

from blog.editing.permissions import WRITER
from blog.models import Permalink, Post
from tests.admin.desk import DeskCase
from tests.factories import (
    make_author,
    make_draft,
    make_in_review,
    make_post,
    make_user,
)
from tests.queue import do_queued_tasks

# About which step is taken from which state: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

LIST = reverse("admin:blog_post_changelist")


class BulkCase(DeskCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.writer = make_user("writer", role=WRITER, email="writer@example.jp")
        cls.author = make_author("書き手", "writer", user=cls.writer)

    def ask(self, step, *posts, **fields):
        return self.client.post(LIST, {"action": step, "_selected_action": [post.pk for post in posts], **fields})

    def take(self, step, *posts, **fields):
        response = self.ask(step, *posts, confirmed="1", **fields)
        do_queued_tasks()
        return response

    def state(self, post):
        return Post.objects.get(pk=post.pk).state


class ConfirmationTests(BulkCase):
    def test_nothing_happens_before_the_confirmation_which_names_what_goes_and_what_stays(self):
        draft, public = make_draft("行く記事"), make_post("残る記事")
        response = self.ask("publish", draft, public)
        self.assertContains(response, "行く記事")
        self.assertContains(response, "次の1件は対象になりません")
        self.assertContains(response, "残る記事（公開）")
        assert self.state(draft) == Post.State.DRAFT
        assert mail.outbox == []

    @pytest.mark.postgresql
    def test_confirmed_step_is_taken_by_each_and_stands_in_the_history(self):
        first, second, public = make_draft(), make_in_review(), make_post()
        assert self.take("publish", first, second, public).status_code == 302
        assert [self.state(post) for post in (first, second)] == [Post.State.PUBLISHED] * 2
        assert LogEntry.objects.filter(change_message="公開しました。").count() == 2

    def test_reason_and_time_are_asked_for_and_a_past_time_is_refused(self):
        post = make_in_review()
        for step, fields, words in (
            ("return", {"reason": " "}, "入力が必要です"),
            ("return", {"reason": "長" * 2_001}, "2000"),
            ("schedule", {}, "予約する日時を入れてください"),
            ("schedule", {"publish_at_0": "2020-01-01", "publish_at_1": "00:00"}, "過ぎた日時には予約できません"),
            ("schedule", {"publish_at_0": "x", "publish_at_1": "y"}, "日付を正しく"),
        ):
            with self.subTest(fields):
                response = self.take(step, post, **fields)
                self.assertContains(response, words)
                self.assertContains(response, "まだ何も変えていません")  # above the list, which may be long
                assert self.state(post) == Post.State.IN_REVIEW

    def test_post_that_cannot_go_does_not_hold_up_the_others(self):
        blocked, free = make_draft("塞がれた記事", slug="taken"), make_draft()
        clean = Post.clean

        def taken_meanwhile(post):
            clean(post)
            if post.slug == "taken":
                Permalink.objects.get_or_create(path=post.path, defaults={"target": "/"})

        with mock.patch.object(Post, "clean", taken_meanwhile):
            self.take("publish", blocked, free)
        assert [self.state(post) for post in (blocked, free)] == [Post.State.DRAFT, Post.State.PUBLISHED]
        self.assertContains(self.client.get(LIST), "塞がれた記事」：")

    def test_mail_goes_out_for_each_writer(self):
        self.take("return", *(make_in_review(f"記事{n}", author=self.author) for n in "AB"), reason="出典を足す")
        assert [message.to for message in mail.outbox] == [["writer@example.jp"]] * 2

    @pytest.mark.postgresql
    def test_more_than_can_be_looked_at_is_not_taken_at_once(self):
        Post.objects.bulk_create(
            Post(title="題", slug=f"s{n}", author=self.author, category=make_draft().category) for n in range(101)
        )
        keys = list(Post.objects.values_list("pk", flat=True))
        for ticked, across in ((keys[:1], "1"), (keys, "0")):
            data = {"action": "submit", "_selected_action": ticked, "select_across": across, "confirmed": "1"}
            self.assertContains(self.client.post(LIST, data, follow=True), "一度に選べるのは100件まで")
        assert not Post.objects.in_state(Post.State.IN_REVIEW).exists()


class WriterTests(BulkCase):
    def setUp(self):
        self.client.force_login(self.writer)

    def test_editorial_step_that_is_sent_by_hand_does_nothing(self):
        post = make_draft(author=self.author)
        for step in ("publish", "schedule", "withdraw", "return", "unschedule"):
            self.take(step, post, reason="x", publish_at_0="2099-01-01", publish_at_1="07:00")
            assert self.state(post) == Post.State.DRAFT

    def test_writer_submits_and_takes_back_only_their_own(self):
        own, other = make_draft(author=self.author), make_draft()
        self.take("submit", own, other)
        assert (self.state(own), self.state(other)) == (Post.State.IN_REVIEW, Post.State.DRAFT)
        theirs = make_in_review()
        self.take("recall", own, theirs)
        assert (self.state(own), self.state(theirs)) == (Post.State.DRAFT, Post.State.IN_REVIEW)

    def test_public_article_of_a_colleague_is_seen_and_not_moved(self):
        public = make_post()
        for step in ("submit", "recall", "withdraw"):
            self.take(step, public)
        assert self.state(public) == Post.State.PUBLISHED

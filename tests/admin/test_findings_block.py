"""Errors of the desk check keep a text from readers until it is mended or somebody says why they stay."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.editing.checking import store_findings
from blog.editing.pending import save_pending
from blog.editing.permissions import WRITER
from blog.editing.saving import save_post
from blog.models import Post, PostRevision
from blog.models.history import MAX_REASON
from tests.admin.desk import DeskCase, errors_of, fields_of, save, url_of, values_at
from tests.factories import (
    make_author,
    make_draft,
    make_in_review,
    make_post,
    make_unpublished,
    make_user,
)

# About which texts are held up and what is asked: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

LIST = reverse("admin:blog_post_changelist")
TOMORROW = timezone.localtime() + timedelta(days=1)
SCHEDULE = {"publish_at_0": f"{TOMORROW:%Y-%m-%d}", "publish_at_1": "07:00:00"}
STEPS = {"_publish": {"_publish": "1"}, "_schedule": {"_schedule": "1", **SCHEDULE}}
MARKED = "はじめの文です。\n\n---END---\n\nおわりの文です。\n"
SOUND = "はじめの文です。\n\nおわりの文です。\n"
WHY = "速報のため。校了後に直す。"


def stored(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def newest(post: Post) -> PostRevision:
    return post.revisions.first()


def state_of(post: Post) -> str:
    return str(stored(post).state)


class FormTests(DeskCase):
    def press(self, post, **fields):
        return save(self.client, url_of(post), **fields)

    def test_text_with_errors_is_neither_published_nor_scheduled_and_comes_back_as_it_was_typed(self):
        for button, fields in STEPS.items():
            for make in (make_draft, make_in_review):
                with self.subTest(button, make=make.__name__):
                    post = make(body=SOUND)
                    response = self.press(post, title="改めた題", body=MARKED, **fields)
                    assert "公開を止める指摘があります" in errors_of(response)["__all__"][0]
                    self.assertContains(response, "公開する前に確かめること")
                    sent = fields_of(response)
                    assert (sent["title"], sent["body"]) == ("改めた題", MARKED.replace("\n", "\r\n"))
                    assert (stored(post).state, stored(post).body) == (post.state, SOUND)

    def test_text_in_order_goes_out_with_one_press_and_warnings_hold_nothing_up(self):
        for body in (SOUND, f"# 大きな見出し\n\n{SOUND}"):
            post = make_draft(body=body)
            assert self.press(post, _publish="1").status_code == 302
            assert state_of(post) == "published"
            assert newest(post).override_reason == ""

    def test_reason_lets_the_text_out_and_stands_in_the_history(self):
        for fields in STEPS.values():
            post = make_draft(body=MARKED)
            assert self.press(post, override_reason=f" {WHY}\r\n", **fields).status_code == 302
            assert stored(post).state in (Post.State.PUBLISHED, Post.State.SCHEDULED)
            revision = newest(post)
            assert (revision.override_reason, revision.who) == (WHY, "editor")
            assert [error.partition("：")[0] for error in revision.overridden] == ["3行目"]
            self.assertContains(self.client.get(url_of(post, "history")), WHY)
            address = reverse("admin:blog_post_revision", args=[post.pk, revision.number])
            self.assertContains(self.client.get(address), revision.overridden[0])

    def test_old_error_holds_no_correction_up_and_is_said(self):
        for is_checked in (True, False):
            with self.subTest(is_checked=is_checked):
                post = make_post(body=MARKED)
                if is_checked:
                    store_findings(post)
                Post.objects.filter(pk=post.pk).update(is_checked=is_checked)
                sent = values_at(self.client, url_of(post)) | {"title": "正した題", "_save_live": "1"}
                response = self.client.post(url_of(post), sent, follow=True)
                assert stored(post).title == "正した題"
                self.assertContains(response, "読者が見ている記事に、直したほうがよい指摘が1件あります")

    def test_correction_that_brings_an_error_is_asked_about_that_error_alone(self):
        post = make_post(body=SOUND, excerpt="")
        store_findings(post)
        Post.objects.update(is_checked=True)
        response = self.press(post, body=MARKED, _save_live="1")
        self.assertContains(response, "公開を止めている指摘（1件）")
        assert stored(post).body == SOUND
        assert self.press(post, body=MARKED, override_reason=WHY, _save_live="1").status_code == 302
        assert stored(post).body == MARKED
        assert newest(post).override_reason == WHY

    def test_save_of_what_readers_do_not_see_is_not_held_up(self):
        for make in (make_draft, make_in_review, make_unpublished):
            post = make(body=SOUND)
            assert self.saved(post, body=MARKED, _save="1").body == MARKED
        assert self.saved(make_draft(), body=MARKED, _submit="1").state == Post.State.IN_REVIEW
        live = make_post(body=SOUND)
        self.saved(live, body=MARKED, _save_pending="1")
        assert stored(live).body == SOUND


class PendingTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.post = make_post(body=SOUND)
        self.post.body = MARKED
        save_pending(self.post, by=self.editor, tags=[], related=[], expected_version=self.post.version)
        self.url = reverse("admin:blog_post_pending", args=[self.post.pk])

    def release(self, **fields):
        return self.client.post(self.url, {"version": stored(self.post).version, "release": "1", **fields})

    def test_page_asks_before_errors_reach_the_readers_of_a_live_article(self):
        page = self.client.get(self.url)
        self.assertContains(page, "公開を止めている指摘（1件）")
        self.assertContains(page, "直さずに公開する理由</label>")  # without the colon of Western labels
        self.assertContains(self.release(), "保存していません")
        self.assertContains(self.release(override_reason="長" * (MAX_REASON + 1)), "長" * (MAX_REASON + 1))
        assert stored(self.post).body == SOUND
        assert self.release(override_reason=WHY).status_code == 302
        assert stored(self.post).body == MARKED
        assert (newest(self.post).kind, newest(self.post).override_reason) == ("released", WHY)


class RestoreTests(DeskCase):
    def test_old_version_with_errors_goes_to_readers_only_by_way_of_a_pending_version(self):
        post = save_post(make_draft(body=MARKED), by=self.editor)
        post.body = SOUND
        post.publish()
        save_post(post, by=self.editor)
        url = reverse("admin:blog_post_restore", args=[post.pk, 1])
        response = self.client.post(url, {"version": post.version}, follow=True)
        self.assertContains(response, "公開せずに保存すると")
        assert stored(post).body == SOUND
        self.client.post(url, {"version": post.version, "pending": ""})
        assert stored(post).pending_revision.snapshot["body"] == MARKED


class BulkTests(DeskCase):
    def take(self, step, *posts, **fields):
        return self.client.post(LIST, {"action": step, "_selected_action": [post.pk for post in posts], **fields})

    def test_question_names_the_articles_that_have_errors(self):
        flawed, sound = make_draft("傷のある記事", body=MARKED), make_draft("整った記事", body=SOUND)
        for step in ("publish", "schedule"):
            page = self.take(step, flawed, sound)
            self.assertContains(page, "次の1件には、公開を止める指摘があります")
            self.assertContains(page, "3行目")
            assert [post.title for post, _ in page.context["flawed"]] == ["傷のある記事"]

    def test_all_go_with_a_reason_which_only_those_with_errors_bear(self):
        flawed, sound = make_draft(body=MARKED), make_draft(body=SOUND)
        self.take("schedule", flawed, sound, confirmed="1", override_reason=WHY, **SCHEDULE)
        assert (state_of(flawed), state_of(sound)) == ("scheduled", "scheduled")
        assert newest(flawed).override_reason == WHY
        assert not sound.revisions.exclude(override_reason="").exists()


@pytest.mark.postgresql
@pytest.mark.django_db
def test_writer_gets_no_text_out_with_a_reason(client):
    user = make_user(role=WRITER)
    client.force_login(user)
    author = make_author("署名", "own", user=user)
    for make in (make_draft, make_in_review, make_unpublished):
        post = make(body=MARKED, author=author)
        assert "override_reason" not in client.get(url_of(post)).content.decode()
        opened = {"title": "題", "body": MARKED, "base_version": post.version}
        for fields in STEPS.values():
            client.post(url_of(post), {**opened, **fields, "override_reason": WHY})
        for step in ("publish", "schedule"):
            sent = {"action": step, "_selected_action": [post.pk], "confirmed": "1", "override_reason": WHY, **SCHEDULE}
            client.post(LIST, sent)
        assert stored(post).state == post.state
    assert not PostRevision.objects.exclude(override_reason="").exists()

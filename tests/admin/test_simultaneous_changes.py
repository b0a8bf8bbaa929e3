"""Rows can change between the desk's checks and its writing: it checks again under the lock, and tells the user."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, TransactionTestCase
from django.urls import reverse
from django.utils import timezone

from blog.admin.post.form import PROPOSE_ONLY
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.renaming import merge_tags, save_moved
from blog.editing.saving import delete_posts, lock_for_update, save_post
from blog.editing.static_pages import save_page
from blog.models import Image, Permalink, Post, PreviewLink, Tag
from tests.admin.desk import DeskCase, errors_of, url_of, values_at
from tests.editing.test_simultaneous_saves import wait_until_somebody_waits
from tests.factories import make_author, make_category, make_draft, make_image, make_page, make_scheduled, make_user
from tests.patience import PATIENCE

LIST = reverse("admin:blog_post_changelist")


def delete_one(client: Client, post: Post) -> HttpResponse:
    return client.post(url_of(post, "delete"), {"post": "yes"}, follow=True)


def delete_many(client: Client, *posts: Post) -> HttpResponse:
    data = {"action": "delete_selected", "_selected_action": [post.pk for post in posts], "post": "yes"}
    return client.post(LIST, data, follow=True)


def publish(post: Post) -> None:
    stored = lock_for_update(post.pk)
    stored.publish()
    save_post(stored)


def submit(post: Post) -> None:
    stored = lock_for_update(post.pk)
    stored.submit()
    save_post(stored)


@pytest.mark.postgresql
class SimultaneousChangesTests(TransactionTestCase):
    """On SQLite a request that writes holds the write lock before it reads."""

    def setUp(self):
        self.writer = make_user("writer", role=WRITER)
        self.author = make_author("書き手", "writer", user=self.writer)
        self.post = make_draft("題", slug="story", body="元の文。\n", author=self.author)
        self.client.force_login(self.writer)

    def log_in_editor(self):
        self.client.force_login(make_user(role=EDITOR))

    def answer_after(self, change: Callable[[], object], press: Callable[[], HttpResponse]) -> HttpResponse:
        """The answer to a button that is pressed before the change is committed and has to wait for it."""

        def press_elsewhere() -> HttpResponse:
            try:
                return press()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as threads:
            with transaction.atomic():
                change()
                answer = threads.submit(press_elsewhere)
                wait_until_somebody_waits()
            return answer.result(timeout=PATIENCE)

    def test_article_that_was_published_before_its_writer_deletes_it_stays_with_its_address(self):
        for delete in (delete_one, delete_many):
            post = make_draft("題", author=self.author)
            answer = self.answer_after(partial(publish, post), partial(delete, self.client, post))
            self.assertContains(answer, "何も削除していません")
            self.assertContains(answer, "「題」（公開したことのある記事は、削除せずに取り下げてください）")
            assert Post.objects.get(pk=post.pk).is_public
            assert Permalink.objects.filter(post=post).exists()
        assert not LogEntry.objects.filter(content_type__model="post").exists()

    def test_article_that_was_submitted_meanwhile_is_not_its_writers_to_delete(self):
        answer = self.answer_after(lambda: submit(self.post), lambda: delete_one(self.client, self.post))
        self.assertContains(answer, "削除できるのは、自分の下書きだけです")
        assert Post.objects.filter(pk=self.post.pk).exists()

    def test_text_of_a_writer_whose_draft_is_published_meanwhile_comes_back_and_is_not_stored(self):
        opened = values_at(self.client, url_of(self.post))
        typed = {**opened, "body": "書きかけの文。\r\n"}
        answer = self.answer_after(lambda: publish(self.post), lambda: self.client.post(url_of(self.post), typed))
        assert PROPOSE_ONLY in errors_of(answer)["__all__"]
        self.assertContains(answer, "書きかけの文。")
        assert not self.post.revisions.filter(user=self.writer).exists()

    def test_preview_link_is_not_made_for_an_article_that_has_gone_on_but_revoked(self):
        url = reverse("admin:blog_post_preview_links", args=[self.post.pk])
        self.client.post(url, {"days": "7"})
        link = PreviewLink.objects.get()
        answer = self.answer_after(lambda: submit(self.post), lambda: self.client.post(url, {"days": "7"}))
        assert answer.status_code == 403
        assert PreviewLink.objects.get().is_usable
        revoke = reverse("admin:blog_post_revoke_link", args=[self.post.pk, link.pk])
        Post.objects.update(status=Post.Status.DRAFT)
        answer = self.answer_after(lambda: submit(self.post), lambda: self.client.post(revoke))
        assert answer.status_code == 302
        assert not PreviewLink.objects.get().is_usable

    def test_article_that_is_deleted_meanwhile_does_not_come_back_and_its_text_comes_back(self):
        opened = values_at(self.client, url_of(self.post))
        typed = {**opened, "body": "書きかけの文。\r\n"}
        answer = self.answer_after(
            lambda: delete_posts([self.post]), lambda: self.client.post(url_of(self.post), typed)
        )
        self.assertContains(answer, "削除されたか", status_code=404)
        self.assertContains(answer, "書きかけの文。", status_code=404)
        assert not Post.objects.exists()

    def test_tag_that_is_merged_meanwhile_does_not_come_back(self):
        self.log_in_editor()
        gone, into = Tag.objects.create(name="甲"), Tag.objects.create(name="乙")
        renamed = {**values_at(self.client, url_of(gone)), "name": "丙"}
        answer = self.answer_after(
            lambda: merge_tags([gone], into), lambda: self.client.post(url_of(gone), renamed, follow=True)
        )
        self.assertContains(answer, "削除されたかもしれません")
        assert list(Tag.objects.all()) == [into]
        assert Permalink.objects.get(path="/tags/甲/").target == "/tags/乙/"

    def test_section_that_gets_an_article_meanwhile_is_not_deleted(self):
        self.log_in_editor()
        section = make_category("新しいセクション", "new")
        data = {"action": "delete_selected", "_selected_action": [section.pk], "post": "yes"}
        for press in (
            lambda: self.client.post(url_of(section, "delete"), {"post": "yes"}),
            lambda: self.client.post(url_of(type(section), "changelist"), data),
        ):
            self.post.category = make_category()
            save_post(self.post)

            def take_section():
                self.post.category = section
                save_post(self.post)

            answer = self.answer_after(take_section, press)
            self.assertContains(answer, ">題</a>")
            assert type(section).objects.filter(pk=section.pk).exists()

    def test_picture_is_deleted_while_somebody_writes_into_the_ledger(self):
        """The deletion had locked all articles and waited for the ledger, the other one the other way round."""
        self.log_in_editor()
        image = make_image()

        def delete() -> HttpResponse:
            try:
                return self.client.post(url_of(image, "delete"), {"post": "yes"})
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as threads, transaction.atomic():
            Permalink.objects.create(path="/old/", post=self.post)
            assert threads.submit(delete).result(timeout=PATIENCE).status_code == 302
        assert not Image.objects.exists()

    def test_picture_that_a_page_or_an_author_gets_meanwhile_is_not_deleted(self):
        self.log_in_editor()
        image = make_image()
        page, byline = make_page(), make_author()
        data = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
        delete, delete_all = url_of(image, "delete"), url_of(Image, "changelist")
        for user, field, value, back, save in (
            (page, "body", f"![]({image.file.url})", "文", save_page),
            (byline, "avatar", image, None, save_moved),
        ):
            for press in (
                lambda: self.client.post(delete, {"post": "yes"}),
                lambda: self.client.post(delete_all, data),
            ):

                def take_picture(user=user, field=field, value=value, save=save):
                    setattr(user, field, value)
                    save(user)

                answer = self.answer_after(take_picture, press)
                self.assertContains(answer, url_of(user))
                assert Image.objects.filter(pk=image.pk).exists()
                take_picture(value=back)


class HourTests(DeskCase):
    def test_scheduled_article_that_comes_out_before_it_is_deleted_stays(self):
        for delete in (delete_one, delete_many):
            with self.subTest(delete.__name__), time_machine.travel(timezone.now(), tick=False) as clock:
                self.client.force_login(self.editor)  # the last one's clock ended the session
                post = make_scheduled("題")

                def its_hour_comes(execute, sql, *args, clock=clock, post=post):
                    if "django_admin_log" in sql:  # written once all was checked
                        clock.move_to(post.published_at)
                    return execute(sql, *args)

                with connection.execute_wrapper(its_hour_comes):
                    answer = delete(self.client, post)
                self.assertContains(answer, "公開したことのある記事は、削除せずに取り下げてください")
                assert Post.objects.get(pk=post.pk).is_public
        assert not LogEntry.objects.filter(content_type__model="post").exists()

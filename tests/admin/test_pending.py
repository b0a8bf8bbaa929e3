"""Pending versions at the desk: saved, opened again, looked at, released, discarded."""

import re
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from blog.editing import permissions
from blog.models import Post, PostRevision
from tests.admin.desk import DeskCase, fields_of, url_of, values_at
from tests.admin.test_posts import related_fields
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_in_review,
    make_released,
    make_scheduled,
    make_unpublished,
    make_user,
)

# About what the form of a waiting version shows and to whom: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

Kind = PostRevision.Kind
PENDING = {"_save_pending": "1"}


def pending_page(post):
    return reverse("admin:blog_post_pending", args=[post.pk])


class PendingCase(DeskCase):
    def pended(self, post, **changes):
        return self.saved(post, **changes, **PENDING)

    def end(self, post, what, **data):
        version = Post.objects.get(pk=post.pk).version
        return self.client.post(pending_page(post), {"version": version, what: "1", **data}, follow=True)


class SaveTests(PendingCase):
    def test_form_opens_on_it_and_readers_see_the_old_one(self):
        author, image, other = make_author("調査班", "research"), make_image(), make_released("関連")
        post = make_released("公開中の題", body="公開中の本文。", tags=["A"])
        changes = {
            "title": "次の題",
            "body": "次の本文。\r\n",
            "tag_names": "A、新しいタグ",
            "author": author.pk,
            "lead_image": image.pk,
            "noindex": "on",
            **related_fields((other, "理由", 1)),
        }
        post = self.pended(post, **changes)
        assert (post.title, post.author.name, post.noindex) == ("公開中の題", "編集部", False)
        page = self.client.get(post.get_absolute_url()).content.decode()
        assert "次の" not in page
        response = self.client.get(url_of(post))
        self.assertContains(response, "公開前の変更を開いています")
        shown = fields_of(response)
        for name in ("title", "body", "tag_names", "noindex"):
            assert shown[name] == changes[name], name
        assert (shown["author"], shown["lead_image"]) == (str(author.pk), str(image.pk))
        assert shown["related_rows-0-reason"] == "理由"

    def test_plain_save_of_what_was_opened_puts_it_live_and_ends_it(self):
        post = self.pended(
            make_released("題", tags=["A"]),
            title="次の題",
            tag_names="A、B",
            **related_fields((make_released("関連"), "", 1)),
        )
        post = self.saved(post)
        assert (post.title, post.pending_revision) == ("次の題", None)
        assert [tag.name for tag in post.tag_list] == ["A", "B"]
        assert [row.target.title for row in post.related_rows.all()] == ["関連"]

    def test_buttons_of_a_public_post_say_which_save_goes_live(self):
        html = self.client.get(url_of(make_released())).content.decode()
        values = re.findall(r'<input type="submit"[^>]*value="([^"]+)"', html)
        assert values[:2] == ["公開せずに保存", "公開中の記事に反映する"]
        for make in (make_draft, make_in_review, make_scheduled, make_unpublished):
            self.assertNotContains(self.client.get(url_of(make())), "公開せずに保存")

    def test_date_cannot_wait(self):
        errors = self.refused(make_released(), publish_at_0="2026-03-01", publish_at_1="00:00:00", **PENDING)
        assert "公開せずに保存できません" in errors["publish_at"][0]

    def test_second_editor_is_told_of_a_pending_save(self):
        post = make_released("題")
        opened = values_at(self.client, url_of(post))
        self.pended(post, title="先の題")
        for button in ({"_save_live": "1"}, PENDING):
            response = self.client.post(url_of(post), {**opened, "title": "後の題", **button})
            page = self.client.get(response["Location"])
            self.assertContains(page, "先の題")
            self.assertContains(page, "後の題")
        assert Post.objects.get(pk=post.pk).title == "題"


class EndTests(PendingCase):
    def test_page_shows_what_would_change_and_releases_it(self):
        post = self.pended(make_released("公開中の題", body="同じ本文。"), title="次の題")
        response = self.client.get(pending_page(post))
        self.assertContains(response, "<del>公開中</del>の題")
        self.assertContains(response, "<ins>次</ins>の題")
        self.assertNotContains(response, "同じ本文")
        self.assertContains(self.end(post, "release"), "公開前の変更を記事に反映しました。")
        self.assertContains(self.client.get(post.get_absolute_url()), "次の題")
        assert Post.objects.get(pk=post.pk).pending_revision is None

    def test_discarded_it_is_gone_from_the_form_and_stays_in_the_history(self):
        post = self.pended(make_released("公開中の題"), title="次の題")
        self.assertContains(self.end(post, "discard"), "第3版として履歴に残っています")
        response = self.client.get(url_of(post))
        self.assertNotContains(response, "公開前の変更を開いています")
        assert fields_of(response)["title"] == "公開中の題"
        self.assertContains(self.client.get(url_of(post, "history")), "公開前の変更を破棄")

    def test_address_that_readers_know_moves_only_once_both_were_seen(self):
        for make in (make_released, make_unpublished):
            with self.subTest(make.__name__):
                Post.objects.all().delete()
                post = self.pended(make_released(slug="old", title="公開中の題"), slug="new", title="次の題")
                Post.objects.filter(pk=post.pk).update(status=make().status)
                for response in (
                    self.client.get(pending_page(post)),
                    self.end(post, "release"),
                    self.end(post, "release", confirmed_path="/2026/04/01/old/"),
                    self.end(post, "release", confirmed_path="on"),
                ):
                    self.assertContains(response, "<dd>/2026/04/01/old/</dd>")
                    self.assertContains(response, "<dd>/2026/04/01/new/</dd>")
                    self.assertContains(response, 'name="confirmed_path" value="/2026/04/01/new/"')
                self.assertContains(response, "保存していません。この記事のURLが変わります。")
                assert Post.objects.get(pk=post.pk).path == "/2026/04/01/old/"
                self.end(post, "release", confirmed_path="/2026/04/01/new/")
                post = Post.objects.get(pk=post.pk)
                assert (post.path, post.title, post.pending_revision) == ("/2026/04/01/new/", "次の題", None)
                assert set(post.permalinks.values_list("path", flat=True)) == {"/2026/04/01/old/", post.path}

    @pytest.mark.postgresql
    def test_address_taken_between_check_and_save_is_said_and_nothing_moves(self):
        post = self.pended(make_released(slug="mine"), slug="wanted")
        make_released(slug="wanted")
        with mock.patch.object(Post, "full_clean"):  # it came before the other was saved
            response = self.end(post, "release", confirmed_path="/2026/04/01/wanted/")
        self.assertContains(response, "同じURLの記事があります。保存していません。")
        assert Post.objects.get(pk=post.pk).slug == "mine"

    def test_who_did_not_see_the_newest_ends_nothing(self):
        post = self.pended(make_released("公開中の題"), title="次の題")
        for version in (post.version - 1, "", "x", "-1", "9" * 30):
            for what in ("release", "discard"):
                self.assertContains(self.end(post, what, version=version), "そのあいだに別の人が")
        post = Post.objects.get(pk=post.pk)
        assert (post.title, post.pending_revision.snapshot["title"]) == ("公開中の題", "次の題")

    def test_only_editors_see_and_end_it(self):
        writer = make_user("writer", role=permissions.WRITER)
        post = self.pended(
            make_released("公開中の題", author=make_author("執筆者", "writer", user=writer)), title="次の題"
        )
        for user in (None, make_user("staff"), writer):
            client = Client()
            if user:
                client.force_login(user)
            for response in (
                client.get(pending_page(post)),
                client.post(pending_page(post), {"version": post.version, "release": "1"}),
                client.post(pending_page(post), {"version": post.version, "discard": "1"}),
            ):
                assert response.status_code in (302, 403, 404)
        post = Post.objects.get(pk=post.pk)
        assert (post.title, bool(post.pending_revision)) == ("公開中の題", True)

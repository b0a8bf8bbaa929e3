"""Two editors save one post: the second is told, loses nothing, and merges or overwrites knowingly."""

from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from blog.admin.post import admin as admin_module
from blog.editing import permissions
from blog.models import Post, PostRevision
from tests.admin.desk import DeskCase, errors_of, url_of, values_at
from tests.factories import make_author, make_draft, make_post, make_user

# About what a late save is told and how texts are merged: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

Kind = PostRevision.Kind
BODY = "一段落。\n\n二段落。\n\n三段落。\n"
OLD, NEW = "/2026/04/01/old/", "/2026/04/01/new/"


class ConflictCase(DeskCase):
    def conflict(self, post, *, mine, theirs):
        """Both editors open the form and the other one saves first. Returns where my save leads."""
        opened = values_at(self.client, url_of(post))
        self.saved(post, **theirs)
        response = self.client.post(url_of(post), {**opened, **mine})
        assert response.status_code == 302, errors_of(response)
        return response["Location"]

    def merge(self, page, **data):
        """Sends the merge form with these choices and returns the answer."""
        version = self.client.get(page).context["version"]
        return self.client.post(page, {"version": version, "merge": "1", **data}, follow=True)

    def overwrite(self, page, **data):
        version = self.client.get(page).context["version"]
        return self.client.post(page, {"version": version, "overwrite": "1", **data}, follow=True)


class ToldTests(ConflictCase):
    @pytest.mark.postgresql
    def test_second_editor_is_told_by_whom_and_sees_both_texts_and_nothing_is_lost(self):
        post = make_draft("題", body=BODY)
        page = self.conflict(
            post, mine={"body": BODY.replace("二", "私の二")}, theirs={"body": BODY.replace("二", "弐")}
        )
        response = self.client.get(page)
        self.assertContains(response, "この記事が保存されました")
        self.assertContains(response, "editor：保存")
        self.assertContains(response, "<ins>私の</ins>二段落。")
        self.assertContains(response, "<del>二</del><ins>弐</ins>段落。")
        assert Post.objects.get(pk=post.pk).body == BODY.replace("二", "弐")
        late = post.revisions.get(kind=Kind.UNMERGED)
        assert late.snapshot["body"] == BODY.replace("二", "私の二")
        self.assertContains(self.client.get(url_of(post, "history")), "保存できなかった内容")
        kept = self.client.get(reverse("admin:blog_post_revision", args=[post.pk, late.number]))
        self.assertContains(kept, "比べて統合する")

    def test_second_save_that_changed_nothing_leaves_the_first(self):
        post = make_draft("題")
        page = self.conflict(post, mine={}, theirs={"title": "改題"})
        assert page == url_of(post)
        self.assertContains(self.client.get(page), "あなたの変更はなかったので")
        assert not post.revisions.filter(kind=Kind.UNMERGED).exists()

    def test_step_of_the_second_is_not_taken(self):
        post = make_draft("題")
        self.conflict(post, mine={"title": "私の題", "_publish": "1"}, theirs={"body": "相手の本文"})
        assert Post.objects.get(pk=post.pk).state == Post.State.DRAFT

    def test_form_without_its_version_is_not_saved(self):
        for version in ("", "x", "-1", "99", "9" * 30):
            with self.subTest(version):
                post = make_draft("題")
                opened = values_at(self.client, url_of(post))
                response = self.client.post(url_of(post), {**opened, "base_version": version, "body": "大事な本文"})
                assert "保存していません" in " ".join(errors_of(response)["__all__"])
                self.assertContains(response, "大事な本文")
                assert Post.objects.get(pk=post.pk).body == "本文です。\n"

    def test_save_while_the_form_waits_for_the_lock_leads_to_the_merge_too(self):
        post = make_draft("題", body=BODY)
        opened = values_at(self.client, url_of(post))

        def forestalled(*args, **kwargs):
            Post.objects.filter(pk=post.pk).update(version=post.version + 1)
            return lock_for_update(*args, **kwargs)

        lock_for_update = admin_module.lock_for_update
        with mock.patch.object(admin_module, "lock_for_update", forestalled):
            response = self.client.post(url_of(post), {**opened, "body": "大事な本文"})
        assert "merge" in response["Location"]
        assert post.revisions.get(kind=Kind.UNMERGED).snapshot["body"] == "大事な本文"


class MergeTests(ConflictCase):
    def test_fields_that_one_side_changed_need_no_answer(self):
        post = make_draft("題", excerpt="リード", body=BODY, tags=["A"])
        mine = {"title": "私の題", "body": BODY.replace("一", "私の一"), "noindex": "on"}
        theirs = {"excerpt": "相手のリード", "body": BODY.replace("三", "相手の三"), "tag_names": "A、B"}
        page = self.conflict(post, mine=mine, theirs=theirs)
        html = self.client.get(page).content.decode()
        assert 'type="radio"' not in html
        self.assertContains(self.merge(page), "統合して保存しました")
        post = Post.objects.get(pk=post.pk)
        assert (post.title, post.excerpt, post.noindex) == ("私の題", "相手のリード", True)
        assert post.body == BODY.replace("一", "私の一").replace("三", "相手の三")
        assert [tag.name for tag in post.tag_list] == ["A", "B"]
        assert post.revisions.first().kind == Kind.MERGED

    def test_each_place_that_both_changed_is_answered(self):
        post = make_draft("題", body=BODY, tags=["A"])
        author = make_author("相手", "theirs")
        mine = {"title": "私の題", "body": BODY.replace("二", "私の二"), "tag_names": "私のタグ"}
        theirs = {"title": "相手の題", "body": BODY.replace("二", "弐"), "tag_names": "相手のタグ", "author": author.pk}
        page = self.conflict(post, mine=mine, theirs=theirs)
        answers = {
            "choice_title": "mine",
            "text_title": "二人の題",
            "choice_body_1": "mine",
            "text_body_1": "二人の二段落。\r\n\r\n足した段落。",
            "choice_tags": "mine",
        }
        self.merge(page, **answers)
        post = Post.objects.get(pk=post.pk)
        assert (post.title, post.author) == ("二人の題", author)
        assert post.body == "一段落。\n\n二人の二段落。\n\n足した段落。\n\n三段落。\n"
        assert [tag.name for tag in post.tag_list] == ["私のタグ"]

    def test_unanswered_question_saves_nothing_and_keeps_what_was_rewritten(self):
        post = make_draft("題")
        page = self.conflict(post, mine={"title": "私の題"}, theirs={"title": "相手の題"})
        response = self.merge(page, text_title="書き直した題")
        self.assertContains(response, "どちらの内容にするかを選んでください。")
        self.assertContains(response, "書き直した題")
        assert Post.objects.get(pk=post.pk).title == "相手の題"

    def test_third_editor_in_between_leads_to_the_next_merge_with_what_was_decided(self):
        post = make_draft("題")
        page = self.conflict(post, mine={"title": "私の題"}, theirs={"title": "相手の題"})
        version = self.client.get(page).context["version"]
        self.saved(Post.objects.get(pk=post.pk), title="三人目の題")
        answers = {"version": version, "merge": "1", "choice_title": "mine", "text_title": "二人の題"}
        response = self.client.post(page, answers, follow=True)
        self.assertContains(response, "また別の人が保存しました")
        again = response.context["revision"]
        assert (again.snapshot["title"], again.version) == ("二人の題", version)
        assert Post.objects.get(pk=post.pk).title == "三人目の題"
        self.merge(response.redirect_chain[-1][0], choice_title="mine", text_title="三人の題")
        assert Post.objects.get(pk=post.pk).title == "三人の題"


class OverwriteTests(ConflictCase):
    def test_my_content_is_saved_and_theirs_stays_in_the_history(self):
        post = make_draft("題", excerpt="リード")
        page = self.conflict(post, mine={"title": "私の題"}, theirs={"title": "相手の題", "excerpt": "相手のリード"})
        self.assertContains(self.overwrite(page), "相手の保存も履歴に残っています")
        stored = Post.objects.get(pk=post.pk)
        assert (stored.title, stored.excerpt) == ("私の題", "リード")
        assert stored.revisions.first().kind == Kind.OVERWRITTEN
        titles = [revision.snapshot["title"] for revision in stored.revisions.all()]
        assert "相手の題" in titles

    def test_of_a_public_post_it_waits_unless_it_is_told_to_go_live(self):
        for where, title in (("pending", "相手の題"), ("", "相手の題"), ("live", "私の題")):
            with self.subTest(where):
                post = make_post("題")
                page = self.conflict(post, mine={"title": "私の題"}, theirs={"title": "相手の題"})
                self.overwrite(page, where=where)
                stored = Post.objects.get(pk=post.pk)
                assert stored.title == title
                assert bool(stored.pending_revision) is (where != "live")


class AddressTests(ConflictCase):
    """The result of a merge may change an address that readers know."""

    def moved(self, make=make_post):
        """The merge page of a post: I changed its address, and somebody else saved a new title first."""
        mine = {"slug": "new"} | ({"_save_pending": "1"} if make == make_post else {"confirmed_path": NEW})
        return self.conflict(make("題", slug="old"), mine=mine, theirs={"title": "相手の題"})

    def asked(self, response):
        """Checks the two forms of the page: only the one that was sent shows both addresses."""
        self.assertContains(response, "保存していません。この記事のURLが変わります。")
        self.assertContains(response, f"<dd>{OLD}</dd>", count=1)
        self.assertContains(response, f'name="confirmed_path" value="{NEW}"', count=1)
        return response.content.decode().split("<h2>統合しない</h2>")

    def test_it_moves_only_once_both_addresses_were_seen(self):
        for act in (self.merge, self.overwrite):
            with self.subTest(act.__name__):
                Post.objects.all().delete()
                page = self.moved()
                for confirmed in ({}, {"confirmed_path": OLD}, {"confirmed_path": "on"}):
                    self.asked(act(page, where="live", **confirmed))
                assert Post.objects.get().path == OLD
                self.assertNotContains(act(page, where="live", confirmed_path=NEW), "保存していません")
                assert Post.objects.get().path == NEW


class AuthorTests(ConflictCase):
    def test_writer_who_settles_what_an_editor_could_not_save_stays_the_author(self):
        writer = make_user("writer", role=permissions.WRITER)
        own = make_author("執筆者", "writer", user=writer)
        for act in (self.merge, self.overwrite):
            post = make_draft("題", author=own)
            page = self.conflict(
                post,
                mine={"author": make_author(act.__name__, act.__name__).pk, "title": "私の題"},
                theirs={"body": "相手"},
            )
            self.client.force_login(writer)
            act(page)
            self.client.force_login(self.editor)
            post = Post.objects.get(pk=post.pk)
            assert (post.title, post.author) == ("私の題", own)


class PagesTests(ConflictCase):
    def test_text_of_others_is_shown_as_text(self):
        post = make_draft("題", body=BODY)
        evil = "<script>alert(1)</script></textarea><img src=x onerror=alert(1)>"
        page = self.conflict(post, mine={"body": evil}, theirs={"body": evil + "。"})
        html = self.client.get(page).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html

    def test_nobody_else_sees_it_or_decides(self):
        post = make_draft("題")
        page = self.conflict(post, mine={"title": "秘匿の題"}, theirs={"title": "相手の題"})
        for user in (None, make_user("staff"), make_user("writer", role=permissions.WRITER)):
            client = Client()
            if user:
                client.force_login(user)
            for response in (client.get(page), client.post(page, {"version": 2, "overwrite": "1"})):
                assert response.status_code in (302, 403, 404)
                assert "秘匿" not in response.content.decode()
        assert Post.objects.get(pk=post.pk).title == "相手の題"

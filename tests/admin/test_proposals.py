"""A writer proposes changes of an own live article; only an editor brings them out."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.admin.post import bulk
from blog.admin.post.form import PROPOSE_ONLY
from blog.editing.releasing import plan_release
from blog.editing.saving import save_post
from blog.models import PlannedRelease, Post, PostRevision
from tests.admin.desk import WriterCase, errors_of, fields_in, fields_of, url_of, values_at
from tests.factories import make_draft, make_released

pytestmark = pytest.mark.sqlite

Kind = PostRevision.Kind
PROPOSE = {"_save_pending": "1"}
LIST = reverse("admin:blog_post_changelist")
BODY = "一段落。\n\n二段落。\n\n三段落。\n"
MINE = BODY.replace("三", "私の三")
STORED = ("title", "body", "slug", "author", "status", "published_at", "updated_at", "version", "saved_at")


class ProposalCase(WriterCase):
    def setUp(self):
        super().setUp()
        self.post = make_released("公開中の題", body=BODY, author=self.author, slug="live", tags=["甲"])

    def page(self, name, *args):
        return reverse(f"admin:blog_post_{name}", args=[self.post.pk, *args])

    def now(self):
        return Post.objects.get(pk=self.post.pk)

    def send(self, client=None, **changes):
        """Opens the form, changes these fields and sends it without a button."""
        client = client or self.client
        return client.post(url_of(self.post), {**values_at(client, url_of(self.post)), **changes})

    def propose(self, client=None, **changes):
        response = self.send(client, **changes, **PROPOSE)
        assert response.status_code == 302, errors_of(response)
        return self.now()

    def waiting(self, name):
        return self.now().pending_revision.snapshot[name]

    def plan(self):
        """Has the pending version go out in an hour."""
        at = timezone.now() + timedelta(hours=1)
        return plan_release(self.now(), at, by=self.editor, expected_version=self.now().version)


class ProposingTests(ProposalCase):
    def test_writer_has_one_verb_and_readers_see_no_change(self):
        html = self.client.get(url_of(self.post)).content.decode()
        assert re.findall(r'<input type="submit"[^>]*value="([^"]+)"', html) == ["変更を提案する"]
        assert re.findall(r'<button class="button step[^>]*', html) == []
        assert "編集者が反映するまで読者に見えません" in html
        before = Client().get(self.post.get_absolute_url()).content
        response = self.client.post(url_of(self.post), {**fields_in(html), "body": MINE, **PROPOSE}, follow=True)
        self.assertContains(response, "変更を提案しました")
        self.assertContains(response, "私の三段落")
        assert Client().get(self.post.get_absolute_url()).content == before
        revision = self.now().pending_revision
        assert (revision.kind, revision.user, revision.snapshot["body"]) == (Kind.PENDING, self.writer, MINE)

    def test_editor_sees_who_proposes_what_and_releases_it(self):
        self.propose(title="次の題")
        board = self.chief.get(reverse("admin:index"))
        self.assertContains(board, "writerさんが")
        self.assertContains(board, self.page("pending"))
        self.assertContains(self.chief.get(LIST, {"mark": "changes"}), "公開中の題")
        page = self.chief.get(self.page("pending"))
        self.assertContains(page, "writerが保存した")
        self.assertContains(page, "<ins>次</ins>の題")
        self.chief.post(self.page("pending"), {"version": self.now().version, "release": "1"})
        self.assertContains(Client().get(self.post.get_absolute_url()), "次の題")

    def test_writer_whose_draft_was_published_meanwhile_keeps_the_text_and_proposes_it(self):
        self.post = make_draft("下書きの題", body=BODY, author=self.author)
        opened = values_at(self.client, url_of(self.post))
        post = self.now()
        post.publish()
        save_post(post, by=self.editor)
        for button in ("_save", "_continue", "_submit"):
            response = self.client.post(url_of(self.post), {**opened, "body": MINE, button: "1"})
            assert PROPOSE_ONLY in errors_of(response)["__all__"]
            assert fields_of(response)["body"].replace("\r", "") == MINE
            self.assertContains(response, "変更を提案する")
        response = self.client.post(url_of(self.post), {**fields_of(response), **PROPOSE})
        merge = self.client.get(response["Location"])
        self.assertNotContains(merge, "公開中の記事に反映する")
        self.client.post(response["Location"], {"version": merge.context["version"], "merge": "1"})
        assert (self.now().body, self.waiting("body")) == (BODY, MINE)


class RefusalTests(ProposalCase):
    def stored(self):
        return Post.objects.values(*STORED).get(pk=self.post.pk)

    def test_other_verbs_store_nothing(self):
        before, form = self.stored(), values_at(self.client, url_of(self.post))  # stays valid: nothing is stored
        at = {"publish_at_0": "2026-01-01", "publish_at_1": "09:00:00", "reason": "理由"}
        for name, status in {
            **dict.fromkeys(("", "_save", "_save_live", "_continue", "_addanother", "_submit", "_recall"), 200),
            **dict.fromkeys(("_publish", "_schedule", "_withdraw", "_unschedule", "_return"), 403),
        }.items():
            for more in ({}, at) + (({**PROPOSE},) if status == 403 else ()):
                with self.subTest(name, more=more):
                    sent = {**form, "title": "勝手な題", "body": MINE, name: "1", **more}
                    response = self.client.post(url_of(self.post), sent)
                    assert response.status_code == status
                    self.assertContains(response, "私の三段落", status_code=status)
                    assert self.stored() == before
                    assert self.now().revisions.count() == 2

    def test_settings_of_a_live_article_are_not_the_writers(self):
        shown = self.client.get(url_of(self.post)).content.decode()
        assert not {"slug", "author", "publish_at_0", "change_kind"} & fields_in(shown).keys()
        self.propose(
            title="次の題",
            slug="mine",
            author=self.other.pk,
            publish_at_0="2026-01-01",
            publish_at_1="09:00:00",
            change_kind="correction",
            change_note="説明",
            status="draft",
        )
        snapshot, first = self.now().pending_revision.snapshot, self.now().revisions.get(number=2).snapshot
        assert snapshot == first | {"title": "次の題"}
        assert (snapshot["slug"], snapshot["author"][0]) == ("live", self.author.pk)

    def test_late_proposal_takes_back_no_setting_that_an_editor_changed_before_or_after_it_began(self):
        self.propose(self.chief, slug="next", author=self.other.pk)
        opened = values_at(self.client, url_of(self.post))
        self.propose(self.chief, slug="last", excerpt="編集者のリード文")
        merge = self.client.post(url_of(self.post), {**opened, "body": MINE, **PROPOSE})["Location"]
        page = self.chief.get(merge)
        assert page.context["labels"]["mine"] == ["本文"]
        self.chief.post(merge, {"version": page.context["version"], "merge": "1", "where": "pending"})
        assert (self.waiting("slug"), self.waiting("author")[0]) == ("last", self.other.pk)
        assert (self.waiting("body"), self.waiting("excerpt")) == (MINE, "編集者のリード文")

    @pytest.mark.postgresql
    def test_proposal_is_neither_released_nor_discarded_nor_planned_by_its_writer(self):
        self.propose(title="次の題")
        before, version = self.stored(), self.now().version
        at = {"plan_at_0": "2099-01-01", "plan_at_1": "09:00:00"}
        assert self.client.get(self.page("pending")).status_code == 403
        for button in ("release", "discard", "plan", "unplan"):
            answer = self.client.post(self.page("pending"), {"version": version, button: "1", **at})
            assert answer.status_code == 403, button
        assert self.stored() == before
        assert self.waiting("title") == "次の題"
        assert not PlannedRelease.objects.exists()

    def test_old_version_comes_back_as_a_proposal_only(self):
        revision = self.propose(title="次の題").revisions.get(number=1)
        page = self.client.get(self.page("revision", revision.number))
        self.assertContains(page, "この版に戻すことを提案する")
        self.assertNotContains(page, "戻して、公開中の記事に反映する")
        before = self.stored()
        data = {"version": self.now().version}
        assert self.client.post(self.page("restore", 1), data).status_code == 403
        assert self.stored() == before
        assert self.client.post(self.page("restore", 1), {**data, "pending": ""}).status_code == 302
        assert (self.waiting("title"), self.now().pending_revision.kind) == ("公開中の題", Kind.RESTORED)

    def test_late_edit_is_merged_into_the_proposal_only(self):
        opened = values_at(self.client, url_of(self.post))
        self.send(self.chief, body=BODY.replace("一", "壱"), _save_live="1")
        merge = self.client.post(url_of(self.post), {**opened, "body": MINE, **PROPOSE})["Location"]
        page = self.client.get(merge)
        self.assertNotContains(page, 'name="where"')
        answer = {"version": page.context["version"], "merge": "1"}
        live = BODY.replace("一", "壱")
        self.client.post(merge, {**answer, "where": "live"})
        assert self.now().body == live
        assert not self.now().pending_revision
        self.client.post(merge, answer)
        assert (self.now().body, self.waiting("body")) == (live, MINE.replace("一", "壱"))

    @pytest.mark.postgresql
    def test_article_is_not_deleted_nor_changed_from_the_list_nor_told_of(self):
        before = self.stored()
        for client in (self.client.get, self.client.post):
            client(url_of(self.post, "delete"), {"post": "yes"})
        chosen = {"_selected_action": [self.post.pk], "confirmed": "1", "post": "yes"}
        for action in ("delete_selected", "withdraw", "submit", "publish", bulk.NAME):
            self.client.post(LIST, {"action": action, "added": "乙", **chosen})
        told = {"kind": "correction", "note": "説明", "shows_text": "on"}
        assert self.client.post(self.page("amendment", 1), told).status_code == 403
        assert self.stored() == before
        assert [tag.name for tag in self.now().tag_list] == ["甲"]


class PlanTests(ProposalCase):
    def setUp(self):
        super().setUp()
        self.propose(title="次の題")
        self.opened = values_at(self.client, url_of(self.post))
        self.planned = self.plan()

    def test_writer_waits_while_a_release_is_planned_and_is_told_why(self):
        response = self.client.get(url_of(self.post))
        self.assertContains(response, "反映する予約があるので、それまで変更を提案できません")
        self.assertContains(response, "公開前の変更があります")
        self.assertNotContains(response, "_save_pending")

    def test_proposal_that_came_after_the_plan_is_refused_with_its_text_and_never_goes_out(self):
        version = self.now().version
        late = {**self.opened, "body": MINE, **PROPOSE}
        for fields in (late, {**late, "base_version": version}):
            response = self.client.post(url_of(self.post), fields)
            self.assertContains(response, "反映する予約が入りました", status_code=403)
            self.assertContains(response, "私の三段落", status_code=403)
        restored = self.client.post(self.page("restore", 1), {"version": version, "pending": ""})
        assert restored.status_code == 403
        assert (self.now().version, self.waiting("body")) == (version, BODY)
        assert PlannedRelease.objects.get() == self.planned

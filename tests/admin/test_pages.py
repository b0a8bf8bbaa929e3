"""Static pages at the desk: two editors of one page lose nothing, and forms that arrive too late keep their text."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest import mock

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, TransactionTestCase

from blog.admin.page import PageForm
from blog.editing.permissions import EDITOR
from blog.models import Page, PageRevision
from tests.admin.desk import DeskCase, errors_of, url_of, values_at
from tests.factories import make_page, make_user
from tests.patience import PATIENCE

EDITORS = 4
Kind = PageRevision.Kind
BODY = "一段落。\n\n二段落。\n\n三段落。\n"


class StateTests(DeskCase):
    @pytest.mark.sqlite
    def test_key_that_saves_has_no_button_on_a_live_page_which_goes_live_by_a_button_of_its_own(self):
        page, told = make_page(), "「反映する」を押すまで、書いたものは下書きに残るだけ"
        form = self.client.get(url_of(page))
        self.assertContains(form, told)
        self.assertContains(form, 'value="反映する"')
        self.assertNotContains(form, "data-room-save")  # what Ctrl+S would press
        self.assertContains(self.client.get(url_of(Page, "add")), "data-room-save")
        self.assertContains(self.client.post(url_of(page), {"title": ""}), told)  # stored as it was
        self.assertNotContains(self.client.get(url_of(Page, "add")), told)
        hidden = self.client.get(url_of(make_page("/hidden/", is_published=False)))
        self.assertContains(hidden, "読者には見えません。")
        self.assertNotContains(hidden, told)


@pytest.mark.sqlite
class SecondEditorTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.page = make_page(body=BODY, description="説明。")
        self.opened = values_at(self.client, url_of(self.page))

    def send(self, **changes):
        return self.client.post(url_of(self.page), {**self.opened, **changes})

    def conflict(self, **changes):
        """The page that merges these changes with what was saved before."""
        response = self.send(**changes)
        assert response.status_code == 302, errors_of(response)
        assert "/merge/" in response["Location"]
        return response["Location"]

    def answer(self, url, **choices):
        version = self.client.get(url).context["version"]
        return self.client.post(url, {"version": version, **choices}, follow=True)

    @pytest.mark.postgresql
    def test_second_save_is_kept_and_leads_to_a_page_that_shows_both_texts(self):
        self.saved(self.page, body=BODY.replace("二", "弐"), footer_position="0")
        response = self.client.get(self.conflict(body=BODY.replace("二", "<b>私</b>の二"), is_published=""))
        self.assertContains(response, "この固定ページが保存されました")
        self.assertContains(response, "<ins>弐</ins>")
        self.assertContains(response, "<ins>&lt;b&gt;私&lt;/b&gt;の</ins>二段落。")
        self.assertContains(response, "<dd>フッターの表示順</dd>")
        self.assertContains(response, "<dd>公開する</dd>")
        self.assertNotContains(response, "差し戻し")
        assert Page.objects.get().body == BODY.replace("二", "弐")
        assert self.page.revisions.get(kind=Kind.UNMERGED).snapshot["body"] == BODY.replace("二", "<b>私</b>の二")

    @pytest.mark.postgresql
    def test_edits_of_different_places_are_merged_without_a_question(self):
        self.saved(self.page, body=BODY.replace("一", "壱"), title="先の題")
        response = self.answer(self.conflict(body=BODY.replace("三", "参"), description="後の説明。"), merge="1")
        self.assertContains(response, "統合して保存しました")
        page = Page.objects.get()
        assert page.body == "壱段落。\n\n二段落。\n\n参段落。\n"
        assert (page.title, page.description) == ("先の題", "後の説明。")
        assert page.revisions.first().kind == Kind.MERGED

    def test_edits_of_one_place_wait_for_an_answer(self):
        self.saved(self.page, title="先の題")
        url = self.conflict(title="後の題")
        self.assertContains(self.answer(url, merge="1"), "まだ決まっていないところがあります")
        assert Page.objects.get().title == "先の題"
        self.answer(url, merge="1", choice_title="mine", text_title="二人の題")
        assert Page.objects.get().title == "二人の題"


class TooLateTests(DeskCase):
    """Forms for what is gone, or is no longer theirs."""

    def setUp(self):
        super().setUp()
        self.page = make_page(body=BODY)
        self.form = {**values_at(self.client, url_of(self.page)), "body": "大事な本文。\n", "title": "私の題"}

    def test_text_for_a_page_that_was_deleted_comes_back(self):
        self.page.delete()
        response = self.client.post(f"/admin/blog/page/{self.form['base_version']}1/change/", self.form)
        assert response.status_code == 404
        for words in ("この固定ページは、編集しているあいだに削除されました。", "大事な本文。", "私の題"):
            self.assertContains(response, words, status_code=404)

    def test_text_of_an_editor_who_may_no_longer_write_comes_back(self):
        self.editor.groups.clear()
        self.editor.user_permissions.add(Permission.objects.get(codename="view_page"))
        response = self.client.post(url_of(self.page), self.form)
        self.assertContains(response, "大事な本文。", status_code=403)
        self.assertContains(response, "権限がありません", status_code=403)
        assert Page.objects.get().body == BODY


@pytest.mark.sqlite
class NewPageTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.url = url_of(Page, "add")
        self.form = {**values_at(self.client, self.url), "title": "会社", "path": "/company/", "body": "本文。\n"}

    def test_form_sent_twice_makes_one_page_and_is_told_so(self):
        for _ in range(2):
            assert self.client.post(self.url, self.form).status_code == 302
        assert Page.objects.count() == PageRevision.objects.count() == 1


@pytest.mark.sqlite
class MoveTests(DeskCase):
    """A page that readers know does not move unasked."""

    def setUp(self):
        super().setUp()
        self.page = make_page(body=BODY)

    def moved(self, page, **typed):
        form = {**values_at(self.client, url_of(page)), "path": "/company/", **typed}
        return self.client.post(url_of(page), form)

    def test_new_address_is_shown_beside_the_old_one_before_anything_is_saved(self):
        response = self.moved(self.page, body="大事な本文。\n")
        assert "この固定ページのURLが変わります" in errors_of(response)["__all__"][0]
        self.assertContains(response, "<dd>/about/</dd>")
        self.assertContains(response, "<dd>/company/</dd>")
        self.assertContains(response, "大事な本文。")
        assert (Page.objects.get().path, Page.objects.get().body) == ("/about/", BODY)


@pytest.mark.postgresql
class SimultaneousSavesTests(TransactionTestCase):
    """On SQLite the whole request holds the write lock, so there is nothing to race for."""

    def test_one_of_those_who_save_at_once_is_taken_and_the_others_are_kept(self):
        user, page, together = make_user(role=EDITOR), make_page(), Barrier(EDITORS)
        clients = [Client() for _ in range(EDITORS)]
        for client in clients:
            client.force_login(user)
        opened, full_clean = values_at(clients[0], url_of(page)), PageForm.full_clean

        def check_together(form):
            together.wait(PATIENCE)
            full_clean(form)

        def save(number):
            try:
                return clients[number].post(url_of(page), {**opened, "body": f"編集{number}"})
            finally:
                connection.close()

        with mock.patch.object(PageForm, "full_clean", check_together), ThreadPoolExecutor(EDITORS) as threads:
            responses = list(threads.map(save, range(EDITORS)))
        told = {number for number, response in enumerate(responses) if "/merge/" in response["Location"]}
        assert len(told) == EDITORS - 1
        kept = page.revisions.filter(kind=Kind.UNMERGED)
        assert {revision.snapshot["body"] for revision in kept} == {f"編集{number}" for number in told}
        (taken,) = {*range(EDITORS)} - told
        assert Page.objects.get().body == f"編集{taken}"

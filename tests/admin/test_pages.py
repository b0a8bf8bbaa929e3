"""Static pages at the desk: nobody overwrites another editor's save without having seen it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from unittest import mock

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from blog.admin.page import PageForm
from blog.editing.permissions import EDITOR
from blog.models import Page
from tests.admin.desk import DeskCase, errors_of, fields_of, url_of
from tests.factories import make_page, make_user
from tests.patience import PATIENCE

EDITORS = 4


class SecondEditorTests(DeskCase):
    def setUp(self):
        super().setUp()
        self.page = make_page(body="元の文。\n", description="説明。")
        self.opened = fields_of(self.client.get(url_of(self.page)))

    def send(self, **changes):
        return self.client.post(url_of(self.page), {**self.opened, **changes})

    def test_second_save_is_refused_and_shows_both_texts(self):
        self.saved(self.page, body="先の文。\n", footer_position="0")
        response = self.send(body="後の<b>文</b>。\n", is_published="")
        assert "別の人がこのページを保存しました" in errors_of(response)["__all__"][0]
        assert [change.name for change in response.context["adminform"].form.differences] == [
            "body",
            "is_published",
            "footer_position",
        ]
        self.assertContains(response, "先の文。")
        self.assertContains(response, "<del>0</del>")
        self.assertContains(response, "<ins>（なし）</ins>")
        assert fields_of(response)["body"] == "後の<b>文</b>。\r\n"
        assert Page.objects.get().body == "先の文。\n"

    def test_whoever_saw_the_other_text_may_replace_it(self):
        self.saved(self.page, body="先の文。\n")
        again = fields_of(self.send(body="後の文。\n"))
        assert self.client.post(url_of(self.page), again).status_code == 302
        assert Page.objects.get().body == "後の文。\n"

    def test_third_editor_is_seen_too(self):
        self.saved(self.page, body="先の文。\n")
        again = fields_of(self.send(body="後の文。\n"))
        self.saved(self.page, body="三人目の文。\n")
        response = self.client.post(url_of(self.page), again)
        self.assertContains(response, "三人目")
        assert Page.objects.get().body == "三人目の文。\n"

    def test_other_save_is_not_forgotten_over_a_mistake(self):
        self.saved(self.page, title="先の題")
        mistaken = self.send(title="")
        assert "title" in errors_of(mistaken)
        response = self.client.post(url_of(self.page), {**fields_of(mistaken), "title": "後の題"})
        self.assertContains(response, "<del>先</del>")
        assert Page.objects.get().title == "先の題"

    def test_same_form_sent_twice_is_taken(self):
        for _ in range(2):
            assert self.send(body="後の文。\n").status_code == 302

    def test_form_that_does_not_tell_what_it_began_with_overwrites_nothing(self):
        for forged in ("", "\x00", "f" * 64):
            assert "__all__" in errors_of(self.send(body="後の文。\n", signature=forged))
        assert Page.objects.get().body == "元の文。\n"


@pytest.mark.postgresql
class SimultaneousSavesTests(TransactionTestCase):
    """On SQLite the whole request holds the write lock, so there is nothing to race for."""

    def test_one_of_those_who_save_at_once_is_taken_and_the_others_are_told(self):
        user, page, together = make_user(role=EDITOR), make_page(), Barrier(EDITORS)
        clients = [Client() for _ in range(EDITORS)]
        for client in clients:
            client.force_login(user)
        opened, full_clean = fields_of(clients[0].get(url_of(page))), PageForm.full_clean

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
        taken = [number for number, response in enumerate(responses) if response.status_code == 302]
        assert len(taken) == 1
        assert Page.objects.get().body == f"編集{taken[0]}"
        told = [response for response in responses if response.status_code == 200]
        assert all("別の人がこのページを保存しました" in errors_of(response)["__all__"][0] for response in told)

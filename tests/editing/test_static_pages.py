"""Saves of static pages: a revision each, one address at a time, and no lost update."""

import pytest
import time_machine
from django.test import TestCase

from blog.editing.pending import UnconfirmedPath, keep_unmerged
from blog.editing.permissions import EDITOR
from blog.editing.saving import StaleVersion
from blog.editing.static_pages import save_page, save_page_version
from blog.models import Page, PageRevision
from tests.factories import make_page, make_user

Kind = PageRevision.Kind


class SaveTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_user(role=EDITOR)

    def test_page_of_a_machine_begins_its_history_with_the_first_change(self):
        with time_machine.travel("2026-05-01T00:00:00Z", tick=False):
            page = save_page(Page(path="/about/", title="題", body="はじめ。"))
            assert not page.revisions.exists()
        page.body = "次。"
        save_page(page, by=self.editor)
        newest, original = page.revisions.all()
        assert (original.kind, original.snapshot["body"], original.who) == (Kind.ORIGINAL, "はじめ。", "")
        assert original.created_at.isoformat() == "2026-05-01T00:00:00+00:00"
        assert (newest.kind, newest.changed, newest.version) == (Kind.SAVED, ["body"], page.version)

    def test_save_that_changed_nothing_adds_no_revision_and_is_still_compared(self):
        page = make_page()
        save_page(page, by=self.editor)
        save_page(page, by=self.editor)
        assert page.revisions.count() == 1
        with pytest.raises(StaleVersion):
            save_page(page, by=self.editor, expected_version=0)

    def test_page_that_was_deleted_meanwhile_does_not_come_back(self):
        page = make_page()
        Page.objects.all().delete()
        with pytest.raises(Page.DoesNotExist):
            save_page(page, by=self.editor)


class PutTests(TestCase):
    def setUp(self):
        self.editor = make_user(role=EDITOR)
        self.page = save_page(Page(path="/about/", title="題", body="文。", is_published=True), by=self.editor)
        self.first = self.page.revisions.get()

    def put(self, **about):
        snapshot = self.first.snapshot | about.pop("snapshot", {})
        values = {"by": self.editor, "expected_version": self.page.version, "kind": Kind.MERGED, "source": self.first}
        return save_page_version(self.page, snapshot, **values | about)

    def test_new_address_of_what_readers_know_needs_a_confirmation(self):
        for confirmed in ("", "/other/"):
            with pytest.raises(UnconfirmedPath):
                self.put(snapshot={"path": "/company/"}, confirmed_path=confirmed)
        assert Page.objects.get().path == "/about/"
        self.put(snapshot={"path": "/company/"}, confirmed_path="/company/")
        assert Page.objects.get().path == "/company/"

    def test_page_that_was_withdrawn_is_known_too_and_one_that_was_never_public_is_not(self):
        self.page.is_published = False
        save_page(self.page, by=self.editor)
        with pytest.raises(UnconfirmedPath):
            self.put(snapshot={"path": "/company/"})
        never = save_page(Page(path="/new/", title="題"), by=self.editor)
        self.page, self.first = never, never.revisions.get()
        self.put(snapshot={"path": "/newer/"})
        assert Page.objects.get(pk=never.pk).path == "/newer/"

    def test_edit_that_came_too_late_is_kept_once(self):
        self.page.title = "改題"
        save_page(self.page, by=self.editor)
        mine = self.first.snapshot | {"title": "私の題"}
        for _ in range(2):
            late = keep_unmerged(self.page, mine, by=self.editor, version=0)
        assert (late.kind, late.version, late.changed) == (Kind.UNMERGED, 0, ["title"])
        assert self.page.revisions.filter(kind=Kind.UNMERGED).count() == 1
        assert keep_unmerged(self.page, self.first.snapshot, by=self.editor, version=0) is None

"""Mail about what a writer proposes of a live article, and about what becomes of it."""

import pytest
from django.core import mail as django_mail
from django.test import TestCase

from blog.editing.pending import RESTORED, discard_pending, keep_unmerged, save_pending, save_version
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.snapshots import stored_snapshot
from blog.models import Post, PostRevision
from tests.admin.desk import url_of
from tests.factories import make_author, make_post, make_user
from tests.queue import do_queued_tasks

pytestmark = pytest.mark.sqlite

Kind = PostRevision.Kind


class NoticeCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.writer = make_user("writer", role=WRITER, email="writer@example.jp", last_name="田中", first_name="花子")
        cls.editor = make_user("editor", role=EDITOR, email="editor@example.jp", last_name="山田")
        cls.other = make_user("other", role=EDITOR, email="other@example.jp")
        cls.post = make_post("円安の行方", author=make_author("田中花子", "tanaka", user=cls.writer), slug="yen")

    def now(self):
        return Post.objects.get(pk=self.post.pk)

    def keep(self, by, **changes):
        """Has the user keep a change over the article."""
        post = self.now()
        for name, value in (changes or {"body": f"{by}の文{post.version}。\n"}).items():
            setattr(post, name, value)
        save_pending(post, by=by, tags=[], related=[], expected_version=post.version)

    def release(self, by, kind=Kind.RELEASED):
        post = self.now()
        about = {"expected_version": post.version, "kind": kind, "source": post.pending_revision}
        save_version(post, post.pending_revision.snapshot, by=by, **about)

    def sent(self):
        """The messages since this was asked last: to whom, about what."""
        do_queued_tasks()
        self.messages, django_mail.outbox[:] = list(django_mail.outbox), []
        return [(message.to, message.subject.partition("】")[2].partition("：")[0]) for message in self.messages]


class NoticeTests(NoticeCase):
    def test_editors_hear_of_a_proposal_once_until_somebody_else_saves(self):
        told = [(["editor@example.jp", "other@example.jp"], "変更の提案")]
        self.keep(self.writer)
        assert self.sent() == told
        assert "田中 花子さんが、公開中の記事の変更を提案しました。" in self.messages[0].body
        assert f"http://127.0.0.1:8000/admin/blog/post/{self.post.pk}/pending/" in self.messages[0].body
        self.keep(self.writer)
        assert self.sent() == []
        self.keep(self.editor)
        assert self.sent() == []
        self.keep(self.writer)
        assert self.sent() == told

    def test_writer_hears_of_the_release_with_the_address(self):
        self.keep(self.writer)
        self.sent()
        self.release(self.editor)
        assert self.sent() == [(["writer@example.jp"], "提案の反映")]
        assert f"http://127.0.0.1:8000{self.post.get_absolute_url()}" in self.messages[0].body

    @pytest.mark.postgresql
    def test_writer_hears_what_was_dropped_by_whom(self):
        def restore():
            post = self.now()
            first = post.revisions.get(number=1)
            about = {"expected_version": post.version, "kind": Kind.RESTORED, "source": first, "fields": RESTORED}
            save_version(post, first.snapshot, by=self.editor, **about)

        for drop in (
            lambda: discard_pending(self.now(), by=self.editor, expected_version=self.now().version),
            restore,
        ):
            self.keep(self.writer)
            self.sent()
            drop()
            assert self.sent() == [(["writer@example.jp"], "提案の見送り")]
            assert "山田さんが、あなたの提案した変更を反映せずに破棄しました。" in self.messages[0].body
            assert url_of(self.post) in self.messages[0].body

    def test_writer_hears_nothing_of_what_is_not_the_writers(self):
        self.keep(self.writer)
        self.release(self.editor)
        self.sent()
        self.keep(self.editor)
        self.release(self.other)
        self.keep(self.editor)
        discard_pending(self.now(), by=self.other, expected_version=self.now().version)
        assert self.sent() == []


class OverwritingTests(NoticeCase):
    """An edit that comes too late is put in the place of what waits."""

    DROPPED = [(["writer@example.jp"], "提案の見送り")]
    RELEASED = [(["writer@example.jp"], "提案の反映")]

    def late(self, by, version):
        """An edit that began at this edit number and was not merged."""
        return keep_unmerged(
            self.post, stored_snapshot(self.now()) | {"body": f"{by}の遅れた文{version}。\n"}, by=by, version=version
        )

    def overwrite(self, late, *, is_pending):
        about = {"kind": Kind.OVERWRITTEN, "source": late, "is_pending": is_pending}
        save_version(self.now(), late.snapshot, by=self.editor, expected_version=self.now().version, **about)
        return self.sent()

    def test_overwritten_proposal_is_told_as_dropped_and_never_as_released(self):
        for is_pending in (True, False):
            with self.subTest(is_pending=is_pending):
                began = self.now().version
                self.keep(self.writer)
                self.sent()
                assert self.overwrite(self.late(self.editor, began), is_pending=is_pending) == self.DROPPED
                if is_pending:
                    self.release(self.editor)
                assert self.sent() == []

    def test_edit_that_began_with_the_proposal_or_is_the_writers_drops_nothing(self):
        for by, holds in ((self.editor, True), (self.writer, False)):
            for is_pending in (True, False):
                with self.subTest(by=by, is_pending=is_pending):
                    began = self.now().version
                    self.keep(self.writer)
                    if holds:
                        began = self.now().version
                    self.keep(self.other)
                    self.sent()
                    told = self.overwrite(self.late(by, began), is_pending=is_pending)
                    assert told == ([] if is_pending else self.RELEASED)
                    if is_pending:
                        self.release(self.editor)
                        assert self.sent() == self.RELEASED


class RestoringTests(NoticeCase):
    """An editor puts an old version in the place of what waits, or of what readers see."""

    DROPPED = OverwritingTests.DROPPED
    RELEASED = OverwritingTests.RELEASED

    def restore(self, number, *, is_pending):
        post = self.now()
        old = post.revisions.get(number=number)
        about = {"kind": Kind.RESTORED, "source": old, "fields": RESTORED, "is_pending": is_pending}
        save_version(post, old.snapshot, by=self.editor, expected_version=post.version, **about)
        return self.sent()

    def test_old_version_in_the_place_of_a_proposal_is_told_as_its_end_and_never_as_its_release(self):
        self.keep(self.writer)
        self.sent()
        assert self.restore(1, is_pending=True) == self.DROPPED
        self.keep(self.editor)
        self.release(self.editor)
        assert self.sent() == []

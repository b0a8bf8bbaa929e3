"""Pending versions, kept, released and discarded; restored revisions; and edits that came after another save."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase

from blog.editing.pending import (
    RESTORED,
    discard_pending,
    keep_unmerged,
    save_pending,
    save_version,
)
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.saving import StaleVersion, save_post
from blog.editing.snapshots import stored_snapshot, unsaved_snapshot
from blog.models import Permalink, Post, PostRevision
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_post,
    make_user,
)

pytestmark = pytest.mark.sqlite

Kind = PostRevision.Kind
LIVE = ("title", "slug", "body", "body_html", "status", "published_at", "url_date", "updated_at")


def live(post):
    return Post.objects.values(*LIVE).get(pk=post.pk), stored_snapshot(Post.objects.get(pk=post.pk))


def kinds(post):
    return list(post.revisions.order_by("number").values_list("kind", flat=True))


class VersionsCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = make_user("yamada", role=EDITOR)
        cls.other = make_post("関連")
        cls.post = make_post("公開中の題", slug="live", body="公開中の本文。", tags=["A"])

    def setUp(self):
        self.post = Post.objects.get(pk=self.post.pk)

    def pend(self, post=None, *, tags=("A", "B"), related=None, version=None, **fields):
        post = post or Post.objects.get(pk=self.post.pk)
        version = post.version if version is None else version
        for name, value in fields.items():
            setattr(post, name, value)
        related = [(self.other, "理由")] if related is None else related
        save_pending(post, by=self.user, tags=list(tags), related=related, expected_version=version)
        return Post.objects.get(pk=post.pk)

    def release(self, post, **more):
        pending = post.pending_revision
        about = {"expected_version": post.version, "kind": Kind.RELEASED, "source": pending}
        missing = save_version(post, pending.snapshot, by=self.user, **about, **more)
        return Post.objects.get(pk=post.pk), missing

    def restore(self, post, revision, **more):
        about = {"expected_version": post.version, "kind": Kind.RESTORED, "source": revision, "fields": RESTORED}
        save_version(post, revision.snapshot, by=self.user, **about, **more)
        return Post.objects.get(pk=post.pk)


class PendingTests(VersionsCase):
    def test_readers_see_nothing_of_it_and_the_desk_counts_it_as_a_save(self):
        before = live(self.post)
        post = self.pend(title="次の題", body="次の本文。", slug="next")
        assert live(post) == before
        assert post.version == self.post.version + 1
        pending = post.pending_revision
        assert (pending.kind, pending.version, pending.who) == (Kind.PENDING, post.version, "yamada")
        assert pending.changed == ["title", "body", "tags", "related", "slug"]
        assert not Permalink.objects.filter(path="/2026/04/01/next/").exists()

    @pytest.mark.postgresql
    def test_release_puts_all_of_it_live_at_once(self):
        author, image = make_author("調査班", "research"), make_image()
        post = self.pend(title="次の題", body="次の本文。", slug="next", author=author, lead_image=image)
        post, missing = self.release(post, confirmed_path="/2026/04/01/next/")
        assert (post.title, post.author, post.lead_image) == ("次の題", author, image)
        assert "次の本文" in post.body_html
        assert [tag.name for tag in post.tag_list] == ["A", "B"]
        assert [(row.target, row.reason) for row in post.related_rows.all()] == [(self.other, "理由")]
        assert (missing, post.pending_revision, post.revisions.first().kind) == ([], None, Kind.RELEASED)
        paths = set(post.permalinks.values_list("path", flat=True))
        assert paths == {"/2026/04/01/live/", "/2026/04/01/next/"}
        assert post.published_at == self.post.published_at

    @pytest.mark.postgresql
    def test_discarded_it_stays_in_the_history_and_the_line_goes_back(self):
        before = live(self.post)
        post = self.pend(title="次の題")
        discard_pending(post, by=self.user, expected_version=post.version)
        discarded = Post.objects.get(pk=post.pk)
        assert live(post) == before
        assert (discarded.pending_revision, discarded.version) == (None, post.version + 1)
        assert kinds(post)[-2:] == [Kind.PENDING, Kind.DISCARDED]
        assert post.revisions.as_of(discarded.version).snapshot["title"] == "公開中の題"
        assert post.revisions.as_of(post.version).snapshot["title"] == "次の題"

    def test_second_of_two_is_told_whatever_each_of_them_does(self):
        began = self.post.version
        first = self.pend(title="先")
        title = first.pending_revision.snapshot["title"]
        for act in (
            lambda: self.pend(title="後", version=began),
            lambda: save_post(self.post, by=self.user, expected_version=began),
            lambda: discard_pending(self.post, by=self.user, expected_version=began),
            lambda: self.restore(self.post, first.pending_revision),
        ):
            with pytest.raises(StaleVersion):
                act()
        first.refresh_from_db()
        assert first.pending_revision.snapshot["title"] == title

    def test_withdrawing_the_post_keeps_it_and_hides_it(self):
        post = self.pend(title="次の題")
        post.unpublish()
        save_post(post, by=self.user, expected_version=post.version)
        post = Post.objects.get(pk=post.pk)
        assert post.title == "公開中の題"
        assert (post.pending_revision.kind, post.pending_revision.snapshot["title"]) == (Kind.WITHDRAWN, "次の題")
        assert post.revisions.as_of(post.version) == post.pending_revision
        post.publish()
        save_post(post, by=self.user, expected_version=post.version)
        assert Post.objects.published().get(pk=post.pk).title == "公開中の題"
        post, _ = self.release(Post.objects.get(pk=post.pk))
        assert post.title == "次の題"


class RestoreTests(VersionsCase):
    def setUp(self):
        super().setUp()
        post = self.post
        post.title, post.body, post.slug = "改題", "改めた本文", "moved"
        save_post(post, by=self.user, tags=["C"], related=[(self.other, "理由")])
        self.post = Post.objects.get(pk=post.pk)
        self.original = post.revisions.order_by("number").first()

    def test_content_comes_back_as_a_save_of_its_own(self):
        post = self.restore(self.post, self.original)
        assert (post.title, post.body) == ("公開中の題", "公開中の本文。")
        assert [tag.name for tag in post.tag_list] == ["A"]
        assert not post.related_rows.exists()
        newest = post.revisions.first()
        assert (newest.kind, newest.source, newest.who) == (Kind.RESTORED, self.original, "yamada")
        assert newest.changed == ["title", "body", "tags", "related"]


class UnmergedTests(VersionsCase):
    def test_it_is_kept_once_and_stands_beside_the_line(self):
        mine = unsaved_snapshot(self.post, ["A"], []) | {"body": "遅れた本文"}
        save_post(self.post, by=self.user, tags=["B"])
        began = self.post.version - 1
        kept = keep_unmerged(self.post, mine, by=self.user, version=began)
        assert (kept.kind, kept.version, kept.changed) == (Kind.UNMERGED, began, ["body"])
        assert keep_unmerged(self.post, mine, by=self.user, version=began) == kept
        assert keep_unmerged(self.post, mine, by=make_user("suzuki", role=EDITOR), version=began) != kept
        assert self.post.revisions.as_of(self.post.version).snapshot["body"] == "公開中の本文。"
        assert Post.objects.get(pk=self.post.pk).version == self.post.version


class PermissionTests(VersionsCase):
    def test_user_who_may_no_longer_edit_the_stored_post_writes_nothing(self):
        writer = make_user("writer", role=WRITER)
        post = make_draft("題", author=make_author("書き手", "writer", user=writer))
        save_post(post, by=writer, expected_version=0)
        first, seen = post.revisions.get(), Post.objects.get(pk=post.pk)
        post.submit()
        save_post(post)
        about = {"by": writer, "expected_version": post.version}
        for write in (
            lambda: save_version(seen, first.snapshot, kind=Kind.RESTORED, source=first, **about),
            lambda: save_pending(seen, tags=[], related=[], **about),
            lambda: discard_pending(seen, **about),
            lambda: keep_unmerged(seen, first.snapshot | {"body": "私の文。"}, by=writer, version=0),
        ):
            with pytest.raises(PermissionDenied):
                write()
        assert kinds(post) == [Kind.ORIGINAL, Kind.SUBMITTED]

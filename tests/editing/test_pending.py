"""Pending versions, kept, released and discarded; restored revisions; and edits that came after another save."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import TestCase

from blog.editing.fields import STATE
from blog.editing.pending import (
    RESTORED,
    NotPublic,
    UnconfirmedPath,
    address_change,
    discard_pending,
    keep_unmerged,
    save_pending,
    save_version,
)
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.saving import PathTaken, StaleVersion, delete_posts, save_post
from blog.editing.snapshots import apply_snapshot, stored_snapshot, unsaved_snapshot
from blog.models import Permalink, Post, PostRevision
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_post,
    make_scheduled,
    make_unpublished,
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
    def test_it_is_saved_again_and_again_and_stays_one_line(self):
        post = self.pend(title="一")
        post = self.pend(title="二")
        assert post.pending_revision.snapshot["title"] == "二"
        assert kinds(post)[-2:] == [Kind.PENDING, Kind.PENDING]
        assert post.pending_revision.changed == ["title"]

    def test_saving_it_unchanged_adds_nothing(self):
        post = self.pend(title="一")
        again = self.pend(title="一")
        assert (again.version, again.pending_revision) == (post.version, post.pending_revision)
        untouched = make_post(tags=["A"])
        untouched = self.pend(untouched, tags=["A"], related=[])
        assert untouched.pending_revision is None

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

    def test_release_moves_no_address_that_readers_know_before_somebody_confirms_it(self):
        post = self.pend(slug="next", title="次の題")
        assert address_change(post, post.pending_revision.snapshot) == ("/2026/04/01/live/", "/2026/04/01/next/")
        before = live(post)
        for confirmed in ("", "/2026/04/01/live/", "/2026/04/01/other/"):
            with pytest.raises(UnconfirmedPath):
                self.release(post, confirmed_path=confirmed)
        assert live(post) == before

    def test_address_that_no_reader_knows_moves_unasked(self):
        for make in (make_draft, make_scheduled):
            post, other = make(slug="first"), make_draft(slug="second")
            assert address_change(post, stored_snapshot(other)) is None
            save_post(post, by=self.user)
            source = post.revisions.first()
            save_version(
                post,
                stored_snapshot(other),
                by=self.user,
                expected_version=post.version,
                kind=Kind.MERGED,
                source=source,
            )
            assert Post.objects.get(pk=post.pk).slug == "second"
            Post.objects.filter(slug="second").delete()

    def test_release_on_an_address_that_is_taken_changes_nothing(self):
        post = self.pend(slug="next", title="次の題")
        make_post(slug="next")
        before = live(post)
        with pytest.raises((ValidationError, PathTaken)):
            self.release(post)
        post.refresh_from_db()
        assert live(post) == before
        assert post.pending_revision.snapshot["title"] == "次の題"

    def test_release_names_the_rows_that_no_longer_exist(self):
        image = make_image()
        post = self.pend(lead_image=image, related=[(make_draft("消える記事"), "")])
        image.delete()
        Post.objects.get(title="消える記事").delete()
        post, missing = self.release(post)
        assert (post.lead_image, missing) == (None, ["リード画像「red.png」", "関連記事「消える記事」"])

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

    def test_nothing_pending_is_nothing_to_discard(self):
        discard_pending(self.post, by=self.user, expected_version=self.post.version)
        assert Post.objects.get(pk=self.post.pk).version == self.post.version

    def test_only_a_public_post_has_a_pending_version(self):
        for post in (make_draft(), make_scheduled(), make_unpublished()):
            with pytest.raises(NotPublic):
                self.pend(post, title="次の題")
            assert not post.revisions.filter(kind=Kind.PENDING).exists()

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

    def test_save_that_holds_it_takes_it_off(self):
        post = self.pend(title="次の題")
        post.title, post.pending_revision = "次の題", None
        save_post(post, by=self.user, tags=["A", "B"], related=[(self.other, "理由")])
        post = Post.objects.get(pk=post.pk)
        assert (post.title, post.pending_revision) == ("次の題", None)

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

    def test_state_dates_and_address_stay(self):
        draft = PostRevision.objects.create(
            post=self.post, number=90, version=0, kind=Kind.SAVED, snapshot=stored_snapshot(make_draft(slug="draft"))
        )
        post = self.restore(self.post, draft)
        before = {name: getattr(self.post, name) for name in (*STATE, "slug", "url_date", "guid")}
        assert {name: getattr(post, name) for name in before} == before
        assert set(post.permalinks.values_list("path", flat=True)) == {"/2026/04/01/live/", "/2026/04/01/moved/"}

    def test_of_a_public_post_it_can_wait_for_its_release(self):
        before = live(self.post)
        post = self.restore(self.post, self.original, is_pending=True)
        assert live(post) == before
        assert (post.pending_revision.kind, post.pending_revision.source) == (Kind.RESTORED, self.original)
        assert post.pending_revision.snapshot["title"] == "公開中の題"
        assert post.pending_revision.snapshot["slug"] == "moved"

    def test_it_takes_the_place_of_a_pending_version(self):
        post = self.pend(title="次の題")
        post = self.restore(post, self.original)
        assert (post.title, post.pending_revision) == ("公開中の題", None)

    def test_restoring_what_is_there_is_still_told(self):
        newest = self.post.revisions.first()
        post = self.restore(self.post, newest)
        assert (post.revisions.first().kind, post.revisions.first().changed) == (Kind.RESTORED, [])

    @pytest.mark.postgresql
    def test_value_that_is_not_allowed_any_more_is_refused_and_nothing_is_saved(self):
        bad = self.original
        bad.snapshot = {**bad.snapshot, "title": "長" * 201, "canonical_url": "//evil.example/"}
        before = live(self.post)
        with pytest.raises(ValidationError) as caught:
            self.restore(self.post, bad)
        assert set(caught.value.message_dict) == {"title", "canonical_url"}
        assert live(self.post) == before


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

    def test_what_changed_nothing_is_not_kept(self):
        mine = unsaved_snapshot(self.post, ["A"], [])
        save_post(self.post, by=self.user, tags=["B"])
        assert keep_unmerged(self.post, mine, by=self.user, version=self.post.version - 1) is None

    def test_edit_that_began_before_the_history_is_kept_whole(self):
        mine = unsaved_snapshot(self.post, ["A"], [])
        PostRevision.objects.all().delete()
        assert keep_unmerged(self.post, mine, by=self.user, version=0).snapshot == mine


def test_fields_are_put_back_only_where_they_were_asked_for(db):
    post = make_post(slug="stays", title="題")
    snapshot = stored_snapshot(make_draft(slug="other", title="別の題"))
    apply_snapshot(post, snapshot, RESTORED)
    assert (post.slug, post.title) == ("stays", "別の題")


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

    @pytest.mark.postgresql
    def test_writer_of_a_live_post_only_proposes(self):
        writer = make_user("writer", role=WRITER)
        post = self.pend(make_post("題", slug="old", author=make_author("書き手", "writer", user=writer)), slug="next")
        first, author = post.revisions.get(number=1), post.author
        about = {"by": writer, "expected_version": post.version}
        for write in (
            lambda: save_version(post, first.snapshot, kind=Kind.RESTORED, source=first, **about),
            lambda: discard_pending(post, **about),
        ):
            with pytest.raises(PermissionDenied):
                write()
        post.title, post.slug, post.author = "次の題", "mine", make_author("別の人", "other")
        save_pending(post, tags=[], related=[], **about)
        post = Post.objects.get(pk=post.pk)
        assert (post.title, post.slug, post.author) == ("題", "old", author)
        waiting = post.pending_revision.snapshot
        assert (waiting["title"], waiting["slug"], waiting["author"][0]) == ("次の題", "next", author.pk)
        assert keep_unmerged(post, first.snapshot | {"body": "私の文。"}, by=writer, version=post.version)

    def test_post_that_was_deleted_meanwhile_does_not_come_back(self):
        post = make_draft("題")
        snapshot = stored_snapshot(post)
        delete_posts([Post.objects.get(pk=post.pk)])
        with pytest.raises(Post.DoesNotExist):
            keep_unmerged(post, snapshot, by=self.user, version=0)

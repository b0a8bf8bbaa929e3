"""A pending version goes out by itself at the time that an editor chose."""

from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from blog.editing import releasing
from blog.editing.pending import save_pending
from blog.editing.permissions import WRITER
from blog.editing.releasing import (
    NO_LONGER,
    NOT_PUBLIC,
    cancel_plan,
    plan_release,
    release_all_due,
)
from blog.editing.saving import lock_for_update, save_post
from blog.models import PlannedRelease, Post, PostRevision
from tests.admin.desk import DeskCase
from tests.factories import make_author, make_post, make_user

# About when a plan ends and what is said of it: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

HOUR = timedelta(hours=1)


class Now:
    """A thread that runs where it is started."""

    def __init__(self, target, daemon):
        self.start = target


class ReleaseCase(DeskCase):
    def setUp(self):
        super().setUp()
        self.post = make_post("公開中の題", body="公開中の本文。\n", tags=["甲"])
        self.keep(title="次の題")

    def keep(self, **changes):
        """Gives the article a pending version with these changes."""
        post = Post.objects.get(pk=self.post.pk)
        for name, value in changes.items():
            setattr(post, name, value)
        save_pending(post, by=self.editor, tags=["乙"], related=[], expected_version=post.version)

    def now(self):
        return Post.objects.get(pk=self.post.pk)

    def plan(self, at=None, **data):
        at = timezone.localtime(at or timezone.now() + HOUR)
        data = {"plan_at_0": f"{at:%Y-%m-%d}", "plan_at_1": f"{at:%H:%M:%S}", "plan": "1"} | data
        return self.send(**data)

    def send(self, **data):
        url = reverse("admin:blog_post_pending", args=[self.post.pk])
        return self.client.post(url, {"version": self.now().version, **data}, follow=True)

    def later(self, by=HOUR + timedelta(minutes=1)):
        return time_machine.travel(timezone.now() + by, tick=False)


class PlanningTests(ReleaseCase):
    def test_change_goes_out_at_its_time_and_not_before(self):
        self.assertContains(self.plan(), "に反映するよう予約しました")
        assert (self.now().title, self.now().revisions.filter(kind="released").exists()) == ("公開中の題", False)
        release_all_due()
        assert self.now().title == "公開中の題"
        with self.later():
            release_all_due()
            post = self.now()
            assert (post.title, [tag.name for tag in post.tag_list]) == ("次の題", ["乙"])
            assert post.pending_revision is None
            revision = post.revisions.order_by("-number").first()
            assert (revision.kind, revision.user) == (PostRevision.Kind.RELEASED, self.editor)
            self.assertContains(self.client.get(post.get_absolute_url()), "次の題")
            release_all_due()
            assert self.now().version == post.version
        assert not PlannedRelease.objects.exists()
        assert LogEntry.objects.filter(object_id=self.post.pk, change_message__contains="反映する予約").exists()

    @pytest.mark.postgresql
    def test_later_time_takes_the_place_of_the_first(self):
        self.plan()
        self.plan(timezone.now() + 3 * HOUR)
        with self.later():
            release_all_due()
            assert self.now().title == "公開中の題"
        with self.later(4 * HOUR):
            release_all_due()
            assert self.now().title == "次の題"

    def test_plan_is_taken_back(self):
        self.plan()
        self.assertContains(self.send(unplan="1"), "予約を取り消しました")
        with self.later():
            release_all_due()
            assert self.now().title == "公開中の題"
            assert self.now().pending_revision is not None

    def test_release_or_discard_by_hand_ends_the_plan(self):
        for button in ("release", "discard"):
            with self.subTest(button):
                self.keep(title=f"次の題 {button}")
                self.plan()
                assert PlannedRelease.objects.exists()
                self.send(**{button: "1"})
                assert not PlannedRelease.objects.exists()


class RefusalTests(ReleaseCase):
    def test_time_that_is_missing_or_past_is_refused_and_plans_nothing(self):
        self.assertContains(self.plan(timezone.now() - HOUR), "すぐに出すなら「公開中の記事に反映する」を使います")
        self.assertContains(self.send(plan="1", plan_at_0="", plan_at_1=""), "予約する日時を入れてください")
        self.assertContains(self.send(plan="1", plan_at_0="x", plan_at_1="9:00"), "errorlist")
        assert not PlannedRelease.objects.exists()

    def test_errors_of_the_text_are_told_when_it_is_planned(self):
        self.keep(body="はじめ。\n\n---END---\n")
        self.assertContains(self.plan(), "公開を止める指摘")
        assert not PlannedRelease.objects.exists()
        assert self.now().title == "公開中の題"
        self.plan(override_reason="引用のため")
        with self.later():
            release_all_due()
            released = self.now().revisions.order_by("-number").first()
            assert (released.kind, released.override_reason) == ("released", "引用のため")

    def test_new_address_must_be_confirmed_when_it_is_planned(self):
        self.keep(slug="next-address")
        self.plan()
        assert not PlannedRelease.objects.exists()
        path = self.now().path.replace(self.post.slug, "next-address")
        self.plan(confirmed_path=path)
        with self.later():
            release_all_due()
            assert self.now().path == path

    def stopped(self, failure):
        """Lets the time come, and asserts that the desk says why nothing went out."""
        with self.later():
            release_all_due()
            plan = PlannedRelease.objects.get()
            assert failure in plan.failure
            self.client.force_login(make_user("chief", is_superuser=True))
            page = reverse("admin:blog_post_pending", args=[self.post.pk])
            self.assertContains(self.client.get(page), plan.failure)
            self.assertContains(self.client.get(reverse("admin:index")), "反映できませんでした")
        assert self.now().pending_revision is not None

    def test_editor_who_lost_the_role_brings_nothing_out(self):
        self.plan()
        self.editor.groups.clear()
        self.stopped(NO_LONGER)

    def test_article_that_was_withdrawn_stays_so(self):
        self.plan()
        save_post(self.withdrawn())
        self.stopped(NOT_PUBLIC)

    @pytest.mark.postgresql
    def test_error_that_came_after_the_decision_stops_it(self):
        self.plan(override_reason="理由")
        self.keep(body="はじめ。\n\n---END---\n")
        self.stopped("公開を止める指摘")

    def withdrawn(self):
        post = self.now()
        post.unpublish()
        return post

    def test_unexpected_error_stops_no_other_article(self):
        self.plan()
        other = make_post("別の記事")
        other.title = "別の次の題"
        save_pending(other, by=self.editor, tags=[], related=[], expected_version=other.version)
        at = timezone.now() + HOUR
        plan_release(other, at, by=self.editor, expected_version=Post.objects.get(pk=other.pk).version)
        do = releasing.save_version

        def save_version(post, *args, **about):
            if post.pk == self.post.pk:
                raise RuntimeError("boom")
            return do(post, *args, **about)

        with (
            self.later(),
            mock.patch.object(releasing, "save_version", save_version),
            self.assertLogs(releasing.logger, "ERROR"),
        ):
            release_all_due()
        assert Post.objects.get(pk=other.pk).title == "別の次の題"
        assert PlannedRelease.objects.get().failure == releasing.UNEXPECTED

    def test_plan_is_taken_back_under_the_lock_of_its_article(self):
        self.plan()
        had_plan = []

        def hold_and_look(pk):
            had_plan.append(PlannedRelease.objects.filter(pk=pk).exists())
            return lock_for_update(pk)

        with mock.patch.object(releasing, "lock_for_update", hold_and_look):
            cancel_plan(self.post, by=self.editor)
        assert had_plan == [True]

    def test_writer_may_not_plan(self):
        writer = make_user("writer", role=WRITER)
        make_author("書き手", "writer", user=writer)
        self.client.force_login(writer)
        assert self.plan().status_code == 403
        assert not PlannedRelease.objects.exists()


class ShownTests(ReleaseCase):
    def test_plan_stands_on_the_board_and_in_the_calendar(self):
        self.plan()
        response = self.client.get(reverse("admin:index"))
        self.assertContains(response, "に自動で反映")
        week = timezone.localdate(timezone.now() + HOUR)
        calendar = self.client.get(reverse("admin:index"), {"week": week.isoformat()}).context["calendar"]
        (entry,) = [entry for day in calendar.days for entry in day.entries]
        assert entry.title == "公開中の題（変更）"
        page = self.client.get(entry.url.partition("#")[0]).content.decode()
        assert f'id="{entry.url.partition("#")[2]}"' in page

    def test_writer_of_another_article_learns_nothing_of_the_plan(self):
        self.plan()
        self.client.force_login(make_user("writer", role=WRITER))
        response = self.client.get(reverse("admin:index"))
        self.assertNotContains(response, "に自動で反映")
        assert not [entry for day in response.context["calendar"].days for entry in day.entries]

    def test_writer_of_the_article_sees_the_plan_and_no_link_that_is_refused(self):
        self.plan()
        writer = make_user("writer", role=WRITER)
        Post.objects.update(author=make_author("書き手", "writer", user=writer))
        self.client.force_login(writer)
        response = self.client.get(reverse("admin:index"))
        page = reverse("admin:blog_post_pending", args=[self.post.pk])
        assert self.client.get(page).status_code == 403
        self.assertContains(response, "公開中の題（変更）")
        self.assertContains(response, "に自動で反映")
        self.assertNotContains(response, page)

"""The buttons of an article: who gets which, what each does, and how an address changes."""

import re
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from blog.admin.post import admin as admin_of_posts
from blog.admin.post.workflow import STEPS
from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from blog.models import Permalink, Post
from blog.times import tokyo
from tests.admin.desk import DeskCase, errors_of, save, url_of, values_at
from tests.factories import (
    PUBLISHED_AT,
    make_author,
    make_category,
    make_draft,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

# About steps and what the form says of them: PostgreSQL repeats what asks it something of its own.
pytestmark = pytest.mark.sqlite

TOMORROW = timezone.localtime() + timedelta(days=1)
SCHEDULE = {"publish_at_0": f"{TOMORROW:%Y-%m-%d}", "publish_at_1": "07:00:00"}
NONE: set[str] = set()
MAKERS = {
    "new": Post,
    "draft": make_draft,
    "in review": make_in_review,
    "scheduled": make_scheduled,
    "published": make_post,
    "withdrawn": make_unpublished,
}
WRITERS = {
    "new": {"submit"},
    "draft": {"submit"},
    "in review": {"recall"},
    "scheduled": NONE,
    "published": NONE,
    "withdrawn": {"submit"},
}
EDITORS = {
    "new": {"submit", "publish", "schedule"},
    "draft": {"submit", "publish", "schedule"},
    "in review": {"return", "publish", "schedule", "recall"},
    "scheduled": {"publish", "unschedule"},
    "published": {"withdraw"},
    "withdrawn": {"submit", "publish"},
}
OFFERED = {
    "staff without a role": dict.fromkeys(MAKERS, NONE),
    "writer": WRITERS,
    "writer of another": {**dict.fromkeys(MAKERS, NONE), "new": {"submit"}},
    "editor": EDITORS,
    "administrator": EDITORS,
}
ROLES = {"writer": WRITER, "writer of another": WRITER, "editor": EDITOR, "administrator": ADMINISTRATOR}
AFTER = {
    "submit": "in_review",
    "recall": "draft",
    "return": "draft",
    "publish": "published",
    "schedule": "scheduled",
    "unschedule": "draft",
    "withdraw": "withdrawn",
}


def form_of(model_or_post):
    is_new = isinstance(model_or_post, type) or model_or_post.pk is None
    return url_of(Post if is_new else model_or_post, "add" if is_new else "change")


def buttons(response):
    html = response.content.decode()
    return set(re.findall(r'<button[^>]* name="(?:_|action" value=")(\w+)"', html))


@pytest.mark.django_db
@pytest.mark.parametrize("state", MAKERS)
@pytest.mark.parametrize("who", OFFERED)
def test_everybody_is_offered_the_steps_of_their_role_and_can_take_no_other(who, state):
    user, client, chief = make_user("somebody", role=ROLES.get(who)), Client(), Client()
    client.force_login(user)
    chief.force_login(make_user("chief", is_superuser=True))
    own, another = make_author("署名", "own", user=user), make_author("別の署名", "another")
    section, author = make_category().pk, another if who == "writer of another" else own
    expected = OFFERED[who][state]

    post = MAKERS[state](author=author)
    response = client.get(form_of(post))
    assert (buttons(response) if response.status_code == 200 else NONE) == expected

    form = None
    for step in STEPS:
        if form is None:  # the first one, or the last one was saved
            post = MAKERS[state](author=author)
            form = values_at(chief, form_of(post))
        before = post.state
        fields = {**form, **(SCHEDULE if step.name == "schedule" else {})}
        if step.is_apart and state == "new":
            continue  # only an article that was saved has the box of its state
        fields |= {
            "title": "題",
            "excerpt": "リード文です。",
            "body": "本文です。",
            "category": section,
            "author": author.pk,
            f"_{step.name}": "1",
        }
        if step.name == "return":
            fields["reason"] = "直す"
        if step.is_apart:
            chosen = {"action": step.name, "_selected_action": post.pk, "confirmed": "1"}
            response = client.post(url_of(Post, "changelist"), chosen)
        else:
            response = client.post(url_of(Post, "add") if state == "new" else url_of(post), fields)
        saved = Post.objects.get(pk=post.pk) if post.pk else Post.objects.order_by("pk").last()
        form = None if response.status_code == 302 else form
        if step.name in expected and (who, step.name) != ("writer", "recall"):  # who cannot edit asks from the list
            assert response.status_code == 302
            assert saved.state == AFTER[step.name]
        else:
            assert response.status_code in (200, 302, 403, 404)
            assert state == "new" or saved.state == before


class StepTests(DeskCase):
    def new(self, **fields):
        return self.added(Post, author=make_author().pk, category=make_category().pk, **fields)

    def test_enter_key_saves_and_does_nothing_else(self):
        for post in (make_draft(), make_in_review(), make_scheduled(), make_post(), make_unpublished()):
            html = self.client.get(url_of(post)).content.decode()
            names = re.findall(r'<(?:input type="submit"[^>]*|button[^>]*) name="(_\w+)"', html)
            assert names[0] == ("_save_pending" if post.is_public else "_save"), post.state

    def test_publishing_publishes_now(self):
        at = datetime(2026, 5, 1, 16, 30, tzinfo=UTC)
        with time_machine.travel(at, tick=False):
            post = self.new(title="速報", excerpt="短く伝えます。", body="本文です。", slug="breaking", _publish="1")
            assert post.is_public
        assert post.published_at == at
        assert post.path == "/2026/05/02/breaking/"
        assert Permalink.objects.get(path=post.path).post == post

    def test_withdrawn_post_keeps_its_address_and_comes_back_to_it(self):
        post = make_post()
        self.withdraw(post, confirmed="1")
        withdrawn = Post.objects.get(pk=post.pk)
        assert (withdrawn.state, withdrawn.path) == (Post.State.WITHDRAWN, post.path)
        again = self.saved(withdrawn, _publish="1")
        assert (again.is_public, again.path, again.published_at) == (True, post.path, PUBLISHED_AT)

    def withdraw(self, post, **fields):
        """Presses the button in the box that tells the state."""
        assert "withdraw" in buttons(self.client.get(url_of(post)))
        return self.client.post(
            url_of(Post, "changelist"), {"action": "withdraw", "_selected_action": post.pk, **fields}
        )

    def test_withdrawing_names_the_address_and_does_nothing_before_it_is_confirmed(self):
        post = make_post(slug="public")
        self.assertContains(self.withdraw(post), "/2026/04/01/public/")
        assert Post.objects.get(pk=post.pk).is_public

    def test_form_that_withdraws_while_it_saves_is_refused_and_keeps_what_was_typed(self):
        post = make_post(body="読者が見ている文。\n")
        response = save(self.client, url_of(post), body="書きかけの文", _withdraw="1")
        self.assertContains(response, "書きかけの文")
        assert "「取り下げる」は、書いた内容の保存とは別に行います" in errors_of(response)["__all__"][0]
        stored = Post.objects.get(pk=post.pk)
        assert (stored.is_public, stored.body) == (True, "読者が見ている文。\n")

    def test_return_needs_a_reason_which_the_writer_sees(self):
        assert "reason" in self.refused(make_in_review(), _return="1")
        assert "reason" in self.refused(make_in_review(), _return="1", reason=" \n ")
        post = self.saved(make_in_review(), _return="1", reason="数字の出典を\n<b>足して</b>ください")
        self.assertContains(self.client.get(url_of(post)), "&lt;b&gt;足して&lt;/b&gt;ください")
        assert self.saved(post, _submit="1").return_reason == ""

    def test_step_that_does_not_fit_the_state_is_refused_in_words(self):
        for post, step in ((make_draft(), "withdraw"), (make_post(), "submit"), (make_unpublished(), "schedule")):
            with self.subTest(step):
                errors = self.refused(post, **{f"_{step}": "1"}, **({} if post.was_public else SCHEDULE))
                assert f"いまは「{post.state.label}」なので" in errors["__all__"][0]
                assert Post.objects.get(pk=post.pk).state == post.state

    @pytest.mark.postgresql
    def test_step_is_said_and_stands_in_the_history(self):
        post = make_draft("題")
        response = self.client.post(url_of(post), {**values_at(self.client, url_of(post)), "_submit": "1"}, follow=True)
        self.assertContains(response, "「題」を確認に出しました。")
        assert LogEntry.objects.first().change_message == "確認に出しました。"


class ScheduleTests(DeskCase):
    def test_time_is_entered_and_shown_in_japan(self):
        with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC)):
            post = self.saved(make_draft(), _schedule="1", publish_at_0="2026-04-01", publish_at_1="08:30:00")
            assert post.published_at == datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
            assert post.path.startswith("/2026/04/01/")
            response = self.client.get(url_of(post))
            self.assertContains(response, "2026年4月1日 08:30に公開します。")
            self.assertContains(response, 'value="08:30:00"')
            self.assertContains(response, 'data-admin-utc-offset="32400"')

    def test_past_or_missing_time_is_refused_in_words(self):
        for post in (make_draft(), make_in_review()):
            past = self.refused(post, _schedule="1", publish_at_0="2020-01-01", publish_at_1="00:00:00")
            assert "過ぎた日時には予約できません" in past["publish_at"][0]
            assert "日時を入れて" in self.refused(post, _schedule="1")["publish_at"][0]
            assert Post.objects.get(pk=post.pk).state == post.state

    def test_scheduled_post_moves_with_its_time(self):
        post = make_scheduled(slug="later")
        old = post.path
        moved = self.saved(post, publish_at_0="2099-01-02", publish_at_1="00:00:00")
        assert moved.path == "/2099/01/02/later/"
        assert not Permalink.objects.filter(path=old).exists()

    def test_new_time_of_a_scheduled_post_is_said_and_its_help_names_the_button_that_is_there(self):
        post = make_scheduled()
        page = self.client.get(url_of(post)).content.decode()
        assert "「保存」を押すと、新しい日時に公開します" in page
        assert "「予約する」を押すと" not in page
        response = save(self.client, url_of(post), publish_at_0="2099-05-01", publish_at_1="09:00:00", _save="1")
        self.assertContains(
            self.client.get(response.url),
            f"公開の予約を{tokyo(Post.objects.get(pk=post.pk).published_at)}に変えました。",
        )

    def test_scheduled_post_goes_back_to_a_draft_without_dates(self):
        post = self.saved(make_scheduled(), _unschedule="1")
        assert (post.state, post.published_at) == (Post.State.DRAFT, None)

    def test_article_that_became_public_while_its_form_was_open_does_not_go_live_by_a_plain_save(self):
        with time_machine.travel("2026-05-01T00:00:00Z", tick=False) as clock:
            post = make_scheduled(after=timedelta(minutes=1), body="元の文。\n")
            opened = values_at(self.client, url_of(post))
            clock.shift(timedelta(minutes=2))
            response = self.client.post(url_of(post), {**opened, "body": "書きかけ", "_save": "1"})
            assert "編集しているあいだに公開されました" in errors_of(response)["__all__"][0]
            self.assertContains(response, "書きかけ")
            self.assertContains(response, 'name="_save_pending"')
            self.assertNotContains(response, 'name="_save"')
            assert Post.objects.get(pk=post.pk).body == "元の文。\n"
            assert self.saved(post, body="直した文。\n", _save_live="1").body == "直した文。\n"

    def test_article_whose_hour_comes_while_it_is_moved_to_another_stays_where_it_is(self):
        """Changes come between the checks of form and model, and between the checks and the save."""
        for place, name in ((Post, "clean"), (admin_of_posts, "save_post")):
            with self.subTest(name), time_machine.travel("2026-05-01T00:00:00Z", tick=False) as clock:
                post = make_scheduled(after=timedelta(minutes=1), body="元の文。\n")
                opened = values_at(self.client, url_of(post))
                moved = {**opened, "body": "直した文。", "publish_at_0": "2026-05-02", "_save": "1"}
                on_time = getattr(place, name)

                def late(*args, clock=clock, on_time=on_time, **kwargs):
                    clock.shift(timedelta(minutes=2))
                    return on_time(*args, **kwargs)

                with mock.patch.object(place, name, late):
                    response = self.client.post(url_of(post), moved)
                assert "移したりできません" in str(errors_of(response))
                self.assertContains(response, "直した文。")
                self.assertContains(response, 'name="_save_pending"')
                stored = Post.objects.get(pk=post.pk)
                assert (stored.body, stored.published_at) == ("元の文。\n", post.published_at)


class AddressTests(DeskCase):
    """The address of an article that readers know."""

    def addresses(self, post):
        return set(post.permalinks.values_list("path", flat=True))

    def test_change_shows_both_addresses_first_and_keeps_what_was_typed(self):
        for changes, new in (
            ({"slug": "new"}, "/2026/04/01/new/"),
            ({"publish_at_0": "2026-03-31"}, "/2026/03/31/old/"),
        ):
            with self.subTest(new):
                Post.objects.all().delete()
                post = make_post(slug="old")
                response = save(self.client, url_of(post), body="直した本文", **changes)
                assert "URLが変わります" in errors_of(response)["__all__"][0]
                self.assertContains(response, "<dd>/2026/04/01/old/</dd>")
                self.assertContains(response, f"<dd>{new}</dd>")
                self.assertContains(response, "直した本文")
                assert Post.objects.get(pk=post.pk).path == "/2026/04/01/old/"
                post = self.saved(post, **changes, confirmed_path=new)
                assert post.path == new
                assert self.addresses(post) == {"/2026/04/01/old/", new}
                response = Client().get("/2026/04/01/old/")
                assert (response.status_code, response["Location"]) == (301, new)

    def test_other_time_of_the_same_day_keeps_the_address(self):
        post = self.saved(make_post(slug="old"), publish_at_1="06:00:00")
        assert (post.path, post.published_at.hour) == ("/2026/04/01/old/", 21)
        assert self.addresses(post) == {post.path}

    def test_date_of_a_post_that_was_public_is_not_emptied_or_moved_ahead(self):
        for post in (make_post(), make_unpublished()):
            for day, time in (("2099-01-01", "00:00:00"), ("", "")):
                with self.subTest(post.state, day=day):
                    assert "publish_at" in self.refused(post, publish_at_0=day, publish_at_1=time)

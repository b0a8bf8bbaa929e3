"""One page for a new colleague: account, role and byline at once, and the invitation."""

import re

import pytest
import time_machine
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from blog.admin.account.invitations import INVITED_FOR, OVER, invitation_url, invited
from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from blog.models import Author, QueuedTask
from tests.factories import make_author, make_user
from tests.queue import do_queued_tasks

pytestmark = pytest.mark.sqlite

URL = reverse("admin:auth_user_add")
PASSWORD = "kinoko-no-yama-2026"


class ColleagueCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.keeper = make_user("keeper", role=ADMINISTRATOR)

    def setUp(self):
        self.client.force_login(self.keeper)

    @property
    def told(self):
        return {
            "last_name": "田中",
            "first_name": "花",
            "username": "tanaka",
            "email": "tanaka@example.jp",
            "role": Group.objects.get(name=WRITER).pk,
            "byline": "new",
            "slug": "",
        }

    def sent(self, **fields):
        self.answer = self.client.post(URL, self.told | fields)
        do_queued_tasks()
        return self.answer

    def refused(self, **fields):
        response = self.sent(**fields)
        assert not User.objects.filter(last_name="田中").exists()
        return response.context["form"].errors


class MakingTests(ColleagueCase):
    def test_account_role_and_byline_are_made_at_once_and_noted(self):
        response = self.sent()
        user, author = User.objects.get(username="tanaka"), Author.objects.get(slug="tanaka")
        assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (True, False, False)
        assert [group.name for group in user.groups.all()] == [WRITER]
        assert (author.name, author.user) == ("田中 花", user)
        self.assertContains(response, "tanaka@example.jp に招待のメールを送ります")
        logged = LogEntry.objects.filter(user=self.keeper, action_flag=ADDITION)
        assert {(entry.content_type.model, entry.object_repr) for entry in logged} == {
            ("user", "tanaka"),
            ("author", "田中 花"),
        }

    @pytest.mark.postgresql
    def test_known_author_is_linked_or_none_is_made(self):
        author = make_author("田中", "hana")
        self.sent(byline="known", author=author.pk)
        author.refresh_from_db()
        assert author.user == User.objects.get(username="tanaka")
        self.sent(byline="none", username="suzuki", email="")
        assert Author.objects.count() == 1
        assert User.objects.filter(username="suzuki").exists()

    def test_bad_input_is_told_and_makes_nothing(self):
        taken = make_author("佐藤", "sato", user=make_user("sato", email="sato@example.jp"))
        for field, fields in {
            "username": {"username": "SATO"},
            "email": {"email": "Sato@example.jp"},
            "last_name": {"last_name": " "},
            "slug": {"slug": "sato"},
            "name": {"name": "佐藤", "slug": "other"},
            "author": {"byline": "known", "author": taken.pk},
            "role": {"role": "x"},
            "byline": {"byline": "x"},
        }.items():
            with self.subTest(field):
                assert field in self.refused(**fields)
        assert "username" in self.refused(username="田 中")
        assert "author" in self.refused(byline="known")
        assert "slug" in self.refused(slug="Bad/Name")


class TwiceTests(ColleagueCase):
    """A reload, the back button, a double click."""

    @pytest.mark.postgresql
    def test_same_form_sent_twice_makes_and_invites_once(self):
        self.sent()
        assert "username" in self.sent().context["form"].errors
        assert (User.objects.count(), len(mail.outbox)) == (2, 1)


class RefusalTests(ColleagueCase):
    @pytest.mark.postgresql
    def test_byline_that_is_made_of_missing_fields_is_no_fault_of_its_own(self):
        assert {*self.refused(last_name="", username="")} == {"last_name", "username"}


class RightsTests(ColleagueCase):
    @pytest.mark.postgresql
    def test_nobody_gives_more_rights_than_they_have(self):
        mighty = Group.objects.create(name="強い役割")
        mighty.permissions.add(Permission.objects.get(codename="delete_group"))
        assert "role" in self.refused(role=mighty.pk)
        offered = self.client.get(URL).context["form"].fields["role"].queryset
        assert {group.name for group in offered} == {WRITER, EDITOR, ADMINISTRATOR}
        user = make_user("suzuki")
        url = reverse("admin:auth_user_change", args=[user.pk])
        self.client.post(url, {"username": "suzuki", "groups": mighty.pk, "is_active": "on"})
        assert not user.groups.exists()

    def test_who_may_not_keep_users_may_not_invite(self):
        for role in (EDITOR, WRITER):
            self.client.force_login(make_user(role, role=role))
            assert self.client.get(URL).status_code == 403
            assert self.client.post(URL, {"username": "x"}).status_code == 403

    def test_superuser_is_not_invited_again_by_a_keeper(self):
        chief = make_user("chief", is_superuser=True)
        chief.set_unusable_password()
        chief.save()
        assert self.client.post(reverse("admin:auth_user_invite", args=[chief.pk])).status_code == 403


class InvitationTests(ColleagueCase):
    def link(self):
        return re.search(r"https?://\S+", mail.outbox[-1].body)[0]

    def decide(self, client, link):
        """Opens the link and decides on a password, as a browser does."""
        page = client.get(f"/admin/{link.partition('/admin/')[2]}", follow=True)
        if page.status_code != 200:
            return page
        path = page.redirect_chain[-1][0]
        return client.post(path, {"new_password1": PASSWORD, "new_password2": PASSWORD}, follow=True)

    def test_link_lets_its_reader_decide_on_a_password_once(self):
        self.sent()
        link, reader = self.link(), Client()
        assert self.decide(reader, link).status_code == 200
        assert User.objects.get(username="tanaka").check_password(PASSWORD)
        again = self.decide(Client(), link)
        assert again.status_code == 410
        self.assertContains(again, OVER, status_code=410)

    def test_link_ends_after_three_days_and_a_wrong_one_opens_nothing(self):
        self.sent()
        link = self.link()
        with time_machine.travel(timezone.now() + INVITED_FOR, tick=False):
            assert self.decide(Client(), link).status_code == 410
        assert self.decide(Client(), link[:-2] + "x/").status_code == 410

    def test_account_that_was_closed_is_no_longer_invited(self):
        self.sent()
        User.objects.filter(username="tanaka").update(is_active=False)
        assert self.decide(Client(), self.link()).status_code == 410

    def test_without_mail_the_link_is_shown_to_be_handed_over(self):
        response = self.sent(email="")
        self.assertContains(response, invitation_url("x").partition("invited")[0])
        assert not mail.outbox
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.console.EmailBackend"):
            response = self.sent(username="suzuki", email="suzuki@example.jp", byline="none")
        self.assertContains(response, "メールを送る設定がありません")

    def test_who_lost_the_invitation_is_invited_again(self):
        self.sent()
        first = self.link()
        user = User.objects.get(username="tanaka")
        self.assertContains(self.client.get(reverse("admin:auth_user_change", args=[user.pk])), "もう一度招待する")
        again = reverse("admin:auth_user_invite", args=[user.pk])
        self.assertContains(self.client.post(again), "もう一度招待しました")
        do_queued_tasks()
        assert len(mail.outbox) == 2
        assert self.decide(Client(), first).status_code == 410
        assert self.decide(Client(), self.link()).status_code == 200
        assert self.client.post(again).status_code == 302
        assert len(mail.outbox) == 2

    def test_neither_the_queue_nor_the_session_holds_the_link(self):
        self.client.post(URL, self.told)
        stored = QueuedTask.objects.get(task_path__endswith="mail_invitation").args_kwargs
        session = dict(self.client.session.items())
        do_queued_tasks()
        token = self.link().rstrip("/").rpartition("/")[2]
        user = User.objects.get(username="tanaka")
        assert invited(token) == user
        for found in (stored, session):
            assert token.partition(":")[0] not in str(found)
            assert not any(invited(word) for word in re.split("[^\\w:-]+", str(found)))

    @pytest.mark.postgresql
    def test_invitation_that_another_one_ended_before_it_was_sent_is_not_sent(self):
        self.client.post(URL, self.told)
        user = User.objects.get(username="tanaka")
        again = reverse("admin:auth_user_invite", args=[user.pk])
        self.client.post(again)
        do_queued_tasks()
        assert len(mail.outbox) == 1
        assert self.decide(Client(), self.link()).status_code == 200

    def test_link_ends_when_the_account_gets_another_address(self):
        self.sent()
        User.objects.filter(username="tanaka").update(email="hana@example.jp")
        assert self.decide(Client(), self.link()).status_code == 410

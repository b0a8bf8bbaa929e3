"""The users of the desk, kept by a user in the role 管理者."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client, TestCase
from django.urls import reverse
from django_otp.oath import TOTP

from blog.admin.account import second_factor
from blog.admin.user import OUT_OF_REACH
from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from tests.admin.desk import values_at
from tests.factories import make_user

pytestmark = pytest.mark.sqlite

LIST = reverse("admin:auth_user_changelist")


def url_of(user, name="change"):
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


class UserTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.keeper = make_user("keeper", role=ADMINISTRATOR)
        cls.chief = make_user("chief", is_superuser=True)

    def setUp(self):
        self.client.force_login(self.keeper)

    def changed(self, user, **changes):
        data = {**values_at(self.client, url_of(user)), **changes}
        return self.client.post(url_of(user), data)

    @pytest.mark.postgresql
    def test_role_and_right_that_are_given_are_named_in_the_log(self):
        user, writers = make_user("tanaka"), Group.objects.get(name=WRITER)
        assert self.changed(user, groups=writers.pk, is_staff="on", last_name="田中").status_code == 302
        user = User.objects.get(username="tanaka")
        assert (user.last_name, list(user.groups.all())) == ("田中", [writers])
        self.assertContains(self.client.get(LIST), WRITER)
        entry = LogEntry.objects.latest("pk")
        assert (entry.user, entry.object_repr, entry.change_message) == (self.keeper, "tanaka", "「執筆者」を加えた")

    def test_locked_account_shows_so_and_is_released_at_the_desk(self):
        make_user("tanaka")
        stranger = Client()
        for _ in range(5):
            answer = stranger.post(reverse("admin:login"), {"username": "tanaka", "password": "wrong"})
        assert answer.status_code == 429
        self.assertContains(self.client.get(LIST), "ログイン停止中")
        data = {"action": "release", "_selected_action": [User.objects.get(username="tanaka").pk]}
        self.client.post(LIST, data)
        self.assertNotContains(self.client.get(LIST), "ログイン停止中")
        answer = stranger.post(reverse("admin:login"), {"username": "tanaka", "password": "pass"})
        assert answer.status_code == 302
        said = LogEntry.objects.filter(user=self.keeper).latest("pk").change_message
        assert said == "ログインの停止を解きました。"

    def test_deletion_of_several_speaks_japanese(self):
        page = self.client.get(LIST)
        self.assertNotContains(page, "選択された")
        self.assertContains(page, ">削除する</option>")

    @pytest.mark.postgresql
    def test_new_password_is_set_and_nothing_is_told_of_the_old_one(self):
        user, password = make_user("tanaka"), "kinoko-no-yama-2026"
        page = self.client.get(url_of(user))
        self.assertContains(page, "パスワードを変更")
        self.assertNotContains(page, user.password.split("$")[0])
        url = url_of(user, "password_change")
        self.assertContains(self.client.get(url), "<h1>tanakaさんのパスワードを変更</h1>")
        data = {"password1": password, "password2": password.upper(), "usable_password": "false"}
        self.assertContains(self.client.post(url, data), "errorlist")
        assert self.client.post(url, {**data, "password2": password}).status_code == 302
        user.refresh_from_db()
        assert user.check_password(password)
        page = self.client.get(url_of(user, "history"))
        self.assertContains(page, "<h1>履歴：tanaka</h1>")
        self.assertContains(page, "keeper")
        self.assertContains(page, "1件</p>")

    @pytest.mark.postgresql
    def test_keeper_makes_nobody_a_superuser_and_gives_no_single_permission(self):
        user, everything = make_user("tanaka"), Permission.objects.get(codename="delete_group")
        for target in (user, self.keeper):
            self.changed(target, is_superuser="on", user_permissions=everything.pk)
            target.refresh_from_db()
            assert not target.is_superuser
            assert not target.user_permissions.exists()

    def test_superuser_is_out_of_the_keepers_reach(self):
        before = User.objects.values().get(pk=self.chief.pk)
        assert self.client.post(url_of(self.chief), {"username": "mine", "email": "a@b.example"}).status_code == 403
        password = {"password1": "kinoko-no-yama-2026", "password2": "kinoko-no-yama-2026", "set-password": "1"}
        url = reverse("admin:auth_user_password_change", args=[self.chief.pk])
        assert self.client.post(url, {**password, "usable_password": "true"}).status_code == 403
        assert self.client.post(url_of(self.chief, "delete"), {"post": "yes"}).status_code == 403
        bulk = {"action": "delete_selected", "_selected_action": [self.chief.pk], "post": "yes"}
        self.client.post(LIST, bulk)
        assert User.objects.values().get(pk=self.chief.pk) == before

    def test_account_with_a_right_that_the_keeper_lacks_is_out_of_reach(self):
        right = Permission.objects.get(codename="change_group")
        role = Group.objects.create(name="人事")
        role.permissions.add(right)
        by_role, closed = make_user("by-role", role="人事"), make_user("closed", role="人事", is_active=False)
        alone = make_user("alone")
        alone.user_permissions.add(right)
        passwords = {"password1": "kinoko-no-yama-2026", "password2": "kinoko-no-yama-2026"}
        for user in (by_role, closed, alone):
            code = f"{TOTP(second_factor.begin(user).bin_key).token():06d}"
            assert second_factor.confirm(user, code)
            self.assertContains(self.client.get(url_of(user)), OUT_OF_REACH)
            before = User.objects.values().get(pk=user.pk)
            changes = {"username": user.username, "email": "mine@example.jp"}
            assert self.client.post(url_of(user), changes).status_code == 403
            assert self.client.post(url_of(user, "password_change"), passwords).status_code == 403
            assert self.client.post(url_of(user, "delete"), {"post": "yes"}).status_code == 403
            assert self.client.post(url_of(user, "invite")).status_code == 403
            for action in ("remove_second_factor", "delete_selected"):
                bulk = {"action": action, "_selected_action": [user.pk], "post": "yes"}
                page = self.client.post(LIST, bulk, follow=True)
                self.assertContains(page, OUT_OF_REACH if action == "remove_second_factor" else "は削除できません")
            assert User.objects.values().get(pk=user.pk) == before
            assert second_factor.is_set_up(user)

    def test_keeper_changes_whoever_has_no_right_that_the_keeper_lacks(self):
        for role in (WRITER, EDITOR, ADMINISTRATOR):
            user = make_user(role, role=role)
            assert self.changed(user, last_name="新しい名").status_code == 302
            assert User.objects.get(pk=user.pk).last_name == "新しい名"
            assert [group.name for group in user.groups.all()] == [role]
        role = Group.objects.create(name="人事")
        role.permissions.add(Permission.objects.get(codename="change_group"))
        self.keeper.groups.add(role)  # and who has it too
        assert self.changed(make_user("by-role", role="人事"), last_name="新しい名").status_code == 302

    @pytest.mark.postgresql
    def test_right_that_the_desk_has_no_screen_for_outlives_a_save(self):
        self.client.force_login(self.chief)
        right = Permission.objects.exclude(content_type__app_label__in=("auth", "blog")).first()
        user, role = make_user("tanaka"), Group.objects.create(name="人事")
        user.user_permissions.add(right)
        role.permissions.add(right)
        assert self.changed(user, email="tanaka@example.jp").status_code == 302
        assert [*user.user_permissions.all()] == [right]
        url = reverse("admin:auth_group_change", args=[role.pk])
        data = {**values_at(self.client, url), "name": "人事部"}
        assert self.client.post(url, data).status_code == 302
        assert [*role.permissions.all()] == [right]

    def test_nobody_deletes_locks_out_or_demotes_themselves(self):
        for user in (self.chief, self.keeper):
            self.client.force_login(user)
            before = User.objects.values().get(pk=user.pk)
            page = self.client.post(url_of(user, "delete"), {"post": "yes"})
            self.assertContains(page, "自分のアカウントは削除できません")
            bulk = {"action": "delete_selected", "_selected_action": [user.pk, self.keeper.pk], "post": "yes"}
            self.assertContains(self.client.post(LIST, bulk), "自分のアカウントは削除できません")
            self.assertContains(self.client.get(url_of(user)), "自分のアカウントでは変えられません")
            roles = [*user.groups.all()]
            assert (
                self.client.post(url_of(user), {"username": user.username, "last_name": "新しい名"}).status_code == 302
            )
            assert User.objects.values().get(pk=user.pk) == {**before, "last_name": "新しい名"}
            assert [*user.groups.all()] == roles

    @pytest.mark.postgresql
    def test_superuser_deletes_and_demotes_another_one(self):
        self.client.force_login(self.chief)
        for name in ("second", "third"):
            make_user(name, is_superuser=True)
        data = {"username": "second", "is_active": "on", "is_staff": "on"}
        assert self.client.post(url_of(User.objects.get(username="second")), data).status_code == 302
        assert not User.objects.get(username="second").is_superuser
        third = User.objects.get(username="third")
        assert self.client.post(url_of(third, "delete"), {"post": "yes"}).status_code == 302
        assert not User.objects.filter(pk=third.pk).exists()

    def test_password_is_nothing_to_search_for(self):
        assert self.client.get(f"{LIST}?password__startswith=md5").status_code == 400

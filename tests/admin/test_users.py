"""The users of the desk, kept by a user in the role 管理者."""

from django.contrib.auth.models import Group, Permission, User
from django.test import TestCase
from django.urls import reverse

from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from tests.admin.desk import fields_of
from tests.factories import make_user

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
        data = {**fields_of(self.client.get(url_of(user))), **changes}
        return self.client.post(url_of(user), data)

    def test_new_user_is_made_and_gets_a_role(self):
        password = "kinoko-no-yama-2026"
        data = {"username": "tanaka", "usable_password": "true", "password1": password, "password2": password}
        assert self.client.post(reverse("admin:auth_user_add"), data).status_code == 302
        user = User.objects.get(username="tanaka")
        writers = Group.objects.get(name=WRITER)
        assert self.changed(user, groups=writers.pk, is_staff="on", last_name="田中").status_code == 302
        user = User.objects.get(username="tanaka")
        assert (user.is_staff, user.last_name, list(user.groups.all())) == (True, "田中", [writers])
        self.assertContains(self.client.get(LIST), WRITER)

    def test_form_says_in_an_editors_words_what_it_gives(self):
        response = self.client.get(url_of(make_user("tanaka")))
        for words in ("編集デスクに入れる", "ログインできなくなります", "編集者は公開まで"):
            self.assertContains(response, words)

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

    def test_superuser_gives_every_right(self):
        self.client.force_login(self.chief)
        user = make_user("tanaka")
        assert self.changed(user, is_superuser="on").status_code == 302
        assert User.objects.get(pk=user.pk).is_superuser

    def test_editor_sees_no_users(self):
        self.client.force_login(make_user(role=EDITOR))
        for url in (LIST, url_of(self.keeper), url_of(self.keeper, "delete")):
            assert self.client.get(url).status_code == 403

    def test_password_is_nothing_to_search_for(self):
        assert self.client.get(f"{LIST}?password__startswith=md5")["Location"] == f"{LIST}?e=1"

    def test_list_costs_the_same_whatever_its_length(self):
        with self.assertNumQueries(8):
            self.client.get(LIST)
        for number in range(5):
            make_user(f"user{number}", role=WRITER)
        with self.assertNumQueries(8):
            self.client.get(LIST)

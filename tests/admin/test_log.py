"""The log of acts on one page: Django's own entries, with logins and locks."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from blog.editing.permissions import EDITOR, WRITER
from tests.admin.desk import DeskCase
from tests.factories import make_draft, make_post, make_user

LIST = reverse("admin:admin_logentry_changelist")
LOGIN = reverse("admin:login")


class LogTests(DeskCase):
    def logged(self):
        return [(entry.object_repr, entry.get_change_message()) for entry in LogEntry.objects.order_by("pk")]

    @pytest.mark.postgresql
    def test_withdrawal_and_deletion_name_who_did_it_to_what(self):
        post, draft = make_post("公開の記事"), make_draft("下書き")
        self.client.post(
            reverse("admin:blog_post_changelist"),
            {"action": "withdraw", "_selected_action": [post.pk], "confirmed": "1"},
        )
        self.client.post(reverse("admin:blog_post_delete", args=[draft.pk]), {"post": "yes"})
        self.assertContains(self.client.get(LIST), "下書き")
        assert [name for name, _ in self.logged() if name != "editor"] == ["公開の記事", "下書き"]
        assert {entry.user for entry in LogEntry.objects.all()} == {self.editor}

    def test_logins_failures_and_logouts_are_there_but_no_name_that_nobody_has(self):
        make_user("tanaka")
        self.client.logout()
        for name, password in (("tanaka", "wrong"), ("himitsu-no-pw", "x"), ("tanaka", "pass")):
            self.client.post(LOGIN, {"username": name, "password": password})
        self.client.post(reverse("admin:logout"))
        said = [message for name, message in self.logged() if name == "tanaka"]
        assert said == ["ログインの失敗（127.0.0.1）", "ログイン（127.0.0.1）", "ログアウト"]
        assert "himitsu-no-pw" not in str(self.logged())

    def test_nobody_changes_it_and_writers_do_not_read_it(self):
        entry = LogEntry.objects.latest("pk")  # of the login
        for name in ("change", "delete"):
            self.client.post(reverse(f"admin:admin_logentry_{name}", args=[entry.pk]), {"post": "yes"})
        assert LogEntry.objects.latest("pk").change_message == entry.change_message
        for role, status in ((EDITOR, 200), (WRITER, 403)):
            self.client.force_login(make_user(f"a {role}", role=role))
            assert self.client.get(LIST).status_code == status

    def test_entries_stay_unless_a_setting_says_for_how_long(self):
        LogEntry.objects.update(action_time=timezone.now() - timedelta(days=366))
        call_command("tidy", verbosity=0)
        assert LogEntry.objects.exists()
        with self.settings(AUDIT_DAYS=365):
            call_command("tidy", verbosity=0)
        assert not LogEntry.objects.exists()

"""What happens to accounts is in the log of acts: logins, passwords, second factors, roles."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse
from django_otp.oath import TOTP

from blog.admin.account import second_factor
from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from blog.models import AuditEntry
from tests.admin.desk import save
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOGIN, LOGOUT = reverse("admin:login"), reverse("admin:logout")
HERE = "192.0.2.9"
PASSWORD = "とても長い合言葉です2026"


@pytest.fixture
def writer():
    user = make_user("writer", role=WRITER)
    AuditEntry.objects.all().delete()
    return user


def told():
    found = AuditEntry.objects.order_by("pk")
    return [(entry.user_name, entry.act, entry.name, entry.detail, entry.address) for entry in found]


def log_in(client, password="pass", name="writer"):
    return client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=HERE)


def test_login_and_logout(client, writer):
    log_in(client)
    client.post(LOGOUT, REMOTE_ADDR=HERE)
    assert told() == [
        ("writer", "logged_in", "writer", "", HERE),
        ("writer", "logged_out", "writer", "", HERE),
    ]


def test_failures_and_the_lock_and_nothing_of_what_is_tried_after_it(client, writer):
    for _ in range(8):
        log_in(client, "wrong")
    failure = ("", "login_failed", "writer", "", HERE)
    assert told() == [*[failure] * 4, ("", "locked_out", "writer", "", HERE)]


def test_name_that_nobody_has_is_not_kept_for_it_may_be_a_password(client, writer):
    log_in(client, name="himitsu-no-password")
    assert told() == [("", "login_failed", "知られていない名前", "", HERE)]


def test_address_is_what_trusted_proxies_say(client, writer, settings):
    settings.TRUSTED_PROXIES = 1
    headers = {"x-forwarded-for": "203.0.113.5, 2001:db8::1"}
    client.post(LOGIN, {"username": "writer", "password": "pass"}, REMOTE_ADDR=HERE, headers=headers)
    assert told()[-1][-1] == "2001:db8::1"


def test_change_of_the_own_password(client, writer):
    client.force_login(writer)
    AuditEntry.objects.all().delete()
    sent = {"old_password": "pass", "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(reverse("admin:password_change"), sent, REMOTE_ADDR=HERE).status_code == 302
    assert told() == [("writer", "password", "writer", "", HERE)]


def test_command_that_sets_a_password(writer):
    writer.set_password(PASSWORD)
    writer.save()
    assert told() == [("", "password", "writer", "", None)]


def test_second_factor_from_set_up_to_removal(writer):
    device = second_factor.begin(writer)
    code = f"{TOTP(device.bin_key).token():06d}"
    assert second_factor.confirm(writer, code)
    codes = second_factor.renew_recovery_codes(writer)
    assert second_factor.verify(writer, codes[0])
    assert second_factor.verify(writer, codes[0]) is None
    second_factor.remove([writer])
    acts = [(act, detail) for _, act, _, detail, _ in told()]
    assert acts == [
        ("second_factor", "設定"),
        ("second_factor", "リカバリーコードを作成"),
        ("second_factor", "リカバリーコードで確認"),
        ("code_failed", ""),
        ("second_factor", "解除"),
    ]


def test_roles_that_an_administrator_gives_and_takes(client, writer):
    client.force_login(make_user("chief", role=ADMINISTRATOR))
    AuditEntry.objects.all().delete()
    url = reverse("admin:auth_user_change", args=[writer.pk])
    editors = Group.objects.get(name=EDITOR)
    answer = save(client, url, groups=[editors.pk], is_staff="on", is_active="on")
    assert answer.status_code == 302
    assert [entry[:4] for entry in told()] == [
        ("chief", "roles", "writer", "「執筆者」を外した"),
        ("chief", "roles", "writer", "「編集者」を加えた"),
    ]


def test_rights_given_from_any_side_and_all_taken_at_once(writer):
    right = Permission.objects.get(codename="publish_post")
    Group.objects.get(name=EDITOR).user_set.add(writer)
    writer.user_permissions.add(right)
    writer.user_permissions.clear()
    Group.objects.get(name=EDITOR).user_set.clear()
    writer.groups.add(Group.objects.get(name=WRITER))  # which it has: nothing changes
    details = [detail for _, act, name, detail, _ in told() if (act, name) == ("roles", "writer")]
    named = "「記事：記事を公開し、ほかの人の記事も編集できる」"
    assert details == ["「編集者」を加えた", f"{named}を加えた", f"{named}を外した", "「編集者」を外した"]


def test_account_that_is_made_changed_and_deleted():
    call_command("createsuperuser", interactive=False, username="root", email="root@example.jp", verbosity=0)
    user = User.objects.get(username="root")
    user.is_superuser, user.email = False, "other@example.jp"
    user.save()
    user.email = "third@example.jp"
    user.save()
    user.save()
    user.delete()
    acts = [entry[1] for entry in told()]
    assert acts == ["added", "roles", "changed", "deleted"]
    assert "はい" in told()[0][3]
    assert "いいえ" in told()[1][3]
    assert not any("example.jp" in entry[3] for entry in told())


# --- rights of roles ---


@pytest.fixture
def role():
    role = Group.objects.create(name="校閲")
    AuditEntry.objects.all().delete()
    return role


def rights(*codenames):
    return [Permission.objects.get(content_type__app_label="blog", codename=codename) for codename in codenames]


def test_rights_that_a_role_gets_and_loses_are_one_entry_each(role):
    change, view = rights("change_post", "view_post")
    role.permissions.add(change, view)
    role.permissions.add(change)  # it has that
    role.permissions.remove(change)
    role.permissions.clear()
    told_of = [(entry.kind, entry.act, entry.name, entry.detail) for entry in AuditEntry.objects.order_by("pk")]
    assert told_of == [
        ("auth.group", "roles", "校閲", "「記事：編集」、「記事：表示」を加えた"),
        ("auth.group", "roles", "校閲", "「記事：編集」を外した"),
        ("auth.group", "roles", "校閲", "「記事：表示」を外した"),
    ]


def test_rights_given_from_their_side_are_noted_for_each_role(role):
    (view,) = rights("view_post")
    view.group_set.add(role)
    assert [entry.name for entry in AuditEntry.objects.all()] == ["校閲"]
    view.group_set.clear()
    assert "校閲" in [entry.name for entry in AuditEntry.objects.filter(detail__endswith="外した")]


def test_role_at_the_desk_is_noted_with_who_and_from_where(client, role):
    client.force_login(make_user("boss", is_superuser=True))
    AuditEntry.objects.all().delete()
    (view,) = rights("view_post")
    url = reverse("admin:auth_group_change", args=[role.pk])
    assert client.post(url, {"name": "校閲", "permissions": [view.pk]}, REMOTE_ADDR=HERE).status_code == 302
    assert ("boss", "roles", "校閲", "「記事：表示」を加えた", HERE) in told()


def test_role_that_is_made_renamed_and_deleted_with_all_who_lose_it(client, role, writer):
    client.force_login(make_user("boss", is_superuser=True))
    AuditEntry.objects.all().delete()
    client.post(reverse("admin:auth_group_add"), {"name": "写真部"}, REMOTE_ADDR=HERE)
    made = Group.objects.get(name="写真部")
    client.post(reverse("admin:auth_group_change", args=[made.pk]), {"name": "写真班"}, REMOTE_ADDR=HERE)
    made.refresh_from_db()
    made.user_set.add(writer)
    client.post(reverse("admin:auth_group_delete", args=[made.pk]), {"post": "yes"}, REMOTE_ADDR=HERE)
    assert told() == [
        ("boss", "added", "写真部", "", HERE),
        ("boss", "changed", "写真班", "「写真部」から改名", HERE),
        ("", "roles", "writer", "「写真班」を加えた", None),
        ("boss", "roles", "writer", "「写真班」を外した", HERE),
        ("boss", "deleted", "写真班", "", HERE),
    ]


def test_roles_are_kept_before_the_log_has_a_table_too(monkeypatch):
    monkeypatch.setattr("django.db.connection.introspection.table_names", lambda: ["auth_group"])
    Group.objects.create(name="校閲")
    assert told() == []


def test_command_that_adds_a_recovery_code(writer, capsys):
    call_command("addstatictoken", "writer")
    assert told() == [("", "second_factor", "writer", "リカバリーコードを追加", None)]


def test_roles_get_their_rights_before_the_log_has_a_table(role, monkeypatch):
    monkeypatch.setattr("django.db.connection.introspection.table_names", lambda: ["auth_group"])
    role.permissions.add(*rights("view_post"))
    assert told() == []

"""Who keeps the site is told that a unit of systemd failed."""

import pytest
from django.core.management import call_command

from tests.factories import make_user


@pytest.mark.django_db
@pytest.mark.sqlite
def test_superusers_get_a_mail_that_names_the_unit(mailoutbox):
    for name, changes in {"root": {}, "gone": {"is_active": False}, "editor": {"is_superuser": False}}.items():
        user = make_user(name, is_superuser=True)
        for field, value in ({"email": f"{name}@example.jp"} | changes).items():
            setattr(user, field, value)
        user.save()
    call_command("mail_failure", "allforces-backup.service")
    assert [mail.to for mail in mailoutbox] == [["root@example.jp"]]
    assert "journalctl --unit allforces-backup.service" in mailoutbox[0].body

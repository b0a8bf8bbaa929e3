"""Whom backups are encrypted to is looked at before anything starts."""

import pyrage

from blog.checks import check_backup_recipients


def test_recipient_that_is_no_key_stops_the_start(settings):
    settings.BACKUP_RECIPIENTS = ["age1wrong"]
    assert [message.id for message in check_backup_recipients()] == ["blog.E002"]


def test_secret_key_in_the_place_of_a_public_one_is_not_shown(settings):
    key = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(key.to_public()), str(key)]
    [message] = check_backup_recipients()
    assert "number 2" in message.msg
    assert "it is a secret key" in message.msg
    assert str(key)[20:] not in message.msg

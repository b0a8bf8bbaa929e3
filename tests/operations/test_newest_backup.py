"""Who keeps the site sees at the desk that the nightly backup failed."""

import json
import os
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from blog.editing.permissions import EDITOR, WRITER
from blog.operations.backups.newest import TROUBLED, backup_note, seconds_since_newest
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OLD = "最後のバックアップから27時間たっています"


@pytest.fixture(autouse=True)
def machine(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    return tmp_path


def grows_older(settings, **ago):
    then = time.time() - timedelta(**ago).total_seconds()
    os.utime(settings.DATA_DIR / "newest-backup", (then, then))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_age_of_the_newest_backup_is_told_when_a_night_was_missed(machine, settings, client):
    call_command("backup", machine / "backups", verbosity=0)
    grows_older(settings, hours=25)
    assert backup_note() == ""
    grows_older(settings, hours=27, minutes=5)
    make_user("editor", role=EDITOR)
    for role, is_told in ((EDITOR, True), (WRITER, False)):
        client.force_login(make_user(f"a {role}", role=role))
        assert (OLD in client.get(reverse("admin:index")).text) is is_told
    (machine / "file").write_text("no folder")
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup", machine / "file")
    assert OLD in backup_note()
    missed = seconds_since_newest()
    call_command("backup", machine / "backups", verbosity=0)
    assert backup_note() == ""
    assert seconds_since_newest() < missed


@pytest.mark.django_db(transaction=True)
def test_backup_that_was_made_with_trouble_is_told(machine):
    (machine / "backups").mkdir()
    (machine / "backups" / f"20260101T000000Z-{'0' * 32}.json").write_text("no manifest")
    with pytest.raises(CommandError, match="The backup was made, but"):
        call_command("backup", machine / "backups")
    assert backup_note() == TROUBLED


@pytest.mark.django_db(transaction=True)
def test_backup_that_the_desk_cannot_be_told_of_is_no_failure(machine, settings):
    (settings.DATA_DIR / "newest-backup").mkdir(parents=True)
    with pytest.raises(CommandError, match="The backup was made, but the desk cannot be told of it") as error:
        call_command("backup", machine / "backups")
    assert error.value.returncode == 3


@pytest.mark.django_db(transaction=True)
def test_file_that_no_restore_would_take_is_left_out_and_told(machine, settings):
    settings.MEDIA_ROOT.mkdir(parents=True)
    for name in ("写真　1.jpg", "a\\b.jpg", "a\n.jpg"):
        (settings.MEDIA_ROOT / name).write_bytes(b"x")
    with pytest.raises(CommandError, match=r"2 file\(s\) were left out"):
        call_command("backup", machine / "backups")
    (manifest,) = (machine / "backups").glob("*.json")
    assert [*json.loads(manifest.read_text())["media"]] == ["写真　1.jpg"]


def test_machine_that_makes_no_backups_says_nothing():
    assert seconds_since_newest() is None
    assert backup_note() == ""

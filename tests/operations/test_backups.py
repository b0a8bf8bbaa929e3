"""What a backup holds, and that a damaged one changes nothing. Whole restores are compared in tests/drill."""

import fcntl
import gzip
import io
import itertools
import json
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from blog.delivery.scratch import remove_old
from blog.models import Image, Post
from tests.factories import make_image, make_post

pytestmark = pytest.mark.django_db(transaction=True)
MINUTES = (datetime(2026, 4, 1, tzinfo=UTC) + timedelta(minutes=number) for number in itertools.count())
BODY = "この文は、暗号にした控えの中では読めない。\n"


@pytest.fixture(autouse=True)
def site(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "media"
    make_post(slug="kept", body=BODY, lead_image=make_image("red"))


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def secret_key(settings, tmp_path) -> Path:
    key = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    return key_file(tmp_path / "key.txt", key)


def key_file(path, key):
    path.write_text(f"# created: today\n{key}\n")
    return path


def run(*arguments):
    """Runs a command; each begins a minute after the one before."""
    out = io.StringIO()
    with time_machine.travel(next(MINUTES)):
        call_command(*map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def restore(*arguments):
    return run("restore", *arguments, "--overwrite")


def objects(folder):
    return {path for path in (folder / "objects").rglob("*") if path.is_file()}


def manifest(folder):
    return max(folder.glob("*.json"))


def rewrite(folder, **changes):
    """Changes the newest manifest as one would who knows how its name is made."""
    path = manifest(folder)
    text = json.dumps(json.loads(path.read_text()) | changes).encode()
    path.unlink()
    (folder / f"{path.stem.partition('-')[0]}-{sha256(text).hexdigest()[:32]}.json").write_bytes(text)


def replace_database(folder, data):
    digest = sha256(data).hexdigest()
    path = folder / "objects" / digest[:2] / digest
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    rewrite(folder, database={"sha256": digest, "size": len(data)})


def picture(folder):
    (stored,) = json.loads(manifest(folder).read_text())["media"].values()
    return folder / "objects" / stored["sha256"][:2] / stored["sha256"]


def flip(path):
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def hostile(name):
    stored = {"sha256": "0" * 64, "size": 1}
    return lambda folder: rewrite(folder, media={name: stored})


DAMAGES = {
    "picture flipped": (lambda folder: flip(picture(folder)), "damaged"),
    "picture cut": (lambda folder: cut(picture(folder)), "damaged"),
    "picture gone": (lambda folder: picture(folder).unlink(), "missing"),
    "manifest edited": (lambda folder: flip(manifest(folder)), "damaged"),
    "manifest cut": (lambda folder: cut(manifest(folder)), "damaged"),
    "manifest gone": (lambda folder: manifest(folder).unlink(), "no backup"),
    "newer format": (lambda folder: rewrite(folder, format=2), "newer"),
    "key missing": (lambda folder: rewrite(folder, database={}), "cannot|no backup"),
    "database is no database": (lambda folder: replace_database(folder, b"nothing"), "cannot be read|pg_restore"),
    "database is empty": (lambda folder: replace_database(folder, b""), "cannot be read|damaged|pg_restore"),
    "path upwards": (hostile("../settings.py"), "no name"),
    "path from the root": (hostile("/etc/cron.d/x"), "no name"),
    "no hash": (lambda folder: rewrite(folder, database={"sha256": "../../x", "size": 1}), "no hash"),
    "other database": (lambda folder: rewrite(folder, vendor="oracle"), "oracle"),
}


# The others are found before anybody looks at the database, or at the copy of it.
OF_DATABASES = ("database is no database", "database is empty", "no hash", "other database")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in OF_DATABASES else pytest.mark.sqlite) for name in DAMAGES]
)
def test_damaged_backup_is_refused_and_changes_nothing(folder, name):
    damage, reason = DAMAGES[name]
    run("backup", folder)
    damage(folder)
    Post.objects.update(title="今の題")
    with pytest.raises(CommandError, match=reason) as refusal:
        restore(folder)
    assert str(refusal.value).startswith("Nothing was restored: ")
    assert Post.objects.get().title == "今の題"


@pytest.mark.sqlite
def test_copy_of_the_database_that_is_cut_or_damaged_is_refused(folder):
    run("backup", folder)
    stored = json.loads(manifest(folder).read_text())["database"]["sha256"]
    packed = (folder / "objects" / stored[:2] / stored).read_bytes()
    plain = bytearray(gzip.decompress(packed))
    plain[100:4000] = b"\xff" * 3900  # the root of the schema
    for data in (packed[:-100], gzip.compress(bytes(plain))):
        replace_database(folder, data)
        with pytest.raises(CommandError, match="the copy of the database"):
            restore(folder)
    assert Post.objects.get().slug == "kept"


def test_restore_brings_back_rows_and_files(folder):
    name = Image.objects.get().file.name
    run("backup", folder)
    Path(Image.objects.get().file.path).write_bytes(b"damaged")
    make_post(slug="newer")
    assert "was restored, with 1 files" in restore(folder)
    assert [post.slug for post in Post.objects.all()] == ["kept"]
    assert Image.objects.get().file.name == name
    assert Path(Image.objects.get().file.path).read_bytes() == picture(folder).read_bytes()


@pytest.mark.sqlite
def test_restore_that_fails_among_the_files_says_what_it_has_written(folder):
    make_post(slug="second", lead_image=make_image("blue"))
    run("backup", folder)
    paths = {image.file.name: Path(image.file.path) for image in Image.objects.all()}
    written, last = (paths[name] for name in json.loads(manifest(folder).read_text())["media"])
    for path in (written, last):
        path.unlink()
    last.mkdir()
    Post.objects.update(title="今の題")
    with pytest.raises(CommandError, match=r"^The database is as it was, files of the backup may be written: "):
        restore(folder)
    assert written.is_file()
    assert {post.title for post in Post.objects.all()} == {"今の題"}


@pytest.mark.postgresql
def test_restore_that_cannot_replace_the_database_says_that_files_were_written(folder, tmp_path, monkeypatch):
    run("backup", folder)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "pg_restore").symlink_to(shutil.which("pg_restore"))
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(CommandError, match="files of the backup may be written: `psql` was not found"):
        restore(folder)


@pytest.mark.sqlite
def test_sqlite_that_is_in_use_is_told_and_stays_as_it_was(folder):
    run("backup", folder)
    Post.objects.update(title="今の題")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], uri=True, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CommandError, match="files of the backup may be written: the database cannot be replaced"):
            restore(folder)
    assert {post.title for post in Post.objects.all()} == {"今の題"}


def test_site_with_content_is_replaced_only_on_demand(folder):
    run("backup", folder)
    with pytest.raises(CommandError, match="has content"):
        run("restore", folder)


def test_check_reads_everything_and_changes_nothing(folder):
    run("backup", folder)
    make_post(slug="newer")
    assert "is whole" in run("restore", folder, "--check")
    assert Post.objects.count() == 2
    flip(picture(folder))
    with pytest.raises(CommandError, match="damaged"):
        run("restore", folder, "--check")


def test_files_are_stored_once_and_go_with_the_last_backup_that_has_them(folder):
    assert "1 files (1 new)" in run("backup", folder)
    old = picture(folder)
    assert "1 files (0 new)" in run("backup", folder)
    Post.objects.update(lead_image=None)
    image = Image.objects.get()
    image.file.delete(save=False)
    image.delete()
    make_image("blue")
    (folder / "objects" / "unfinished-x").write_bytes(b"of a backup that was killed")
    assert "1 files (1 new); 2 older backups removed" in run("backup", folder, "--keep=1", "--keep-months=1")
    assert not old.exists()
    assert len(objects(folder)) == 2


@pytest.mark.sqlite
def test_backup_beside_a_damaged_one_is_made_and_removes_nothing(folder):
    for _ in range(2):
        run("backup", folder)
    kept = objects(folder)
    cut(manifest(folder))
    make_image("blue")
    with pytest.raises(CommandError, match=r"The backup was made, but no older one was removed: .* is damaged") as told:
        run("backup", folder, "--keep=2", "--keep-months=0")
    assert told.value.returncode == 3  # by which deploy/compose/backups.sh does not make another every hour
    assert len(list(folder.glob("*.json"))) == 3
    assert kept < objects(folder)
    assert "is whole" in run("restore", folder, "--check")


@pytest.mark.sqlite
def test_what_a_killed_backup_or_upload_left_goes_after_a_day(settings):
    old, young = (settings.DATA_DIR / "scratch" / name for name in ("old", "young"))
    for left in (old, young):
        left.mkdir(parents=True)
        (left / "copy.sqlite3").write_bytes(b"half a copy")
    upload = settings.DATA_DIR / "scratch" / "tmp.upload"
    upload.write_bytes(b"half a picture")
    before = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for left in (old, upload):
        os.utime(left, (before, before))
    assert remove_old() == 2
    assert (old.exists(), upload.exists(), young.exists()) == (False, False, True)


def unreadable(path):
    path.unlink()
    path.symlink_to(path)  # opening it is an error of the disk


@pytest.mark.sqlite  # about files
@pytest.mark.parametrize("damage", [flip, cut, Path.unlink, unreadable])
def test_damaged_file_of_an_older_backup_is_copied_again_and_told(folder, damage):
    run("backup", folder)
    damage(picture(folder))
    with pytest.raises(CommandError, match=r"The backup was made, but 1 file.* copied again: .*objects"):
        run("backup", folder)
    assert "is whole" in run("restore", folder, "--check")
    assert "1 files (0 new)" in run("backup", folder)


@pytest.mark.sqlite
def test_damage_is_told_beside_what_was_not_removed(folder):
    for _ in range(2):
        run("backup", folder)
    flip(picture(folder))
    cut(manifest(folder))
    with pytest.raises(CommandError, match=r"copied again: .*; and no older one was removed: "):
        run("backup", folder, "--keep=2", "--keep-months=0")


def test_older_backup_is_restored_by_its_name(folder):
    run("backup", folder)
    name = manifest(folder).stem
    make_post(slug="newer")
    run("backup", folder)
    assert name in restore(folder, "--backup", name)
    assert [post.slug for post in Post.objects.all()] == ["kept"]
    with pytest.raises(CommandError, match="has no backup"):
        restore(folder, "--backup", "../elsewhere")


@pytest.mark.sqlite
def test_file_that_a_row_names_and_nobody_finds_is_told(folder):
    name = Image.objects.get().file.name
    Path(Image.objects.get().file.path).unlink()
    assert f"{name} is named in the database and was not found" in run("backup", folder)


def test_encrypted_backup_shows_nothing_and_is_restored_with_the_secret_key(folder, secret_key, tmp_path):
    plain = Path(Image.objects.get().file.path).read_bytes()
    run("backup", folder)
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1\n") for path in objects(folder))
    with pytest.raises(CommandError, match="--identity"):
        restore(folder)
    stranger = key_file(tmp_path / "other.txt", pyrage.x25519.Identity.generate())
    with pytest.raises(CommandError, match="cannot be decrypted"):
        restore(folder, "--identity", stranger)
    Path(Image.objects.get().file.path).unlink()
    Post.objects.update(title="今の題")
    restore(folder, "--identity", secret_key)
    assert Path(Image.objects.get().file.path).read_bytes() == plain
    assert Post.objects.get().title != "今の題"
    data = tmp_path / "data"
    assert {*data.rglob("*")} == {data / "scratch", data / "newest-backup"}  # no plain copy is left


@pytest.mark.sqlite
def test_new_recipient_gets_files_that_were_encrypted_to_another(folder, secret_key, settings, tmp_path):
    run("backup", folder)
    key = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    assert "(1 new)" in run("backup", folder)
    assert "is whole" in run("restore", folder, "--check", "--identity", key_file(tmp_path / "new.txt", key))


@pytest.mark.sqlite
def test_identity_that_is_none_is_refused_without_showing_it(folder, secret_key, tmp_path):
    run("backup", folder)
    (tmp_path / "wrong.txt").write_text("AGE-SECRET-KEY-1WRONG")
    for file in (tmp_path / "wrong.txt", tmp_path / "absent.txt", tmp_path):
        with pytest.raises(CommandError, match="cannot be read") as refusal:
            restore(folder, "--identity", file)
        assert "1WRONG" not in str(refusal.value)


@pytest.mark.sqlite
def test_folder_whose_files_are_public_is_refused(settings):
    with pytest.raises(CommandError, match="are public"):
        run("backup", settings.MEDIA_ROOT / "backups")


@pytest.mark.sqlite
def test_folder_that_cannot_be_written_is_refused_in_words(folder):
    folder.write_text("a file")
    with pytest.raises(CommandError, match="No backup was made"):
        run("backup", folder)


@pytest.mark.sqlite
def test_two_backups_at_once_are_told_apart(folder):
    folder.mkdir()
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="another backup"):
            run("backup", folder)


@pytest.mark.sqlite
def test_folder_without_a_backup_is_told(folder):
    with pytest.raises(CommandError, match="there is no backup"):
        restore(folder)


@pytest.mark.sqlite
def test_others_on_the_machine_cannot_open_the_folder(folder):
    run("backup", folder)
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.postgresql
def test_missing_program_is_named(folder, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CommandError, match="apt install postgresql-client"):
        run("backup", folder)


def test_failed_backup_leaves_the_older_one_and_no_half_object(folder, monkeypatch):
    run("backup", folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    monkeypatch.setattr("blog.operations.backups.making.named_files", lambda: 1 / 0)
    with suppress(ZeroDivisionError):
        run("backup", folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert connection.is_usable()

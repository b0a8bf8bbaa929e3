"""Files that belong to nothing go; every other stays."""

import io
import os
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from blog.models import Autosave, Image, Permalink, Post
from blog.pictures.renditions import make_renditions
from blog.pictures.stored_files import delete_images, remove_unnamed, tidy
from blog.pictures.uploads import _stored
from tests.factories import make_image, make_page, make_post, make_released, make_user
from tests.queue import do_queued_tasks

pytestmark = pytest.mark.django_db
LOST = f"images/{'0' * 32}.png"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def stored(name=LOST, *, age=timedelta(days=2)):
    """A file without a row, written a while ago."""
    default_storage.save(name, ContentFile(b"x"))
    then = (timezone.now() - age).timestamp()
    os.utime(default_storage.path(name), (then, then))
    return name


def files():
    root = default_storage.path("")
    return {os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names}


def run(*options):
    out = io.StringIO()
    call_command("tidy", *options, stdout=out)
    return out.getvalue().splitlines()


def a_week_later():
    return time_machine.travel(timezone.now() + timedelta(days=7))


def shown_picture():
    """With every file that a picture has."""
    image = make_image()
    make_renditions(image)
    assert image.renditions
    return image


# --- deleting ---


def test_files_of_a_deleted_picture_are_left_to_the_worker():
    shown_picture()
    before = files()
    delete_images(Image.objects.all())
    assert files() == before
    do_queued_tasks()
    assert files() == set()


def test_a_delete_that_is_rolled_back_loses_nothing():
    image = shown_picture()
    before = files()
    with suppress(OSError), transaction.atomic():
        delete_images(Image.objects.all())
        raise OSError
    do_queued_tasks()
    assert files() == before
    assert Image.objects.get() == image


def test_a_file_that_another_picture_has_stays():
    first = shown_picture()
    second = Image.objects.create(file=first.file.name, renditions=first.renditions, source_digest="1")
    delete_images(Image.objects.filter(pk=first.pk))
    do_queued_tasks()
    assert files() == {second.file.name, *(name for _, name in second.renditions)}


# --- tidy ---


@pytest.mark.sqlite  # about names of files
@pytest.mark.parametrize("folder", ["images", "renditions", "cards"])
@pytest.mark.parametrize("name", ["0" * 32 + ".png", "f" * 32 + ".jpg", "a" * 32 + ".webp", "a" * 32 + "_x9YzABC.png"])
def test_old_files_without_a_row_are_named_and_removed(folder, name):
    lost = stored(f"{folder}/{name}")
    assert run("--dry-run") == [lost, "1 files would be removed."]
    assert files() == {lost}
    assert run() == [lost, "1 files removed."]
    assert files() == set()
    assert run() == ["0 files removed."]


def test_a_young_file_may_be_that_of_an_upload_that_is_not_entered_yet():
    stored(age=timedelta(hours=23))
    assert list(tidy()) == []
    stored("cards/" + "1" * 32 + ".png", age=timedelta(days=1, minutes=1))
    assert list(tidy()) == ["cards/" + "1" * 32 + ".png"]


def test_what_has_a_row_stays_however_old():
    shown_picture()
    card = stored("cards/" + "2" * 32 + ".png")
    Post.objects.filter(pk=make_post().pk).update(card=card)
    before = files()
    with a_week_later():
        assert list(tidy()) == []
    assert files() == before


@pytest.mark.sqlite
@pytest.mark.parametrize("show", ["body", "rendered", "page", "redirect", "pending", "draft"])
def test_what_a_text_shows_stays_although_its_row_is_gone(show):
    url = default_storage.url(stored())
    text = f"![]({url})\n"
    post = make_released(body=text if show == "body" else "本文。\n")
    if show == "rendered":
        Post.objects.update(body_html=f'<img srcset="{url} 480w">')
    elif show == "page":
        make_page(body=text)
    elif show == "redirect":
        Permalink.objects.create(path="/assets/a.png", target=url)
    elif show == "pending":
        revision = post.revisions.first()
        revision.snapshot = {**revision.snapshot, "body": text}
        revision.save()
        Post.objects.update(pending_revision=revision)
    elif show == "draft":
        fields = f'[["body", "{url}"]]'
        Autosave.objects.create(editor=make_user(), key=uuid.uuid4(), fields_json=fields, saved_at=timezone.now())
    assert list(tidy(dry_run=True)) == list(tidy()) == []
    assert files() == {LOST}


def test_file_that_is_uploaded_again_before_it_is_removed_stays():
    """That upload may have no row yet."""
    name = make_image().file.name
    with default_storage.open(name) as file:
        data = file.read()
    Image.objects.all().delete()
    deleted_at = timezone.now()
    _stored(name, data)
    assert list(remove_unnamed([name], deleted_at)) == []
    assert list(remove_unnamed([name], timezone.now())) == [name]

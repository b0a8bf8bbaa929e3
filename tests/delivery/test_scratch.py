"""Long uploads wait on the disk of the site's data, and its end is told in words."""

import errno
import os
import shutil
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from blog.delivery.scratch import OLD, ScratchUpload, parent_folder, remove_old
from blog.editing.permissions import WRITER
from blog.models import Image
from blog.pictures.encoding import ImageRejected
from tests.delivery.test_headers import check
from tests.factories import make_user

# About files: PostgreSQL gets the same statements from other modules.
pytestmark = pytest.mark.sqlite

LONG = settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 2**20
ADDRESSES = ["/admin/markdownx/upload/", "/admin/blog/image/add/", "/admin/login/"]


def send(address, **headers):
    """The answer to a browser that has a token: the form is read before it is known to be forged."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(make_user())
    browser.cookies["csrftoken"] = "a" * 32
    file = SimpleUploadedFile("a.png", b"a" * LONG)
    return browser.post(address, {"csrfmiddlewaretoken": "a" * 32, "image": file, "upload": file}, headers=headers)


@pytest.fixture(params=[errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def full_disk(request, monkeypatch):
    """No file of the scratch folder grows beyond a megabyte; it keeps what was written until then."""

    def write(file, data):
        if file.tell() > 2**20:
            raise OSError(request.param, "No space left on device")
        return file.file.write(data)

    monkeypatch.setattr(ScratchUpload, "write", write, raising=False)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_upload_that_has_no_room_is_refused_in_words_and_leaves_nothing(full_disk, address):
    response = send(address)
    assert response.status_code == 507
    assert "ディスクがいっぱいのため、保存できませんでした。" in response.content.decode()
    assert "入力した内容が残っています。" in response.content.decode()
    check(response)
    assert list(parent_folder().iterdir()) == []
    assert not Image.objects.exists()


@pytest.mark.django_db
def test_script_is_told_in_json(full_disk):
    response = send(ADDRESSES[0], Accept="application/json")
    assert response.status_code == 507
    assert "ディスクがいっぱい" in response.json()["error"]


@pytest.mark.django_db
def test_other_trouble_of_the_disk_is_an_error_of_the_server(monkeypatch):
    def fail(*args, **options):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("blog.delivery.scratch.ScratchUpload.__init__", fail)
    assert send(ADDRESSES[0]).status_code == 500


@pytest.mark.django_db
def test_long_upload_waits_beside_the_data_and_is_gone_afterwards(monkeypatch):
    seen = []

    def look(upload, **texts):
        seen.append(upload.temporary_file_path())
        assert len(upload.read()) == LONG
        assert os.stat(seen[0]).st_mode & 0o77 == 0
        raise ImageRejected("見ただけです。")

    monkeypatch.setattr("blog.admin.api.pictures.store_upload", look)
    browser = Client()
    browser.force_login(make_user(role=WRITER))
    sent = {"image": SimpleUploadedFile("a.png", b"a" * LONG), "alt": "絵"}
    assert browser.post(ADDRESSES[0], sent).json() == {"error": "見ただけです。"}
    assert [os.path.dirname(path) for path in seen] == [str(settings.DATA_DIR / "scratch")]
    assert not os.path.exists(seen[0])


@pytest.fixture
def left_behind():
    """A file, a folder with a file in it, a second file, all of them old, and a young file."""
    then = time.time() - OLD.total_seconds() - 60
    file, folder, second, young = (parent_folder() / name for name in ("a.upload", "b", "c.upload", "d.upload"))
    folder.mkdir()
    for made in (file, folder / "copy", second, young):
        made.write_bytes(b"x")
    for old in (file, folder, second):
        os.utime(old, (then, then))
    yield file, folder, second, young
    shutil.rmtree(parent_folder(), ignore_errors=True)


def test_tidy_removes_what_is_old(left_behind):
    assert remove_old() == 3
    assert list(parent_folder().iterdir()) == [left_behind[-1]]


@pytest.mark.parametrize("moment", ["stat", "is_dir", "unlink"])
def test_tidy_bears_that_an_upload_ends_meanwhile(left_behind, monkeypatch, moment):
    file, _, _, young = left_behind
    does = getattr(Path, moment)

    def ends_before(path, *args, **options):
        if path == file:
            file.unlink(missing_ok=True) if moment != "unlink" else os.unlink(file)
        return does(path, *args, **options)

    monkeypatch.setattr(Path, moment, ends_before)
    remove_old()
    assert list(parent_folder().iterdir()) == [young]


def test_tidy_bears_that_a_folder_loses_its_files_meanwhile(left_behind, monkeypatch):
    rmtree = shutil.rmtree

    def others_are_faster(folder, *args, **options):
        rmtree(folder)
        rmtree(folder, *args, **options)

    monkeypatch.setattr("blog.delivery.scratch.shutil.rmtree", others_are_faster)
    remove_old()
    assert list(parent_folder().iterdir()) == [left_behind[-1]]

"""The drill of a full disk, and that it would see a picture that is half-written."""

import errno

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from blog.models import Image
from blog.pictures.encoding import ImageRejected
from blog.pictures.uploads import store_image
from tests.drill.__main__ import full
from tests.drill.sites import sites_on
from tests.jekyll.site import png

pytestmark = pytest.mark.sqlite  # a server of a database has a disk of its own, which is not full here


@pytest.mark.django_db
def test_full_disk_is_told_and_leaves_nothing_half_written(tables):
    with sites_on(connection.vendor, tables) as sites:
        tally = full(sites, None)
    assert tally.is_clean, str(tally)
    assert "0 half or silent" in tally.figures


@pytest.mark.django_db
@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_beginning_of_a_picture_is_removed(monkeypatch, reason):
    written = FileSystemStorage.save

    def write_half(storage, name, content, **options):
        path = written(storage, name, content, **options)
        with storage.open(path, "r+b") as file:
            file.truncate(10)
        raise OSError(reason, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", write_half)
    before = default_storage.listdir("images")[1] if default_storage.exists("images") else []
    with pytest.raises(ImageRejected, match="いっぱいです"):
        store_image(png(size=(31, 17)))
    assert default_storage.listdir("images")[1] == before
    assert not Image.objects.exists()

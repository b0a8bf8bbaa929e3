"""The drill of a full disk, and that it would see a picture that is half-written."""

import contextlib
import errno
import os
import subprocess
import urllib.request

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from blog.models import Image
from blog.pictures.encoding import ImageRejected
from blog.pictures.uploads import store_image
from tests.drill.__main__ import full
from tests.drill.sites import sites_on
from tests.jekyll.site import png
from tests.patience import PATIENCE
from tests.sites import server

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


@pytest.fixture
def small_disk(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root mounts a disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.release
def test_full_disk_takes_no_page_away_while_requests_are_counted(sites_with, small_disk):
    settings = {"DATA_DIR": str(small_disk), "METRICS_TOKEN": "a-token-of-prometheus-2026"}
    with server.serve(sites_with("single"), "single", **settings) as site:
        with contextlib.suppress(OSError), open(small_disk / "filler", "wb") as filler:
            while filler.write(b"x" * 4096):
                filler.flush()
        for number in range(20):
            for path in ("/healthz", "/", f"/search/?q={number}"):
                urllib.request.urlopen(site + path, timeout=PATIENCE).close()  # raises HTTPError for 507

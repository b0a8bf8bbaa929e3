"""The drill of a full disk, and that it would see a picture that is half-written."""

import contextlib
import os
import subprocess
import urllib.request

import pytest
from django.db import connection

from tests.drill.__main__ import full
from tests.drill.sites import sites_on
from tests.patience import PATIENCE
from tests.sites import server

pytestmark = pytest.mark.sqlite  # a server of a database has a disk of its own, which is not full here


@pytest.mark.django_db
def test_full_disk_is_told_and_leaves_nothing_half_written(tables):
    with sites_on(connection.vendor, tables) as sites:
        tally = full(sites, None)
    assert tally.is_clean, str(tally)
    assert "0 half or silent" in tally.figures


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

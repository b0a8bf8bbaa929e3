"""The processes that encode pictures, which import this module, too: no model is imported here."""

import os

import pytest
from django.apps import apps

from blog.jekyll import pool
from blog.jekyll.pool import Job, encoded


def size(data: bytes) -> int:
    if data == b"deadly":
        os._exit(1)
    return len(data)


def test_a_picture_that_kills_its_process_fails_alone(monkeypatch):
    monkeypatch.setattr(pool, "FEW", 0)
    jobs = [Job(size, data, print) for data in (b"a", b"deadly", b"bc", b"def")]
    results = [made for _, made in encoded(jobs)]
    assert [results[0], *results[2:]] == [1, 2, 3]
    assert isinstance(results[1], pool.LOST)


@pytest.mark.django_db
def test_pictures_of_an_import_come_from_the_pool(site, monkeypatch):
    monkeypatch.setattr(pool, "FEW", 1)
    for day, colour in enumerate(("red", "green", "blue"), start=1):
        site.write_image(f"/{colour}.png", colour)
        site.write(f"2026-04-0{day}-a.md", f"![図](/{colour}.png)\n", date=f"2026-04-0{day}")
    assert site.run().failures() == []
    assert apps.get_model("blog.Image").objects.exclude(renditions=None).count() == 3

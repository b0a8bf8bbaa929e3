"""Pictures that other processes encode: rows and report are the same as without these processes."""

import hashlib
import io
import multiprocessing
import random

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image as PILImage
from PIL.PngImagePlugin import PngInfo

from blog.jekyll.importing.workers import FEW
from blog.models import Image, Permalink, Post
from blog.pictures.encoding import encode_archived
from tests.jekyll.importing.deadly import kill_its_process
from tests.jekyll.importing.test_interrupted import Killed, Writes, undone
from tests.jekyll.site import Site, article, content

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
# Both databases are asked for the rows in test_pictures.py, and test_interrupted.py kills an import on both before each
# write; which process encoded the picture of a row means nothing to them.
on_one_database = pytest.mark.sqlite

NUMBER = FEW + 8


def noise(seed: int, name: str = "PNG", **options) -> bytes:
    """A small picture that no other seed makes."""
    draw = random.Random(seed)
    out = io.BytesIO()
    PILImage.frombytes("RGB", (8, 6), draw.randbytes(144)).resize((600, 40)).save(out, name, **options)
    return out.getvalue()


def deadly() -> bytes:
    text = PngInfo()
    text.add_text("Comment", "deadly")
    return noise(1, pnginfo=text)


def fill(site: Site) -> dict[str, bytes]:
    """Writes articles with a card each, and a photograph in every third body. Returns the files of the pictures."""
    files = {}
    for number in range(NUMBER):
        files[f"/cards/{number}.png"] = noise(number)
        body = "本文。\n"
        if number % 3 == 0:
            files[f"/photos/{number}.jpg"] = noise(number, "JPEG")
            body = f"![x](/photos/{number}.jpg)\n"
        site.write(name(number), body, date=f"2026-03-{number + 1:02}", image=f"/cards/{number}.png")
    for path, data in files.items():
        target = site.root / path[1:]
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
    return files


def name(number: int) -> str:
    return f"2026-03-{number + 1:02}-a.md"


def test_every_picture_is_stored_under_its_content_and_its_old_path_leads_there(site):
    files = fill(site)
    report = site.run()

    assert (report.created, report.failed, report.missing_images) == (NUMBER, [], [])
    targets = dict(Permalink.objects.filter(target__gt="").values_list("path", "target"))
    for path, data in files.items():
        encoded = encode_archived(data)
        expected = f"images/{hashlib.sha256(encoded.data).hexdigest()[:32]}.{encoded.extension}"
        assert targets[path] == f"/media/{expected}"
        with default_storage.open(expected) as file:
            assert file.read() == encoded.data
    last = NUMBER - 1 - (NUMBER - 1) % 3
    assert [width for width, _ in Image.objects.get(original_name=f"{last}.jpg").renditions] == [480, 600]
    assert Image.objects.get(original_name=f"{NUMBER - 1}.png").renditions is None


@on_one_database
def test_rows_of_pictures_come_in_the_order_of_the_articles(site):
    fill(site)
    site.run()
    cards = Image.objects.filter(original_name__endswith=".png").order_by("pk").values_list("original_name", flat=True)

    assert list(cards) == [f"{number}.png" for number in range(NUMBER)]


@on_one_database
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_picture_that_fails_is_reported_for_its_article_alone(site, monkeypatch, dry_run):
    fill(site)
    (site.root / f"cards/{NUMBER - 4}.png").write_bytes(deadly())
    (site.root / f"cards/{NUMBER - 3}.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (site.root / f"cards/{NUMBER - 2}.png").unlink()
    monkeypatch.setattr("blog.jekyll.importing.pictures.encode_archived", kill_its_process)
    report = site.run(dry_run=dry_run)

    assert [item["file"] for item in report.failed] == [name(NUMBER - 4), name(NUMBER - 3)]
    assert {item["line"] for item in report.failed} == {9}
    assert "memory" in report.failed[0]["reason"]
    assert "画像として読めません" in report.failed[1]["reason"]
    assert report.missing_images == [f"/cards/{number}.png" for number in range(NUMBER - 4, NUMBER - 1)]
    assert report.created == NUMBER
    assert Post.objects.count() == (0 if dry_run else NUMBER)
    if not dry_run:
        assert article(name(NUMBER - 4)).share_image is None
        assert article(name(NUMBER - 1)).share_image.original_name == f"{NUMBER - 1}.png"


@on_one_database
def test_a_dry_run_says_what_the_import_will_and_stores_nothing(site):
    fill(site)
    (site.root / f"cards/{NUMBER - 1}.png").write_bytes(b"text")
    rehearsed = site.run(dry_run=True).as_dict()
    assert not Image.objects.exists()

    assert site.run().as_dict() == rehearsed


@on_one_database
def test_an_import_that_is_killed_while_pictures_are_encoded_is_finished_by_the_next(site):
    fill(site)
    writes = Writes()
    with undone():
        with connection.execute_wrapper(writes):
            site.run()
        expected = content()
        pictures = sorted(Image.objects.values_list("file", "original_name"))

    for number in range(writes.count // 2, writes.count, writes.count // 7):
        with undone():
            with pytest.raises(Killed), connection.execute_wrapper(Writes(kill_at=number)):
                site.run()
            assert not multiprocessing.active_children()
            site.run()
            assert content() == expected, f"killed before write {number} of {writes.count}"
            assert sorted(Image.objects.values_list("file", "original_name")) == pictures
            assert not Image.objects.filter(original_name__endswith=".jpg", renditions=None).exists()


@on_one_database
def test_pictures_of_an_export_come_back_with_their_renditions(site):
    files = fill(site)
    rows = "".join(f"{path},{hashlib.sha256(path.encode()).hexdigest()},{path},,,\n" for path in sorted(files))
    (site.root / "_data").mkdir()
    (site.root / "_data/images.csv").write_text(f"file,source_digest,original_name,alt,caption,credit\n{rows}")
    report = site.run()

    assert (report.created, report.failed) == (NUMBER, [])
    assert Image.objects.count() == len(files)
    shown = Image.objects.filter(original_name__endswith=".jpg")
    assert {image.original_name for image in shown if image.renditions} == {path for path in files if "photos" in path}

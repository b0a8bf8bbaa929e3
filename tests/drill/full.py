"""A disk that is full while a picture arrives, is stored, imported and dumped: a clear error, nothing half-written.

The system refuses to make a file longer than LARGEST, as it refuses to write to a full disk. Run in the environment of
an empty site: `python -m tests.drill.full FOLDER`.
"""

import io
import random
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from PIL import Image as PILImage

from tests.drill.tallies import Tally

LARGEST = 3 * 2**20  # more than the database of the drill needs, and less than the picture
SIDE, LONG_SIDE = 1_100, 1_500  # pixels of noise, which no format makes smaller than three bytes each


def noise(seed: int, side: int = SIDE) -> bytes:
    out = io.BytesIO()
    PILImage.frombytes("RGB", (side, side), random.Random(seed).randbytes(side * side * 3)).save(out, "PNG")
    return out.getvalue()


def fill_disk() -> None:
    from django.db import connection

    if connection.vendor == "sqlite":  # its log has grown by the migrations; the articles need little of it
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error, as from a full disk, instead of an end
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def upload(media: Path) -> Iterator[str]:
    from django.contrib.auth.models import User
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from blog.models import Image

    before, client = files(media), Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="editor"))
    sent = {"image": SimpleUploadedFile("a.png", noise(2)), "alt": "砂嵐"}
    answer = client.post("/admin/desk/pictures/add/", sent)
    if answer.status_code != 400 or "いっぱいです" not in answer.json()["error"]:
        yield f"upload: answered {answer.status_code} {answer.content[:200]!r}"
    if Image.objects.count() != 1 or files(media) != before:
        yield "upload: something was half-written"


def take_tree(media: Path, folder: Path) -> Iterator[str]:
    from blog.jekyll.importing import import_jekyll
    from blog.models import Image, Post

    before = files(media)
    report = import_jekyll(folder)
    if not Post.objects.filter(source__name="2026-04-02-plain.md").exists():
        yield "import: the other article is missing"
    if not any("a.png" in line or "picture" in line for line in (*report.lines(), *report.failures())):
        yield "import: the report does not name the picture"
    if Image.objects.count() != 1 or files(media) != before:
        yield "import: something was half-written"


def dump(folder: Path) -> Iterator[str]:
    from django.core.management import CommandError, call_command

    folder.mkdir()
    (folder / "database.sqlite3").write_text("yesterday's")
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        call_command("dump_site", folder)
    except CommandError:
        if (folder / "database.sqlite3").read_text() != "yesterday's":
            yield "dump: the earlier one is gone"
    else:
        yield "dump: said nothing"


def make_tree(folder: Path) -> None:
    for name in ("_posts", "assets"):
        (folder / name).mkdir(parents=True)
    (folder / "_config.yml").write_text("url: https://old.example\n")
    picture = "---\ntitle: 絵のある記事\nimage: /assets/a.png\n---\n![絵](/assets/a.png)\n"
    (folder / "_posts" / "2026-04-01-picture.md").write_text(picture)
    (folder / "_posts" / "2026-04-02-plain.md").write_text("---\ntitle: 絵のない記事\n---\n本文。\n")
    (folder / "assets" / "a.png").write_bytes(noise(3))


def drill(folder: Path) -> Tally:
    from django.conf import settings
    from django.contrib.auth.models import User

    from blog.pictures.uploads import store_image

    media = Path(settings.MEDIA_ROOT)
    User.objects.create_user("editor", is_staff=True, is_superuser=True)
    store_image(noise(1), name="before.png")
    tree = folder / "tree"
    make_tree(tree)
    fill_disk()
    failures = [*upload(media), *take_tree(media, tree), *dump(folder / "dump")]
    return Tally(f"disk full in upload, import and dump: {len(failures)} half or silent", failures)


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    found = drill(Path(sys.argv[1]))
    print(found)
    sys.exit(not found.is_clean)

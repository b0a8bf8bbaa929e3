import json
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from blog.editing.permissions import EDITOR, WRITER
from blog.pictures.cards import refresh_card
from tests.factories import make_user
from tests.jekyll.site import png

ALL = {
    **dict.fromkeys(("database", "migrations", "columns", "disk", "media", "tasks", "backup"), True),
    "last_backup": "never",
}
WITHOUT_DATABASE = ALL | {"database": False, "migrations": False, "columns": False, "tasks": False}


def test_alive_needs_no_database(client):
    response = client.get("/healthz")  # pytest-django would refuse a query here
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_when_everything_is_there(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, ALL)


@pytest.mark.django_db
def test_not_ready_when_a_table_lacks_a_column_whatever_the_names_of_the_migrations_say(client):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE blog_post RENAME COLUMN excerpt TO standfirst")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL | {"columns": False})


@pytest.fixture
def unwritable(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"  # root too is refused there


@pytest.mark.django_db
def test_not_ready_when_pictures_cannot_be_written(client, unwritable):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL | {"media": False})


@pytest.mark.django_db
def test_upload_that_cannot_be_written_is_refused_in_words(client, unwritable):
    client.force_login(make_user(role=EDITOR))
    sent = {"image": SimpleUploadedFile("a.png", png()), "alt": "図"}
    response = client.post("/admin/desk/pictures/add/", sent)
    assert (response.status_code, "書き込めません" in response.json()["error"]) == (400, True)


NOBODY_LISTENS = "postgres://site@127.0.0.1:1/site"


ASK = """
import django
django.setup()
from django.test import Client
for path in ("/healthz", "/readyz"):
    answer = Client(SERVER_NAME="127.0.0.1").get(path)
    print(answer.status_code, answer.text.strip())
"""


@pytest.mark.sqlite
def test_not_ready_without_the_database_and_still_alive():
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": NOBODY_LISTENS}
    said = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True)
    status, answer = said.stdout.splitlines()[1].split(" ", 1)
    assert (said.stdout.splitlines()[0], status, json.loads(answer)) == ("200 ok", "503", WITHOUT_DATABASE)


@pytest.mark.django_db
def test_not_ready_when_the_disk_is_nearly_full(client, settings):
    settings.MIN_FREE_DISK_MB = shutil.disk_usage(settings.DATA_DIR).total // 2**20 + 1
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL | {"disk": False})


@pytest.mark.django_db
def test_not_ready_when_a_task_has_waited_too_long_for_its_worker(client, settings):
    refresh_card.enqueue(0)
    for minutes, limit, status in ((59, 3600, 200), (61, 3600, 503), (61, 7200, 200), (61, 0, 200)):
        settings.MAX_TASK_WAIT = limit
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            response = client.get("/readyz")
        assert (response.status_code, response.json()["tasks"]) == (status, status == 200)


@pytest.fixture
def stamp(settings, tmp_path):
    settings.DATA_DIR, settings.MAX_BACKUP_AGE = tmp_path, 26
    return tmp_path / "last-backup"


@pytest.mark.django_db
def test_backup_that_never_succeeded_or_is_old_is_told(client, stamp):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, ALL | {"backup": False})
    stamp.touch()
    for hours, status in ((25, 200), (27, 503)):
        then = time.time() - hours * 3600
        os.utime(stamp, (then, then))
        answer = client.get("/readyz")
        succeeded_at = datetime.fromisoformat(answer.json()["last_backup"])
        assert (answer.status_code, int(succeeded_at.timestamp())) == (status, int(then))


@pytest.mark.django_db
def test_start_page_says_when_the_last_backup_succeeded_or_that_none_did(client, stamp):
    for role, may_see in ((EDITOR, True), (WRITER, False)):
        client.force_login(make_user(role, role=role))
        stamp.unlink(missing_ok=True)
        assert ("まだ一度も成功していません" in client.get(reverse("admin:index")).text) is may_see
        stamp.touch()
        os.utime(stamp, (0, 0))
        assert ("1月1日 09:00のものです" in client.get(reverse("admin:index")).text) is may_see


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_probe_asks_by_the_address_of_the_machine_and_without_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["www.example.jp"]
    response = client.get(path, headers={"Host": "10.0.0.7:8000"})
    assert (response.status_code, response["X-Content-Type-Options"]) == (200, "nosniff")
    assert client.get("/", headers={"Host": "www.example.jp"}).status_code == 301
    assert client.post(path).status_code == 405

import shutil

import pytest
from django.db import connection

ALL = {"database": True, "migrations": True, "disk": True}


def test_alive_needs_no_database(client):
    response = client.get("/healthz")  # pytest-django would refuse a query here
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_ready_when_everything_is_there(client):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, ALL)


@pytest.mark.django_db
def test_not_ready_before_migrate(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'blog' AND name LIKE '0007%'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL | {"migrations": False})


@pytest.mark.django_db
def test_not_ready_when_the_disk_is_nearly_full(client, settings):
    settings.MIN_FREE_DISK_MB = shutil.disk_usage(settings.DATA_DIR).total // 2**20 + 1
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL | {"disk": False})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_probe_on_the_machine_itself_is_not_redirected_to_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code == 200
    assert client.get("/").status_code == 301

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from blog.delivery.freshness import known
from blog.pictures.cards.store import refresh_card

ALL = {"database": True, "migrations": True, "disk": True, "tasks": True}
WITHOUT_DATABASE = ALL | {"database": False, "migrations": False, "tasks": False}


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
        cursor.execute("DELETE FROM django_migrations WHERE app = 'blog'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, ALL | {"migrations": False})


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


def test_not_ready_at_once_while_the_database_is_known_to_be_away(client, monkeypatch):
    monkeypatch.setattr(known, "is_polled", True)
    monkeypatch.setattr(known, "has_failed", True)
    response = client.get("/readyz")  # pytest-django would refuse a query here
    assert (response.status_code, response.json()) == (503, WITHOUT_DATABASE)


def test_who_guesses_at_the_token_of_the_metrics_waits_for_no_database_either(client, monkeypatch, settings):
    settings.METRICS_TOKEN = "t" * 20
    monkeypatch.setattr(known, "is_polled", True)
    monkeypatch.setattr(known, "has_failed", True)
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 503


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


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_probe_asks_by_the_address_of_the_machine_and_without_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["www.example.jp"]
    response = client.get(path, headers={"Host": "10.0.0.7:8000"})
    assert (response.status_code, response["X-Content-Type-Options"]) == (200, "nosniff")
    assert client.get("/", headers={"Host": "www.example.jp"}).status_code == 301
    assert client.post(path).status_code == 405

"""Pictures in a bucket, on a server that speaks S3: whatever makes, shows, copies or removes one."""

import socket

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from allforces.reading import read_media_storage
from blog.editing.permissions import WRITER
from blog.models import Image
from blog.pictures.bucket import HURRIED
from blog.pictures.renditions import make_renditions
from blog.pictures.stored_files import named_files
from blog.pictures.uploads import store_image
from tests.factories import make_user
from tests.jekyll.site import png

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "a/secret+"}
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # with a server of its own for the files


@pytest.fixture(scope="module")
def store():
    """The address of an empty object store."""
    # Each worker collects this module, and one runs it: what takes long to import is imported by that one.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store, settings, monkeypatch):
    """The site keeps its pictures in this bucket, which is empty; its folder for them does not exist."""
    import boto3

    client = boto3.client("s3", endpoint_url=store, region_name="us-east-1", **KEYS)
    client.create_bucket(Bucket="pictures")
    monkeypatch.setenv("MEDIA_BUCKET", f"{store.replace('//', '//key:a%2Fsecret%2B@')}/pictures")
    settings.STORAGES = {**settings.STORAGES, "default": read_media_storage()}
    settings.MEDIA_ROOT = settings.DATA_DIR / "no-such-folder"
    yield client
    for name in names(client):
        client.delete_object(Bucket="pictures", Key=name)
    client.delete_bucket(Bucket="pictures")
    assert not settings.MEDIA_ROOT.exists()


def names(client):
    return {found["Key"] for found in client.list_objects_v2(Bucket="pictures").get("Contents", [])}


def test_picture_and_its_renditions_are_in_the_bucket_and_shown_from_there(bucket, client):
    client.force_login(make_user(role=WRITER))
    sent = {"image": SimpleUploadedFile("a.png", png(size=(900, 600))), "alt": "面"}
    assert "/media/images/" in client.post("/admin/desk/pictures/add/", sent).json()["picture"]["url"]
    image = Image.objects.get()
    make_renditions(image)
    assert names(bucket) == {*named_files()}
    assert len(names(bucket)) >= 3
    for name in named_files():
        answer = client.get(default_storage.url(name))
        assert (answer.status_code, answer["Content-Type"].partition("/")[0]) == (200, "image")
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.content == bucket.get_object(Bucket="pictures", Key=name)["Body"].read()
    assert bucket.head_object(Bucket="pictures", Key=image.file.name)["ContentType"] == "image/png"


@pytest.mark.django_db(transaction=True)
def test_pictures_of_a_bucket_are_in_the_dump(bucket, tmp_path):
    image = store_image(png())
    make_renditions(image)
    before = {name: bucket.get_object(Bucket="pictures", Key=name)["Body"].read() for name in names(bucket)}
    call_command("dump_site", tmp_path / "dump")
    for name in before:
        bucket.delete_object(Bucket="pictures", Key=name)
    call_command("load_site", tmp_path / "dump", overwrite=True)
    assert {name: bucket.get_object(Bucket="pictures", Key=name)["Body"].read() for name in names(bucket)} == before


@pytest.fixture
def away(settings, monkeypatch):
    """A store that nobody serves."""
    monkeypatch.setenv("MEDIA_BUCKET", "http://key:secret@127.0.0.1:1/pictures")
    settings.STORAGES = {**settings.STORAGES, "default": read_media_storage()}


def test_store_that_is_away_is_a_503_and_no_404(away, client):
    answer = client.get(f"/media/images/{'1' * 32}.png")
    assert (answer.status_code, answer["Cache-Control"]) == (503, "no-store")


@pytest.fixture
def silent(settings, monkeypatch):
    """A store that takes each connection and never answers; yields it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setenv("MEDIA_BUCKET", f"http://key:secret@127.0.0.1:{port}/pictures")
        monkeypatch.setenv("ANSWERS_REQUESTS", "1")
        monkeypatch.setitem(HURRIED, "read_timeout", 0.2)
        settings.STORAGES = {**settings.STORAGES, "default": read_media_storage()}
        yield listener


def test_reader_waits_once_for_a_store_that_hangs(silent, client):
    assert client.get(f"/media/images/{'1' * 32}.png").status_code == 503
    silent.accept()[0].close()
    silent.settimeout(0.2)
    with pytest.raises(TimeoutError):  # nobody came a second time
        silent.accept()


def test_upload_while_the_store_is_away_keeps_nothing(away, client):
    client.force_login(make_user(role=WRITER))
    client.raise_request_exception = False
    sent = {"image": SimpleUploadedFile("a.png", png()), "alt": "面"}
    answer = client.post("/admin/desk/pictures/add/", sent, headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert "保存できていないおそれがあります" in answer.json()["error"]
    assert not Image.objects.exists()

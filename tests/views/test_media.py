import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as PILImage

from blog.pictures.uploads import store_image

# About files: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def picture(colour="red", size=(8, 4), kind="PNG"):
    """The bytes of a picture."""
    out = io.BytesIO()
    PILImage.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@pytest.fixture
def stored():
    image = store_image(picture())
    yield image
    image.file.delete(save=False)


def test_picture_is_served_for_ever_and_as_nothing_but_a_picture(client, stored):
    response = client.get(stored.file.url)
    assert response.status_code == 200
    with stored.file.open() as file:
        assert response.content == file.read()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Length"] == str(stored.file.size)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not response.cookies
    assert "Vary" not in response


@pytest.mark.postgresql
def test_picture_the_browser_has_is_not_sent_again(client, stored):
    first = client.get(stored.file.url)
    again = client.get(stored.file.url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name",
    [
        "evil.html",
        "evil.svg",
        "evil.PNG",
        ".png",
    ],
)
def test_file_of_another_kind_is_not_served_even_if_it_is_there(client, name):
    stored = default_storage.save(name, ContentFile(b"<script>alert(1)</script>"))
    try:
        assert client.get(f"/media/{stored}").status_code == 404
    finally:
        default_storage.delete(stored)


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/images/",
        "/media/missing.png",
        "/media/../settings.png",
        "/media/%2e%2e/secret.png",
        "/media/..%2fsecret.png",
        "/media/%00.png",
        "/media/a%00.png",
        "/media/" + "a" * 5_000 + ".png",
        "/media/%FF%FE.png",
    ],
)
def test_path_that_is_no_stored_picture_is_404(client, path, settings):
    outside = settings.MEDIA_ROOT.parent / "secret.png"
    outside.write_bytes(picture())
    try:
        assert client.get(path).status_code == 404
    finally:
        outside.unlink()

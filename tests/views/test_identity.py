import io
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image as PILImage

pytestmark = pytest.mark.django_db


def static_file(name):
    return Path(finders.find(name)).read_bytes()


def static_picture(name):
    return PILImage.open(io.BytesIO(static_file(name)))


def test_icon_is_where_browsers_try_without_being_told(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Content-Type"]) == (200, "image/vnd.microsoft.icon")
    assert response["Cache-Control"] == "public, max-age=86400"
    assert PILImage.open(io.BytesIO(response.content)).info["sizes"] == {(16, 16), (32, 32)}
    assert not response.cookies
    assert client.head("/favicon.ico")["Content-Length"] == str(len(response.content))


def test_manifest_names_the_site_and_pictures_that_are_there(client):
    response = client.get("/manifest.webmanifest")
    assert (response.status_code, response["Content-Type"]) == (200, "application/manifest+json")
    manifest = response.json()
    assert (manifest["name"], manifest["short_name"]) == ("ALLFORCES AIと投資のマガジン", "ALLFORCES")
    assert (manifest["lang"], manifest["start_url"]) == ("ja", "/")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        picture = static_picture(icon["src"].removeprefix("/static/"))
        assert icon["sizes"] == f"{picture.width}x{picture.height}"
        assert icon["type"] == PILImage.MIME[picture.format]


def test_every_page_names_its_icons(client):
    html = client.get("/").content.decode()
    assert '<link rel="icon" href="/favicon.ico" sizes="32x32">' in html
    assert 'href="/manifest.webmanifest"' in html
    assert '<meta name="theme-color" content="#191816" media="(prefers-color-scheme: dark)"' in html
    touch = static_picture("img/apple-touch-icon.png")
    assert (touch.size, touch.mode) == ((180, 180), "P")
    assert "transparency" not in touch.info  # a phone paints it black

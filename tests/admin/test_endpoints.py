"""The two views that the markdownx widget calls: who may call them, and how they refuse bad input."""

import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as PILImage

from blog.models import Image
from tests.factories import (
    PUBLISHED_AT,
    make_draft,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PREVIEW, UPLOAD = reverse("markdownx_markdownify"), reverse("desk:picture_add")


def picture(color="red", size=(8, 6)):
    out = io.BytesIO()
    PILImage.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def ask(client, url, **data):
    if not data:
        data = {"content": "本文"} if url == PREVIEW else {"image": SimpleUploadedFile("a.png", picture()), "alt": "図"}
    return client.post(url, data)


def logged_in(*, is_staff=True, **fields):
    client, user = Client(), make_user(**fields)
    User.objects.filter(pk=user.pk).update(is_staff=is_staff)
    client.force_login(user)
    return client


@pytest.fixture
def writer():
    return logged_in(permissions=("add_post", "add_image"))


WHO = {
    "anonymous": (Client, 403),
    "reader with an account": (lambda: logged_in(permissions=("change_post",), is_staff=False), 403),
    "staff without permission": (logged_in, 403),
    "staff who may only look": (lambda: logged_in(permissions=("view_post", "view_page", "delete_post")), 403),
    "disabled editor": (lambda: logged_in(permissions=("change_post",), is_active=False), 403),
    "adds posts": (lambda: logged_in(permissions=("add_post", "add_image")), 200),
    "adds pages": (lambda: logged_in(permissions=("add_page", "add_image")), 200),
}


@pytest.mark.parametrize("url", [PREVIEW, UPLOAD])
@pytest.mark.parametrize("who", WHO)
def test_only_writers_are_answered(who, url):
    make, status = WHO[who]
    response = ask(make(), url)
    assert response.status_code == status
    if status == 403:
        assert json.loads(response.content)["error"]
        assert not Image.objects.exists()


ARTICLES = reverse("desk:article_search")


def articles(client, **query):
    response = client.get(ARTICLES, query)
    assert response.status_code == 200
    return response.json()["articles"]


@pytest.mark.postgresql
def test_articles_are_found_by_words_of_their_title_newest_first(writer):
    make_post("AIの投資")
    newest = make_post("投資とAI", at=PUBLISHED_AT + timedelta(days=1), slug="投資とai")
    make_post("別の話")
    assert [found["title"] for found in articles(writer, q="投資　ＡＩ")] == ["投資とAI", "AIの投資"]
    assert articles(writer, q="投資")[0] == {
        "title": "投資とAI",
        "url": newest.path,
        "date": "2026年4月2日",
        "note": "",
    }
    assert len(articles(writer)) == 3
    assert articles(writer, q="ありません") == []


@pytest.mark.postgresql
@pytest.mark.parametrize("make", [make_draft, make_in_review, make_scheduled, make_unpublished])
def test_article_that_is_not_public_is_not_found(writer, make):
    make("秘密の記事")
    assert articles(writer, q="秘密") == []


def test_preview_is_the_html_of_the_page(writer):
    body = "## 見出し\n\n**「強調」**と[リンク](https://example.jp/)。\n\n|a|b|\n|-|-|\n|1|2|\n\n注[^1]\n\n[^1]: 脚注\n"
    post = make_post(body=body)
    response = ask(writer, PREVIEW, content=body)
    assert response.content.decode() == post.body_html
    assert response["Cache-Control"].startswith("max-age=0")


HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("name", "content", "declared"),
    [
        ("evil.html", HTML, "image/gif"),
        ("evil.gif", HTML, "image/gif"),
        ("evil.svg", SVG, "image/svg+xml"),
        ("evil.png", SVG, "image/png"),
        ("gif.html", b"GIF89a" + HTML, "image/gif"),
        ("a.txt", b"text", "text/plain"),
        ("empty.png", b"", "image/png"),
    ],
)
def test_file_that_is_no_picture_is_refused_whatever_it_is_called(writer, name, content, declared):
    response = ask(writer, UPLOAD, alt="図", image=SimpleUploadedFile(name, content, declared))
    assert response.status_code == 400
    assert response.json()["error"]
    assert not Image.objects.exists()

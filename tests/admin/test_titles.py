"""What the tab of the browser says."""

from html import unescape

import pytest
from django.urls import reverse

from blog.editing.permissions import EDITOR
from blog.models import Post
from tests.admin.desk import fields_of, save, url_of
from tests.factories import make_post, make_user

# About what the desk calls an article: PostgreSQL gets the same statements from other modules.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def desk(client):
    client.force_login(make_user(role=EDITOR))
    return client


def title_of(response):
    title = response.content.decode().partition("<title>")[2].partition("</title>")[0]
    return unescape(" ".join(title.split()))


def test_refused_form_says_once_that_there_is_an_error(desk):
    for url, name in ((url_of(Post, "add"), "記事を追加"), (url_of(make_post("題")), "題 | 記事を編集")):
        assert title_of(desk.get(url)) == f"{name} | ALLFORCES 編集デスク"
        assert title_of(save(desk, url, title="", slug="")) == f"エラー：{name} | ALLFORCES 編集デスク"


def test_refused_front_page_says_so_too(desk):
    url = reverse("admin:blog_frontpick_changelist")
    sent = {**fields_of(desk.get(url)), "top-0-until": "2099-01-01T00:00"}
    assert title_of(desk.post(url, sent)) == "エラー：トップページ | ALLFORCES 編集デスク"


def test_refused_login_says_once_that_there_is_an_error(client):
    url = reverse("admin:login")
    assert title_of(client.post(url, {"username": "x", "password": "y"})) == f"エラー：{title_of(client.get(url))}"

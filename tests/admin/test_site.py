"""The desk as a whole: the registered models, their names, and the open addresses."""

import re

import pytest
import taggit.models
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.test import override_settings
from django.urls import NoReverseMatch, include, path, reverse

from blog import models
from blog.checks import check_markdownx_views
from blog.editing.permissions import WRITER
from tests.factories import make_scheduled, make_user

# About what the pages of the desk say: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def chief(client):
    client.force_login(make_user("chief", is_superuser=True))
    return client


def test_admin_of_taggit_is_not_there(chief):
    assert not admin.site.is_registered(taggit.models.Tag)
    for url in ("/admin/taggit/", "/admin/taggit/tag/", "/admin/taggit/tag/merge-tags/"):
        assert chief.get(url).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("admin:taggit_tag_changelist")


@pytest.mark.parametrize("name", ["index", "login", "blog_post_changelist", "blog_post_add", "blog_image_add"])
def test_page_of_the_desk_has_no_inline_style_or_script_and_is_not_kept(chief, client, name):
    if name == "login":
        client.logout()
    response = chief.get(reverse(f"admin:{name}"))
    html = response.content.decode()
    assert response.status_code == 200
    assert " style=" not in html
    assert "<style" not in html
    assert all(" src=" in tag for tag in re.findall(r"<script\b[^>]*>", html))
    assert "no-store" in response["Cache-Control"]
    assert '<meta name="robots" content="NONE,NOARCHIVE">' in html
    assert "'unsafe" not in response["Content-Security-Policy"]


def test_site_is_wired_without_the_open_views():
    assert check_markdownx_views() == []


def test_open_views_of_markdownx_are_reported_wherever_they_are_mounted():
    class Urls:
        urlpatterns = [path("a/", include([path("b/", include("markdownx.urls"))])), path("c/", HttpResponse)]

    with override_settings(ROOT_URLCONF=Urls):
        assert [error.id for error in check_markdownx_views()] == ["blog.E001", "blog.E001"]


def test_page_that_is_not_there_leads_back_to_the_desk(chief, client):
    back = f'<a class="more" href="{reverse("admin:index")}">編集デスクへ戻る</a>'
    assert back in chief.get("/admin/no-such-page/").content.decode()
    assert back not in client.get("/no-such-page/").content.decode()


def test_refused_guest_of_the_desk_finds_the_way_back(client):
    client.force_login(make_user("writer", role=WRITER))
    response = client.get(reverse("admin:auth_user_changelist"))
    assert response.status_code == 403
    assert 'href="/admin/"' in response.content.decode()


def test_wrong_password_is_refused_in_words(client):
    response = client.post(reverse("admin:login"), {"username": "nobody", "password": "wrong"})
    assert "ユーザー名かパスワードが違います。" in response.content.decode()


def test_key_of_an_article_leads_nobody_to_its_address(client):
    client.force_login(make_user(role=WRITER))
    post = make_scheduled(slug="another-s")
    for url in (f"/admin/r/{ContentType.objects.get_for_model(models.Post).pk}/{post.pk}/", "/admin/r/1/1/"):
        assert client.get(url).status_code == 404

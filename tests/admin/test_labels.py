"""No word of Django or of a library stands on the desk as its makers wrote it in English."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from blog.admin.account import second_factor
from blog.editing.permissions import ADMINISTRATOR, EDITOR, WRITER
from blog.models import HouseWord, Permalink
from blog.pictures.cards import refresh_card
from tests.admin.desk import url_of
from tests.factories import make_author, make_image, make_page, make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# Of fields, columns and groups, and what a screen reader reads of a picture.
LABEL = re.compile(
    r'<(?:label|legend|th scope="col")[^>]*>(.*?)</(?:label|legend|th)>|alt="(True|False|None)"', re.DOTALL
)
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[A-Za-z]{3,}")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
ABBREVIATIONS = {"URL"}


def english_on(page: str) -> set[str]:
    labels = {TAG.sub(" ", max(found)).strip() for found in LABEL.findall(page)}
    return {label for label in labels if not JAPANESE.search(label) and {*WORD.findall(label)} - ABBREVIATIONS}


@pytest.mark.parametrize(
    "role", [EDITOR, *(pytest.param(role, marks=pytest.mark.postgresql) for role in (WRITER, ADMINISTRATOR))]
)
def test_labels_of_lists_and_forms_are_japanese(client, role):
    user = make_user("作った人", role=role)
    author = make_author("作った人", user=user)
    post = make_post("公開した記事", tags=["技術"], author=author)
    make_page()
    make_page("/hidden/", is_published=False)
    make_image()
    Permalink.objects.create(path="/before/", target="/about/")
    HouseWord.objects.create(kind=HouseWord.Kind.BANNED, word="億り人")
    refresh_card.enqueue(0)
    client.force_login(user)
    found = {}
    for model in filter(admin.site.is_registered, apps.get_models(include_auto_created=False)):
        url = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{url}_changelist")]
        pages += [reverse(f"{url}_change", args=[row.pk]) for row in model._default_manager.all()[:1]]
        for address in pages:
            response = client.get(address)
            if response.status_code == 200:
                found[address] = english_on(response.content.decode())
    assert {reverse("admin:blog_post_changelist"), url_of(post)} <= found.keys()
    assert {address: english for address, english in found.items() if english} == {}


def test_superuser_reads_the_rights_of_the_desk_in_japanese(client):
    user, role = make_user("全権", is_superuser=True), Group.objects.get(name=WRITER)
    client.force_login(user)
    for row in (user, role):
        page = client.get(reverse(f"admin:auth_{row._meta.model_name}_change", args=[row.pk])).content.decode()
        assert re.search(r'<input type="checkbox"[^>]*>\s*記事：追加', page)  # one click takes no other right away
        assert "Can " not in page
    rights = {*role.permissions.all()}
    form = reverse("admin:auth_group_change", args=[role.pk])
    client.post(form, {"name": WRITER, "permissions": [right.pk for right in rights]})
    assert {*role.permissions.all()} == rights


@pytest.mark.postgresql
def test_deletion_of_an_account_names_what_goes_with_it(client):
    client.force_login(make_user("管理", role=ADMINISTRATOR))
    leaving = make_user("去る人", role=WRITER)
    second_factor.begin(leaving)
    page = client.get(reverse("admin:auth_user_delete", args=[leaving.pk])).content.decode()
    assert "二段階認証の設定：1件" in page
    assert "役割：1件" in page
    assert "TOTP" not in page


def test_choice_of_nothing_is_said_in_words(client):
    """Django shows nine dashes, and a colon of half a width before them."""
    make_post(tags=["技術"])
    client.force_login(make_user(role=ADMINISTRATOR))
    lists = ("blog_post_changelist", "blog_tag_changelist", "auth_user_changelist")
    for name in (*lists, "blog_tag_add", "blog_houseword_add"):
        page = client.get(reverse(f"admin:{name}")).content.decode()
        assert "-----" not in page, name
        assert "操作:" not in page, name


def test_passwords_and_roles_are_named_in_the_words_of_the_house(client):
    assert "パスワードを忘れたとき" in client.get(reverse("admin:login")).content.decode()
    dead = reverse("password_reset_confirm", args=["x", "y"])
    assert "<h1>パスワードを変えられません</h1>" in client.get(dead).content.decode()
    client.force_login(make_user(role=ADMINISTRATOR))
    page = client.get(reverse("admin:password_change")).content.decode()
    assert "元のパスワードと、新しいパスワードを2回入力してください。" in page
    assert "新しいパスワード（確認）" in page
    assert 'data-filter-title="役割"' in client.get(reverse("admin:auth_user_changelist")).content.decode()
    refused = client.post(reverse("admin:auth_user_add"), {"byline": "new"}).content.decode()
    assert "入力が必要です。" in refused
    assert "このフィールドは" not in refused

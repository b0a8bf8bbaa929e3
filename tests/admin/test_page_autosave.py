"""Autosaves of static pages: kept beside those of articles, and never taken for one of them."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from blog.editing.permissions import EDITOR, WRITER
from blog.models import Autosave, Page
from tests.admin.autosaves import KEEP, KEY, LIST, OTHER_KEY, TYPED, at_desk, opened
from tests.admin.desk import save, url_of
from tests.factories import make_author, make_draft, make_page, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return at_desk("editor")


def keep(client, fields=TYPED, *, page=None, key=KEY, known="", **changes):
    data = {"form": "page", "object": page.pk if page else "", "base_version": page.version if page else 0}
    return client.post(KEEP, {**data, "key": key, "known": known, "fields_json": json.dumps(fields), **changes})


def kept(client, fields=TYPED, **options):
    response = keep(client, fields, **options)
    assert response.status_code == 200, response.content.decode()
    return response.json()["saved_at"]


def listed(client, page=None, **query):
    return client.get(LIST, {"form": "page", "object": page.pk if page else "", **query}).json()


def titles(client, page=None):
    return [autosave["title"] for autosave in listed(client, page)["autosaves"]]


class TestKeeping:
    def test_what_was_typed_comes_back_and_the_page_is_not_touched(self, editor):
        page = make_page(body="もとの本文")
        kept(editor, page=page)
        assert opened(editor).json()["fields"] == TYPED
        assert titles(editor, page) == ["書きかけの題"]
        stored = Page.objects.get()
        assert (stored.body, stored.version, stored.updated_at) == (page.body, page.version, page.updated_at)

    def test_article_and_page_of_one_key_and_new_ones_are_told_apart(self, editor):
        post = make_draft()
        page = make_page(pk=post.pk)
        kept(editor, [["title", "ページの控え"]], page=page)
        kept(editor, [["title", "新しいページの控え"]], key=OTHER_KEY)
        for number, about in enumerate(({"object": post.pk}, {"object": ""})):
            assert editor.get(LIST, about).json()["autosaves"] == []
            key = str(uuid.UUID(int=10 + number))
            fields = json.dumps([["title", "記事の控え"]])
            sent = editor.post(KEEP, {**about, "key": key, "known": "", "base_version": 0, "fields_json": fields})
            assert sent.status_code == 200
        assert titles(editor, page) == ["ページの控え"]
        assert titles(editor) == ["新しいページの控え"]

    def test_text_for_a_page_that_was_deleted_waits_at_the_form_of_a_new_one(self, editor):
        page = make_page()
        kept(editor, page=page)
        pk = page.pk
        page.delete()
        assert keep(editor, object=pk, key=OTHER_KEY).status_code == 404
        assert titles(editor) == ["書きかけの題"]


class TestSaving:
    def test_save_ends_the_autosave_of_the_page_and_the_next_one_begins_anew(self, editor):
        page = make_page()
        for number, title in enumerate(("一", "二")):
            key = str(uuid.UUID(int=20 + number))
            known = kept(editor, [["title", title]], page=page, key=key)
            sent = {"title": title, "autosave_key": key, "autosave_known": known}
            assert save(editor, url_of(page), **sent).status_code == 302
            page.refresh_from_db()
            assert listed(editor, page, local=key) == {"autosaves": [], "done": [key]}
            assert keep(editor, page=page, key=key).status_code == 410


# Who may keep, list and open autosaves of pages: the statuses for a stored page, for a new one and for another's row.
ROLES = {
    "anonymous": (403, 403, 403),
    "staff": (403, 403, 403),
    WRITER: (403, 403, 404),
    EDITOR: (200, 200, 404),
    "only adds": (403, 200, 404),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("who", ROLES)
def test_matrix(who, editor):
    page, client = make_page(), Client()
    kept(editor, key=OTHER_KEY)
    if who != "anonymous":
        role = who if who in (WRITER, EDITOR) else None
        user = make_user("someone", role=role, permissions=("add_page",) if who == "only adds" else ())
        make_author(user=user)
        client.force_login(user)
    of_page, of_new, of_another = ROLES[who]
    assert keep(client, page=page, key=str(uuid.UUID(int=30))).status_code == of_page
    assert client.get(LIST, {"form": "page", "object": page.pk}).status_code == of_page
    assert keep(client, key=str(uuid.UUID(int=31))).status_code == of_new
    assert client.get(LIST, {"form": "page", "object": ""}).status_code == of_new
    assert client.get(reverse("desk:autosave_open", args=[OTHER_KEY])).status_code == of_another
    assert client.post(reverse("desk:autosave_discard", args=[OTHER_KEY])).status_code == of_another
    assert Autosave.objects.filter(key=OTHER_KEY).exists()

"""Autosaves of static pages: kept beside those of articles, and never taken for one of them."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from blog.admin.api.autosave import MAX_UNSAVED
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.versions.static_pages import save_page
from blog.models import Autosave, Page
from tests.admin.autosaves import KEEP, KEY, LIST, OTHER_KEY, TYPED, at_desk, discard, opened
from tests.admin.desk import fields_of, save, url_of, values_at
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

    def test_one_row_for_each_page_and_editor(self, editor):
        page = make_page()
        known = kept(editor, page=page)
        kept(editor, page=page, known=known, key=OTHER_KEY)
        kept(at_desk("other"), page=page)
        assert Autosave.objects.count() == 2

    def test_second_window_does_not_overwrite_what_it_has_not_seen(self, editor):
        page = make_page()
        kept(editor, page=page)
        response = keep(editor, [["title", "もう一つの窓"]], page=page, key=OTHER_KEY)
        assert response.status_code == 409
        assert response.json()["autosave"]["title"] == "書きかけの題"
        assert discard(editor).status_code == 200
        kept(editor, [["title", "もう一つの窓"]], page=page, key=OTHER_KEY)

    @pytest.mark.sqlite
    def test_summary_counts_the_saves_since(self, editor):
        page = make_page()
        kept(editor, page=page)
        for title in ("一", "二"):
            page.title = title
            save_page(page)
        assert listed(editor, page)["autosaves"][0]["saves_since"] == 2

    def test_text_for_a_page_that_was_deleted_waits_at_the_form_of_a_new_one(self, editor):
        page = make_page()
        kept(editor, page=page)
        pk = page.pk
        page.delete()
        assert keep(editor, object=pk, key=OTHER_KEY).status_code == 404
        assert titles(editor) == ["書きかけの題"]

    @pytest.mark.sqlite
    def test_unsaved_ones_of_articles_and_pages_are_limited_together(self, editor):
        for number in range(MAX_UNSAVED):
            kept(editor, key=str(uuid.UUID(int=100 + number)))
        assert keep(editor, key=KEY).status_code == 400


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

    def test_save_of_a_new_page_ends_its_autosave(self, editor):
        about = {"title": "題", "path": "/company/", "autosave_key": KEY, "autosave_known": kept(editor)}
        assert save(editor, url_of(Page, "add"), **about).status_code == 302
        assert listed(editor) == {"autosaves": [], "done": []}
        assert Autosave.objects.get(key=KEY).page == Page.objects.get()

    def test_what_another_window_wrote_into_it_since_outlives_the_save(self, editor):
        page = make_page()
        known = kept(editor, page=page)
        kept(editor, [["title", "もう一つの窓"]], page=page, known=known)
        sent = {"title": "題", "autosave_key": KEY, "autosave_known": known}
        assert save(editor, url_of(page), **sent).status_code == 302
        assert titles(editor, page) == ["もう一つの窓"]

    @pytest.mark.sqlite
    def test_edit_that_came_too_late_ends_it_too_for_the_version_holds_the_text(self, editor):
        page = make_page()
        form = values_at(editor, url_of(page))
        known = kept(editor, page=page)
        page.title = "先の題"
        save_page(page)
        sent = {"title": "後の題", "autosave_key": KEY, "autosave_known": known}
        response = editor.post(url_of(page), {**form, **sent})
        assert "/merge/" in response["Location"]
        assert titles(editor, page) == []

    @pytest.mark.sqlite
    def test_refused_save_leaves_it_and_its_form_knows_it(self, editor):
        page = make_page()
        known = kept(editor, page=page)
        shown = fields_of(save(editor, url_of(page), title="", autosave_key=KEY, autosave_known=known))
        assert (shown["autosave_key"], shown["autosave_known"]) == (KEY, known)
        assert titles(editor, page) == ["書きかけの題"]

    def test_form_tells_its_scripts_what_it_is(self, editor):
        page = make_page()
        html = editor.get(url_of(page)).content.decode()
        for part in (f'data-object="{page.pk}"', 'data-kind="page"', 'data-noun="固定ページ"', f'url="{LIST}"'):
            assert part in html


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

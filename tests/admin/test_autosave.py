"""Autosaves: stored while an editor types, open to that editor only, and ended by a save of the article."""

import json
import uuid

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from blog.admin.api.autosave import MAX_JSON
from blog.editing.permissions import WRITER
from blog.editing.saving import delete_posts, save_post
from blog.models import Autosave, Post
from tests.admin.autosaves import KEY, LIST, OTHER_KEY, TOKEN, TYPED, at_desk, discard, keep, kept, listed, opened
from tests.admin.desk import save, url_of
from tests.factories import make_author, make_category, make_draft, make_in_review, make_post, make_user

# About who may keep what and what is said of it: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def editor():
    return at_desk("editor")


class TestKeeping:
    def test_what_was_typed_comes_back_to_the_letter(self, editor):
        kept(editor)
        assert opened(editor).json()["fields"] == TYPED

    def test_one_row_for_each_article_and_editor(self, editor):
        posts = make_draft(), make_draft()
        for post in posts:
            known = kept(editor, post=post, key=str(uuid.uuid4()))
            kept(editor, post=post, known=known, key=str(uuid.uuid4()))
        kept(at_desk("other"), post=posts[0])
        assert Autosave.objects.count() == 3

    def test_one_row_for_each_window_of_an_article_that_was_never_saved(self, editor):
        known = kept(editor)
        kept(editor, [["title", "続き"]], known=known)
        kept(editor, key=OTHER_KEY)
        assert [autosave["title"] for autosave in listed(editor)["autosaves"]] == ["書きかけの題", "続き"]

    def test_summary_tells_one_autosave_from_another(self, editor):
        post = make_draft()
        with time_machine.travel("2026-05-01T03:03:00Z", tick=False):
            kept(editor, post=post)
        save_post(post)
        save_post(post)
        (autosave,) = listed(editor, post)["autosaves"]
        assert autosave | {"saved_at": ""} == {
            "key": KEY,
            "saved_at": "",
            "time": "5月1日 12:03",
            "title": "書きかけの題",
            "beginning": "本文 二段落目",
            "characters": 6,
            "base_version": post.version - 2,
            "saves_since": 2,
        }

    @pytest.mark.postgresql
    def test_one_that_a_later_save_of_the_same_editor_has_overtaken_is_not_offered(self, editor):
        post = make_draft()
        with time_machine.travel("2026-05-01T03:03:00Z", tick=False):
            kept(editor, post=post)
        post.title = "別の人の題"
        save_post(post, by=make_user("other"))
        assert listed(editor, post)["autosaves"]
        post.title = "保存した題"
        save_post(post, by=User.objects.get(username="editor"))
        assert listed(editor, post)["autosaves"] == []


@pytest.mark.postgresql
class TestTwoWindows:
    def test_second_window_does_not_overwrite_what_it_has_not_seen(self, editor):
        post = make_draft()
        kept(editor, post=post)
        response = keep(editor, [["title", "もう一つの窓"]], post=post, key=OTHER_KEY)
        assert response.status_code == 409
        assert response.json()["autosave"]["title"] == "書きかけの題"
        assert opened(editor).json()["fields"] == TYPED

    @pytest.mark.postgresql
    def test_autosave_that_another_window_wrote_on_in_is_not_discarded_by_the_first(self, editor):
        known = kept(editor)
        newer = kept(editor, [["title", "もう一つの窓"]], known=known)
        url = reverse("desk:autosave_discard", args=[KEY])
        response = editor.post(url, {"known": known})
        assert (response.status_code, response.json()["autosave"]["title"]) == (409, "もう一つの窓")
        assert editor.post(url, {"known": newer}).status_code == 200
        assert listed(editor)["autosaves"] == []


class TestSaving:
    @pytest.fixture
    def form(self):
        return {"title": "題", "category": make_category().pk, "author": make_author().pk, "autosave_key": KEY}

    def test_saved_article_ends_its_autosave(self, editor, form):
        known = kept(editor)
        kept(editor, key=OTHER_KEY)
        assert save(editor, url_of(Post, "add"), **form, autosave_known=known).status_code == 302
        answer = listed(editor, local=[KEY, OTHER_KEY, "no key"])
        assert [autosave["key"] for autosave in answer["autosaves"]] == [OTHER_KEY]
        assert answer["done"] == [KEY]
        assert opened(editor).status_code == 404

    @pytest.mark.postgresql
    @pytest.mark.parametrize("is_new", [True, False])
    def test_what_another_window_wrote_into_it_since_outlives_the_save(self, editor, form, is_new):
        post = None if is_new else make_draft()
        known = kept(editor, post=post)
        kept(editor, [["title", "もう一つの窓"]], post=post, known=known)
        sent = form | {"autosave_known": known}
        assert save(editor, url_of(post) if post else url_of(Post, "add"), **sent).status_code == 302
        (autosave,) = listed(editor, post or Post.objects.get())["autosaves"]
        assert autosave["title"] == "もう一つの窓"
        assert autosave["key"] != KEY
        assert keep(editor, post=post, known=known).status_code == 410

    def test_autosave_that_arrives_after_the_save_is_not_stored(self, editor, form):
        known = kept(editor)
        save(editor, url_of(Post, "add"), **form, autosave_known=known)
        for state in (known, ""):
            assert keep(editor, known=state).status_code == 410
        assert listed(editor)["autosaves"] == []

    @pytest.mark.postgresql
    def test_deleted_article_leaves_what_somebody_was_typing(self, editor):
        post = make_draft()
        kept(editor, post=post)
        delete_posts(Post.objects.filter(pk=post.pk))
        assert [autosave["key"] for autosave in listed(editor)["autosaves"]] == [KEY]


class TestWhoMay:
    @pytest.mark.parametrize("ask", [keep, listed, opened, discard])
    def test_autosaves_are_their_editors_alone(self, ask, editor):
        kept(editor)
        other = at_desk("other")
        answer = ask(other)
        text = answer if isinstance(answer, dict) else answer.json()
        assert "書きかけ" not in str(text)
        assert opened(editor).status_code == 200

    def test_writer_keeps_autosaves_of_their_own_articles_only(self):
        writer = at_desk("writer", WRITER)
        mine = make_author("書く人", "writer", user=writer.user)
        kept(writer, post=make_draft(author=mine))
        for post, status in ((make_draft("秘密"), 404), (make_post(), 403), (make_in_review(author=mine), 403)):
            response = keep(writer, post=post, key=str(uuid.uuid4()))
            assert response.status_code == status
            assert "秘密" not in response.content.decode()
            assert writer.get(LIST, {"object": post.pk}).status_code == status
        assert Autosave.objects.count() == 1

    @pytest.mark.postgresql
    def test_autosave_of_an_article_that_another_author_was_given_is_offered_for_a_new_one(self):
        writer = at_desk("writer", WRITER)
        post = make_draft(author=make_author("書く人", "writer", user=writer.user))
        state = kept(writer, post=post)
        assert listed(writer)["autosaves"] == []
        post.author = make_author("別の人", "other")
        save_post(post)
        (autosave,) = listed(writer)["autosaves"]
        assert (autosave["key"], autosave["saves_since"]) == (KEY, 0)
        kept(writer, [["title", "続き"]], known=state)
        assert [autosave["title"] for autosave in listed(writer)["autosaves"]] == ["続き"]
        assert Autosave.objects.get().post is None

    @pytest.mark.parametrize("name", ["anonymous", "viewer", "reader"])
    def test_nobody_else_is_answered(self, name):
        client = Client()
        if name != "anonymous":
            client.force_login(make_user(name, permissions=("view_post",), is_staff=name == "viewer"))
        for response in (keep(client), client.get(LIST), opened(client), discard(client), client.get(TOKEN)):
            assert response.status_code == 403
            assert response.json()["error"]
        assert not Autosave.objects.exists()

    def test_page_that_was_opened_under_another_login_is_answered_nothing(self, editor):
        other = at_desk("other")
        kept(editor, key=OTHER_KEY)
        others_page = {"HTTP_X_DESK_USER": str(other.user.pk)}
        for response in (
            keep(editor, **others_page),
            editor.get(LIST, **others_page),
            editor.get(TOKEN, **others_page),
            editor.post(reverse("desk:autosave_discard", args=[OTHER_KEY]), **others_page),
            editor.post(reverse("desk:post_preview"), **others_page),
        ):
            assert response.status_code == 403
            assert "別の人がログインしました" in response.json()["error"]
        assert [autosave["key"] for autosave in listed(editor)["autosaves"]] == [OTHER_KEY]
        assert editor.get(TOKEN, HTTP_X_DESK_USER=str(editor.user.pk)).status_code == 200
        assert editor.get(TOKEN, HTTP_X_DESK_USER="\x00x").status_code == 403


class TestHostileInput:
    @pytest.mark.parametrize(
        "changes",
        [
            {"key": ""},
            {"base_version": "-1"},
            {"known": "x" * 51},
            {"fields_json": ""},
            {"fields_json": "{}"},
            {"fields_json": "[1]"},
            {"fields_json": '[["a", 1]]'},
            {"fields_json": '[["a", "b", "c", "d"]]'},
            {"fields_json": "[" * 100_000},
            {"fields_json": "[" + "9" * 10_000 + "]"},
            {"fields_json": json.dumps([["a", "b" * MAX_JSON]])},
            {"fields_json": '[["a", "\x00"]]'},
        ],
    )
    def test_malformed_autosave_is_refused_in_words(self, editor, changes):
        response = keep(editor, **changes)
        assert response.status_code == 400
        assert response.json()["error"]
        assert not Autosave.objects.exists()

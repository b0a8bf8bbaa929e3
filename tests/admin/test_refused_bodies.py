"""A body that the renderer refuses: every view of the desk says so, and no text is lost."""

import io
import json
import logging
import uuid

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from blog.editing.saving import save_post
from blog.models import Autosave, Page, Post
from tests.admin.desk import errors_of, fields_of, save, url_of
from tests.factories import make_draft, make_page, make_post, make_user

# About what is said of a body that is refused: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

BODY = "<details>" * 300
WORDS = "入れ子が深すぎます"


@pytest.fixture
def editor():
    client = Client()
    client.force_login(make_user(is_superuser=True))
    return client


@pytest.mark.parametrize("make", [make_draft, make_page])
def test_saving_is_an_error_of_the_body_which_stays_in_the_form(editor, make):
    item = make(body="前の本文")
    response = save(editor, url_of(item), body=BODY)
    assert WORDS in errors_of(response)["body"][0]
    assert fields_of(response)["body"] == BODY
    item.refresh_from_db()
    assert item.body == "前の本文"


@pytest.mark.parametrize("name", ["desk:post_preview", "desk:page_preview"])
def test_preview_shows_the_reason(editor, name):
    response = editor.post(reverse(name), {"object": "", "title": "題", "body": BODY})
    assert response.status_code == 400
    assert WORDS in response.json()["error"]


def test_autosave_is_kept(editor):
    fields = {"key": str(uuid.uuid4()), "base_version": 0, "fields_json": json.dumps([["body", BODY]])}
    answer = editor.post(reverse("desk:autosave_keep"), fields)
    assert answer.status_code == 200
    assert answer.json()["reading_minutes"] is None
    assert Autosave.objects.get().value("body") == BODY


@pytest.mark.postgresql
def test_rendering_again_leaves_what_was_made_before_and_goes_on(caplog):
    old, page, other = make_draft(), make_page(), make_draft()
    Post.objects.filter(pk=old.pk).update(body=BODY, body_html="<p>前の</p>")
    Page.objects.filter(pk=page.pk).update(body=BODY, body_html="<p>前の</p>")
    Post.objects.filter(pk=other.pk).update(body="新しい")
    out = io.StringIO()
    with caplog.at_level(logging.WARNING, logger="blog.editing.rerendering"):
        call_command("render_posts", stdout=out)
    assert "1 articles and 0 pages" in out.getvalue()
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        f"Post {old.pk} keeps its HTML",
        f"Page {page.pk} keeps its HTML",
    ]
    old.refresh_from_db()
    assert old.body_html == "<p>前の</p>"


class TestStoredBefore:
    """Stored when such a body was not refused yet: in the article, in a version of it and in one that waits."""

    @pytest.fixture
    def post(self):
        post = make_post(body="前の本文")
        save_post(post, by=make_user("writer"), expected_version=post.version)
        Post.objects.filter(pk=post.pk).update(body=BODY)
        for revision in post.revisions.all():
            revision.snapshot["body"] = BODY
            revision.save()
        return post

    def test_readers_go_on_reading(self, client, post):
        assert client.get(post.get_absolute_url()).status_code == 200

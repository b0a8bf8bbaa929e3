"""What a save of an article costs, from the request to the answer: session, permissions and commit included."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.editing.permissions import EDITOR, WRITER
from blog.editing.saving import save_post
from blog.models import Post
from blog.models.post.rendering import render_body
from blog.text.markdown import RenderedMarkdown
from tests.admin.desk import url_of, values_at
from tests.factories import make_author, make_draft, make_post, make_user

MAKERS = {"_save": make_draft, "_publish": make_draft, "_save_live": make_post}
# Queries up to the COMMIT, of the database that asks more. Who opens a session and may save is asked in three; the row
# is locked and read in two, since a join that waited may see old neighbours; a save has a revision and two logs.
# What is public has its path looked up, and leaves work to the worker. Publishing also enters the path, moves the times
# of the tags and the counters, and leaves the card and the related articles: two tasks, which the library adds singly.
MOST = {"_save": 17, "_save_live": 22, "_publish": 24}


def prepared(maker: Any, by: Any, *, tags: int, related: int, **fields: Any) -> Post:
    """An article with so many tags and related articles, and a history."""
    others = [make_post(f"関連{number}") for number in range(related)]
    post = maker(body="本文です。", tags=[f"タグ{number}" for number in range(tags)], **fields)
    return save_post(post, by=by, related=[(other, "理由") for other in others])


def save_of(client: Client, post: Post, button: str, **changes: Any) -> list[str]:
    """The queries of a save that changes the body."""
    for model in (Post, User):
        ContentType.objects.get_for_model(model)  # a process asks for each once
    sent = values_at(client, url_of(post)) | {"body": "別の本文です。", button: "1"} | changes
    with CaptureQueriesContext(connection) as queries:
        response = client.post(url_of(post), sent)
    assert response.status_code == 302
    assert Post.objects.get(pk=post.pk).body == "別の本文です。"
    return [query["sql"] for query in queries]


def until_saved(queries: list[str]) -> list[str]:
    return queries[: queries.index("COMMIT") + 1]


def bodies_in(queries: list[str]) -> int:
    """How many of them read the text of an article."""
    return sum('"blog_post"."body"' in sql for sql in queries if sql.startswith("SELECT"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("button", "role"), [*((button, EDITOR) for button in MAKERS), ("_save", WRITER)])
def test_save_reads_the_row_once_and_asks_no_more_than_its_button_needs(client, button, role):
    user = make_user(role=role)
    client.force_login(user)
    post = prepared(MAKERS[button], user, tags=2, related=1, author=make_author("著者", "author", user=user))
    queries = save_of(client, post, button)
    saving = until_saved(queries)
    assert bodies_in(queries) == 1
    assert len(saving) <= MOST[button], "\n".join(saving)
    assert queries[len(saving) :] == []  # the card and the related articles are left to the worker


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "button", ["_save", *(pytest.param(other, marks=pytest.mark.sqlite) for other in ("_publish", "_save_live"))]
)
def test_save_costs_the_same_however_many_tags_and_related_articles_there_are(client, button):
    user = make_user(role=EDITOR)
    client.force_login(user)
    few = prepared(MAKERS[button], user, tags=1, related=1)
    many = prepared(MAKERS[button], user, tags=9, related=7)
    assert len(until_saved(save_of(client, few, button))) == len(until_saved(save_of(client, many, button)))


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_save_renders_the_body_once(client, monkeypatch):
    user = make_user(role=EDITOR)
    client.force_login(user)
    post = prepared(make_draft, user, tags=0, related=0)
    rendered = []

    def note(source: str, **options: Any) -> RenderedMarkdown:
        rendered.append(source)
        return render_body(source, **options)

    monkeypatch.setattr("blog.models.post.post.render_body", note)
    save_of(client, post, "_save")
    assert rendered == ["別の本文です。"]
    assert "別の本文です。" in Post.objects.get(pk=post.pk).body_html

"""What a save of an article costs, from the request to the answer: session, permissions and commit included."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.editing.permissions import EDITOR
from blog.editing.saving import save_post
from blog.models import Post
from tests.admin.desk import url_of, values_at
from tests.factories import make_draft, make_post, make_user

MAKERS = {"_save": make_draft, "_publish": make_draft, "_save_live": make_post}
MOST = 40  # queries up to the COMMIT, of the button that asks most


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "button", ["_save", *(pytest.param(other, marks=pytest.mark.sqlite) for other in ("_publish", "_save_live"))]
)
def test_save_costs_the_same_however_many_tags_and_related_articles_there_are(client, button):
    user = make_user(role=EDITOR)
    client.force_login(user)
    few = prepared(MAKERS[button], user, tags=1, related=1)
    many = prepared(MAKERS[button], user, tags=9, related=7)
    cost = len(until_saved(save_of(client, many, button)))
    assert cost == len(until_saved(save_of(client, few, button)))
    assert cost <= MOST

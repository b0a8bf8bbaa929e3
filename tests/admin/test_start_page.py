"""The start page of the desk: what the user typed and did not save, and what waits for the user."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blog.desk import board
from blog.editing.pending import save_pending
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.saving import save_post
from blog.models import Autosave
from tests.factories import make_author, make_draft, make_in_review, make_page, make_post, make_scheduled, make_user

# About what the board shows and to whom: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

URL = reverse("admin:index")


def groups(client):
    return {group.name: group.posts for group in client.get(URL).context["groups"] if group.posts}


def posts_of(author):
    made = {make.__name__: make(author=author) for make in (make_draft, make_in_review, make_scheduled, make_post)}
    made["returned"] = make_in_review("戻した記事", author=author)
    made["returned"].return_to_writer("数字の出典を足してください。")
    save_post(made["returned"])
    return made


def wait(post, by):
    """Gives a public article a pending version."""
    post.title = "控えた題"
    save_pending(post, by=by, tags=[], related=[], expected_version=post.version)


def keep(editor, title="", body="本文", **fields):
    content = json.dumps([["title", title], ["body", body]])
    return Autosave.objects.create(
        editor=editor, key=uuid.uuid4(), fields_json=content, saved_at=timezone.now(), **fields
    )


def test_editor_sees_own_drafts_and_everybodys_other_articles(client):
    editor = make_user(role=EDITOR)
    mine, others = posts_of(make_author("私", "me", user=editor)), posts_of(make_author())
    wait(others["make_post"], editor)
    client.force_login(editor)
    assert groups(client) == {
        "自分の下書き": [mine["make_draft"]],
        "差し戻し": [others["returned"], mine["returned"]],
        "確認待ち": [mine["make_in_review"], others["make_in_review"]],
        "公開前の変更": [others["make_post"]],
        "最近の公開": [others["make_post"], mine["make_post"]],
    }
    text = client.get(URL).content.decode()
    assert "数字の出典を足してください。" in text
    assert reverse("admin:blog_post_pending", args=[others["make_post"].pk]) in text


def test_writer_sees_nothing_of_others_that_is_not_public(client):
    writer = make_user(role=WRITER)
    mine, others = posts_of(make_author("私", "me", user=writer)), posts_of(make_author())
    wait(others["make_post"], make_user("chief", role=EDITOR))
    client.force_login(writer)
    response = client.get(URL)
    assert {group.name: group.posts for group in response.context["groups"] if group.posts} == {
        "自分の下書き": [mine["make_draft"]],
        "差し戻し": [mine["returned"]],
        "確認に出した記事": [mine["make_in_review"]],
        "最近の公開": [others["make_post"], mine["make_post"]],
    }
    entries = [entry.url for day in response.context["calendar"].days for entry in day.entries]
    assert not [url for url in entries if f"/{others['make_scheduled'].pk}/" in url]


@pytest.mark.postgresql
def test_every_title_leads_to_its_form_and_every_group_to_its_list(client):
    editor = make_user(role=EDITOR)
    client.force_login(editor)
    posts = posts_of(make_author("私", "me", user=editor))
    wait(posts["make_post"], editor)
    response = client.get(URL)
    for group in response.context["groups"]:
        rows = client.get(group.url).context["cl"].result_list
        assert set(group.posts) <= set(rows), group.name
        assert group.number == (f"{len(rows)}件" if rows else ""), group.name
        for post in group.posts:
            assert f'href="{reverse("admin:blog_post_change", args=[post.pk])}"' in response.content.decode()


def test_new_site_says_what_to_do_first(client):
    client.force_login(make_user(role=EDITOR))
    steps = client.get(URL).context["first_steps"]
    assert [(step.url, step.is_done) for step in steps][:2] == [
        (reverse("admin:blog_author_add"), False),
        (reverse("admin:blog_category_add"), False),
    ]
    make_post()
    assert not client.get(URL).context["first_steps"]


def test_writer_without_a_byline_is_told_so_and_not_offered_to_write(client):
    writer = make_user(role=WRITER)
    client.force_login(writer)
    text = client.get(URL).content.decode()
    assert board.NO_BYLINE in text
    assert (
        reverse("admin:blog_post_add")
        not in text.partition('class="board"')[2].partition('id="content-related"')[0][
            : text.partition('class="board"')[2].index("board__groups")
        ]
    )
    make_author("私", "me", user=writer)
    assert board.NO_BYLINE not in client.get(URL).content.decode()


def test_who_may_do_nothing_with_articles_sees_none(client):
    client.force_login(make_user(permissions=("view_tag",)))
    make_post("見出し")
    response = client.get(URL)
    assert "見出し" not in response.content.decode()
    assert "calendar" not in response.context


# --- what was typed and not saved ---


def test_what_was_typed_and_not_saved_stands_on_the_board_and_leads_to_its_form(client):
    editor = make_user(role=EDITOR)
    post, page = make_post("公開した記事"), make_page()
    keep(editor, "新しい題")
    keep(editor, "改めた題", post=post)
    keep(editor, "ページ", page=page, form=Autosave.Form.PAGE)
    keep(editor, "保存した題", is_done=True)
    keep(make_user("other", role=EDITOR), "別の人の題")
    client.force_login(editor)
    kept = {row.autosave.title: row.url for row in client.get(URL).context["kept"]}
    assert kept == {
        "新しい題": reverse("admin:blog_post_add"),
        "改めた題": reverse("admin:blog_post_change", args=[post.pk]),
        "ページ": reverse("admin:blog_page_change", args=[page.pk]),
    }


def test_what_was_typed_into_an_article_that_is_hidden_now_does_not_name_it(client):
    writer = make_user(role=WRITER)
    keep(writer, "書きかけ", post=save_post(make_draft("伏せた記事")))
    client.force_login(writer)
    response = client.get(URL)
    assert [row.url for row in response.context["kept"]] == [reverse("admin:blog_post_add")]
    assert "伏せた記事" not in response.content.decode()
    assert "回保存されています" not in response.content.decode()


# --- its cost ---


@pytest.mark.postgresql
def test_board_costs_no_query_more_with_more_of_everything(client):
    editor = make_user(role=EDITOR)
    author = make_author("私", "me", user=editor)
    client.force_login(editor)
    counts = []
    for number in (1, board.SHOWN + 1, 4):
        for _ in range(number):
            posts = posts_of(author)
            wait(posts["make_post"], editor)
            make_scheduled(after=timedelta(minutes=5), author=author)
            keep(editor, "題", post=posts["make_draft"])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert counts[1] <= counts[0] + 7  # a group that is cut counts its articles

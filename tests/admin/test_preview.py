"""The preview shows the page that readers get after a save."""

import json
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from blog.editing.saving import save_post
from blog.models import Page, Post, Tag
from blog.text.bounds import MAX_CHARS
from tests.factories import (
    make_author,
    make_category,
    make_draft,
    make_page,
    make_post,
    make_user,
)

# About what a preview shows and to whom: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

POST, PAGE = reverse("desk:post_preview"), reverse("desk:page_preview")
BODY = "## 見出し\n\n**「強調」**と[リンク](/about/)。\n\n|a|b|\n|-|-|\n|1|2|\n\n注[^1]\n\n[^1]: 脚注\n"


def logged_in(*permissions, **fields):
    client = Client()
    client.force_login(make_user(permissions=permissions, **fields))
    return client


@pytest.fixture
def editor():
    return logged_in("add_post", "change_post", "publish_post", "add_page", "change_page", username="chief")


def form_of(post, **changes):
    """The values that the browser sends of a post's form."""
    fields = {name: getattr(post, name) for name in ("title", "excerpt", "body", "correction")}
    chosen = {name: getattr(post, f"{name}_id") or "" for name in ("category", "author", "lead_image", "pillar")}
    tags = "、".join(tag.name for tag in post.tag_list)
    return {"object": post.pk, **fields, **chosen, "slug": post.slug, "tag_names": tags, **changes}


def shown(response):
    assert response.status_code == 200, response.content.decode()
    return response.json()["html"]


def article(html):
    return re.search(r"<article.*</article>", html, re.DOTALL)[0]


def page_of(client, obj):
    return client.get(obj.get_absolute_url()).content.decode()


def test_preview_of_an_untouched_article_is_its_page_but_for_the_head(editor):
    post = make_post(body=BODY, tags=["AI", "投資"], correction="訂正です。")
    html = shown(editor.post(POST, form_of(post)))
    main = re.compile(r"<main.*</html>", re.DOTALL)
    assert main.search(html)[0] == main.search(page_of(Client(), post))[0]


@pytest.mark.postgresql
@time_machine.travel("2026-05-01T12:00:00+09:00", tick=False)
def test_what_is_typed_is_shown_as_it_will_be_once_saved(editor):
    post, section = make_post(tags=["AI"]), make_category("研究", "research", notice="ご注意。")
    texts = {"title": "新しい題", "excerpt": "新しいリード。", "correction": "直した。"}
    typed = {name: f"{text} " for name, text in texts.items()} | {"body": BODY.replace("\n", "\r\n")}
    byline = make_author("新しい署名", "new-byline")
    typed |= {"category": section.pk, "author": byline.pk, "tag_names": "投資、はじめてのタグ"}
    html = shown(editor.post(POST, form_of(post, **typed)))
    for name, value in {**texts, "body": BODY, "category": section, "author": byline}.items():
        setattr(post, name, value)
    save_post(post, tags=["投資", "はじめてのタグ"])
    assert article(html) == article(page_of(Client(), post))


def test_preview_stores_nothing(editor):
    post = make_post()
    editor.post(POST, form_of(post, title="別の題", body="別の本文", tag_names="別のタグ"))
    assert Post.objects.get().title == post.title
    assert Post.objects.get().version == post.version
    assert not Tag.objects.exists()


def test_article_that_was_never_saved_is_shown_as_it_is_being_written(editor):
    section = make_category()
    empty = shown(editor.post(POST, {"object": "", "title": "", "body": "", "category": "", "author": ""}))
    assert "<article" in empty
    begun = editor.post(POST, {"object": "", "title": "書きかけ", "body": "あ" * 1600, "category": section.pk}).json()
    assert "書きかけ</h1>" in begun["html"]
    assert section.name in article(begun["html"])
    assert begun["reading_minutes"] == 3
    assert not Post.objects.exists()


def test_preview_runs_nothing_and_leads_nowhere(editor):
    html = shown(editor.post(POST, form_of(make_draft(), body="<script>a()</script><img src=x onerror=a()>本文")))
    assert "<script>" not in html
    assert "onerror" not in html
    assert '<base target="_blank">' in html
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize(("body", "words"), [("あ" * (MAX_CHARS + 1), "100万字まで"), ("\x00", "制御文字")])
def test_body_that_no_page_can_be_made_of_is_refused_in_words(editor, body, words):
    response = editor.post(POST, form_of(make_post(), body=body))
    assert response.status_code == 400
    assert words in response.json()["error"]


def test_preview_of_a_page_is_its_page(editor):
    page = make_page(body=BODY)
    html = shown(editor.post(PAGE, {"object": page.pk, "title": page.title, "body": page.body}))
    assert article(html) == article(page_of(Client(), page))
    html = shown(editor.post(PAGE, {"object": "", "title": "新しいページ", "body": "**本文**"}))
    assert "<strong>本文</strong>" in html
    assert Page.objects.count() == 1


class TestWhoMay:
    @pytest.mark.parametrize("url", [POST, PAGE])
    def test_only_who_may_write_it(self, url):
        make = {POST: make_draft, PAGE: make_page}[url]
        key = make().pk
        assert Client().post(url, {"object": ""}).status_code == 403
        viewer = logged_in("view_post", "view_page", "view_category", username="viewer")
        others = ("add_page", "change_page") if url == POST else ("add_post", "change_post")
        other = logged_in(*others, username="other")
        for client in (viewer, other):
            for value in ("", key):
                response = client.post(url, {"object": value, "title": "題"})
                assert response.status_code in (403, 404)
                assert json.loads(response.content)["error"]

    def test_draft_of_somebody_else_is_not_there_for_a_writer(self):
        client = logged_in("add_post", "change_post", username="writer")
        secret = make_draft("秘密の題", body="秘密の本文")
        response = client.post(POST, {"object": secret.pk})
        assert response.status_code == 404
        assert "秘密" not in response.content.decode()

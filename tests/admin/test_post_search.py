"""Search at the desk: the list of articles and its choosers ask the site's index, for what the user may see."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.admin.post import search
from blog.editing.permissions import EDITOR, WRITER
from blog.editing.saving import add_alias
from tests.factories import (
    make_author,
    make_draft,
    make_in_review,
    make_post,
    make_scheduled,
    make_unpublished,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST, AUTOCOMPLETE = reverse("admin:blog_post_changelist"), reverse("admin:autocomplete")
LINKS = reverse("desk:article_search")
CHOOSERS = {"pillar": "post", "target": "relatedpost", "post": "frontpick"}
HIDDEN_FROM_WRITERS = {
    make_draft: "下書き",
    make_in_review: "確認待ち",
    make_scheduled: "予約",
    make_unpublished: "取り下げ",
}


def at_desk(role):
    client, user = Client(), make_user(role, role=role)
    client.force_login(user)
    return client, user


def listed(client, text, **parameters):
    response = client.get(LIST, {"q": text, **parameters})
    assert response.status_code == 200
    return [post.title for post in response.context["cl"].result_list]


def offered(client, text, field="pillar"):
    asked = {"app_label": "blog", "model_name": CHOOSERS[field], "field_name": field, "term": text}
    return [choice["text"] for choice in client.get(AUTOCOMPLETE, asked).json()["results"]]


def linked(client, text):
    return [found["title"] for found in client.get(LINKS, {"q": text}).json()["articles"]]


@pytest.fixture
def editor():
    return at_desk(EDITOR)[0]


def test_list_finds_words_of_text_and_tags_in_every_state(editor):
    for make, title in HIDDEN_FROM_WRITERS.items():
        make(title, body="半導体の電力を論じる。")
    make_post("公開", tags=["電力"])
    make_post("別の話")
    assert set(listed(editor, "電力")) == {"公開", *HIDDEN_FROM_WRITERS.values()}
    assert listed(editor, "電力 -半導体") == ["公開"]
    assert listed(editor, "電力", state="scheduled") == ["予約"]


@pytest.mark.sqlite
@pytest.mark.parametrize("field", CHOOSERS)
def test_choosers_offer_the_best_first(editor, field):
    make_post("電力の話")
    make_post("別の話", body="電力。")
    make_draft("電力の下書き")
    make_post("無関係")
    assert offered(editor, "電力", field) in (
        ["電力の話", "電力の下書き", "別の話"],
        ["電力の下書き", "電力の話", "別の話"],
    )


@pytest.mark.sqlite
def test_link_to_an_article_is_offered_for_words_of_its_text_if_it_is_public_or_will_be(editor):
    make_post("別の話", body="電力。")
    make_post("電力の話")
    for make, title in HIDDEN_FROM_WRITERS.items():
        make(f"電力：{title}")
    assert linked(editor, "電力") == ["電力：予約", "電力の話", "別の話"]
    assert linked(editor, "-電力") == []


def test_writer_is_offered_links_to_own_scheduled_articles_alone():
    writer, user = at_desk(WRITER)
    make_scheduled("他人の電力")
    make_scheduled("自分の電力", author=make_author("自分", "me", user=user))
    make_post("電力の話")
    assert linked(writer, "電力") == ["自分の電力", "電力の話"]


@pytest.mark.sqlite
def test_writer_finds_only_what_a_writer_may_see():
    writer, user = at_desk(WRITER)
    for make, title in HIDDEN_FROM_WRITERS.items():
        make(f"他人の{title}", body="電力。")
        make(f"自分の{title}", body="電力。", author=make_author("自分", "me", user=user))
    make_post("公開", body="電力。")
    seen = {"公開", *(f"自分の{title}" for title in HIDDEN_FROM_WRITERS.values())}
    assert set(listed(writer, "電力")) == set(offered(writer, "電力")) == seen


@pytest.mark.sqlite
def test_address_of_an_article_finds_it(editor, settings):
    post = make_post("円安の行方", slug="円安")
    add_alias(post, "/old/yen/")
    make_post("別の話")
    for text in (post.path, post.get_absolute_url(), settings.SITE_URL + post.get_absolute_url(), "/old/yen/"):
        assert listed(editor, text) == offered(editor, f" {text} ") == ["円安の行方"], text
    assert listed(editor, "/no/such/") == []


def test_filter_narrows_all_that_is_found_and_not_only_the_best(editor, monkeypatch):
    monkeypatch.setattr(search, "LISTED", 2)
    make_draft("下書き", body="電力。")
    for number in range(4):
        make_post(f"電力{number}")
    assert listed(editor, "電力", state="draft") == ["下書き"]
    assert listed(editor, "電力", state="in_review") == []
    assert len(listed(editor, "電力")) == 2
    assert search.BEST_ONLY in editor.get(LIST, {"q": "電力"}).text

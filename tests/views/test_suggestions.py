"""What is offered while somebody types, and the description by which browsers search here."""

import json
from xml.etree import ElementTree

import pytest
from django.test import override_settings

from blog.editing.tags import set_spellings
from blog.models import Tag
from tests.factories import make_draft, make_post, make_scheduled
from tests.views.pages import Document

pytestmark = pytest.mark.django_db

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def suggested(client, text):
    response = client.get("/search/suggestions.json", {"q": text})
    assert response.status_code == 200
    _, offered = response.json()
    return offered


def test_tags_that_begin_with_the_text_come_first_then_the_commonest(client):
    make_post(tags=["投資信託", "不動産投資"])
    make_post(tags=["投資", "投資信託"])
    assert suggested(client, "投資") == ["投資", "投資信託", "不動産投資"]
    assert suggested(client, "投") == ["投資信託", "投資", "不動産投資"]
    assert suggested(client, "債券") == []


@pytest.mark.parametrize("text", ["nvi", "ＮＶＩ", "エヌビ", "ｴﾇﾋﾞ", " nvi "])
def test_width_case_and_spelling_do_not_matter(client, text):
    make_post(tags=["NVIDIA"])
    set_spellings(Tag.objects.get(), ["エヌビディア", "エヌヴィディア"])
    assert suggested(client, text) == ["NVIDIA"]


def test_last_word_is_completed_where_the_whole_text_is_no_tag(client):
    make_post(tags=["Google AI", "AI投資"])
    assert suggested(client, "Google A") == ["Google AI"]
    assert suggested(client, "半導体　AI") == ["半導体 AI投資", "半導体 Google AI"]


def test_tags_of_articles_that_are_not_public_are_not_told(client):
    make_draft(tags=["秘密の話"])
    make_scheduled(tags=["秘密の予定"])
    assert suggested(client, "秘密") == []


@pytest.mark.sqlite
def test_answer_is_kept_by_whoever_likes_and_the_same_for_all(client, django_assert_max_num_queries):
    for number in range(30):
        make_post(tags=[f"投資{number}", f"電力{number}"])
    with django_assert_max_num_queries(1):
        response = client.get("/search/suggestions.json", {"q": "投資"})
    assert len(response.json()[1]) == 8
    assert response["Cache-Control"] == "public, max-age=600"
    assert not response.cookies
    assert "Vary" not in response
    assert client.post("/search/suggestions.json").status_code == 405


@override_settings(SITE_NAME="投資&AI<マガジン>のとても長い名前")
def test_browsers_are_told_how_to_search_here(client):
    document = Document(client.get("/").text)
    [link] = [link for link in document.all("link") if link["rel"] == "search"]
    response = client.get(link["href"])
    assert response["Content-Type"] == link["type"] == "application/opensearchdescription+xml"
    described = ElementTree.fromstring(response.content)
    assert len(described.findtext(f"{OPENSEARCH}ShortName")) <= 16
    addresses = {url.get("type"): url.get("template") for url in described.iter(f"{OPENSEARCH}Url")}
    assert addresses["text/html"] == "http://127.0.0.1:8000/search/?q={searchTerms}"
    text = addresses["application/x-suggestions+json"].removeprefix("http://127.0.0.1:8000")
    assert json.loads(client.get(text.replace("{searchTerms}", "x")).content) == ["x", []]

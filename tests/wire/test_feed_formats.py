"""Atom and JSON Feed, and what RSS says beside its standard; what all feeds share is in test_feeds."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import TestCase

from blog.editing.saving import save_post
from blog.models import Image, Post
from tests.factories import PUBLISHED_AT, make_author, make_post

SITE = "http://127.0.0.1:8000"
ATOM, MEDIA = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"


class FormatTestCase(TestCase):
    def atom(self):
        response = self.client.get("/atom.xml")
        assert response["Content-Type"] == "application/xml; charset=utf-8"
        return ElementTree.fromstring(response.content)

    def json(self):
        response = self.client.get("/feed.json")
        assert response["Content-Type"] == "application/feed+json; charset=utf-8"
        return json.loads(response.content)


def make_edited_post() -> Post:
    image = Image.objects.create(file="images/a.webp", width=800, height=450, source_digest="d")
    author = make_author("速報班", "desk")
    post = make_post("題<1>", slug="a", author=author, tags=["日銀"], excerpt="要点<です>。", lead_image=image)
    with time_machine.travel(datetime(2026, 4, 3, tzinfo=UTC), tick=False):
        post.body = "[続報](/b/)です。\n"
        save_post(post)
    return post


class AtomTest(FormatTestCase):
    def test_entry_carries_what_a_reader_app_shows(self):
        post = make_edited_post()
        entry = self.atom().find(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}title") == "題<1>"
        assert entry.findtext(f"{ATOM}id") == post.guid
        assert entry.find(f"{ATOM}link").get("href") == f"{SITE}/2026/04/01/a/"
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}published")) == PUBLISHED_AT
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) == datetime(2026, 4, 3, tzinfo=UTC)
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "速報班"
        assert entry.findtext(f"{ATOM}author/{ATOM}uri") == f"{SITE}/authors/desk/"
        assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["市場", "日銀"]
        assert entry.findtext(f"{ATOM}summary") == "要点&lt;です&gt;。"
        content = entry.find(f"{ATOM}content")
        assert content.get("type") == "html"
        assert f'<a href="{SITE}/b/">続報</a>です。' in content.text


class JsonTest(FormatTestCase):
    def test_item_carries_what_a_reader_app_shows(self):
        post = make_edited_post()
        (item,) = self.json()["items"]
        assert f'<a href="{SITE}/b/">続報</a>です。' in item.pop("content_html")
        assert item == {
            "id": post.guid,
            "url": f"{SITE}/2026/04/01/a/",
            "title": "題<1>",
            "summary": "要点<です>。",
            "image": f"{SITE}/media/images/a.webp",
            "date_published": "2026-04-01T03:00:00+00:00",
            "date_modified": "2026-04-03T00:00:00+00:00",
            "authors": [{"name": "速報班", "url": f"{SITE}/authors/desk/"}],
            "tags": ["市場", "日銀"],
        }


@pytest.mark.django_db
def test_somebody_who_opens_a_feed_sees_a_page(client):
    response = client.get("/feed.xml")
    sheet = response.content.split(b"\n")[1]
    assert sheet.startswith(b'<?xml-stylesheet href="/static/css/feed.css" media="screen" type="text/css"')
    assert response["Content-Type"] == "application/xml; charset=utf-8"  # any other is shown as source, or kept


@pytest.mark.django_db
def test_lead_image_is_named_in_rss_and_atom(client):
    make_edited_post()
    expected = {"url": f"{SITE}/media/images/a.webp", "medium": "image", "type": "image/webp"}
    for path in ("/feed.xml", "/atom.xml"):
        (picture,) = ElementTree.fromstring(client.get(path).content).iter(f"{MEDIA}content")
        assert picture.attrib == expected | {"width": "800", "height": "450"}, path

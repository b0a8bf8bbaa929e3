"""No text of an editor, a file or a reader runs in a page, a feed or the data of a page, whatever it is made of."""

import json
from xml.etree import ElementTree as ET

import pytest
from django.test import Client, TestCase

from blog.text.markdown import render_markdown
from tests.factories import make_user
from tests.hostile.attacked import make_attacked
from tests.hostile.payloads import PAYLOADS
from tests.hostile.running import Running, visible

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
PLACES = ("{}", "> {}", "| a |\n|---|\n| {} |", "[{}](/x)", "![{}](/x.png)", "## {}")
LISTS = ("/", "/articles/", "/tags/", "/archive/", "/feeds/", "/2026/04/", "/2026/04/01/", "/search/?q=hit")
DESK = (
    *(f"/admin/blog/{model}/" for model in ("post", "tag", "author", "image", "category", "page", "permalink")),
    "/admin/",
)
FORMS = {
    "post": "title excerpt body tag_names key_points slug description canonical_url correction",
    "author": "name slug bio links",
    "tag": "name slug description",
    "page": "path title description body",
}


def test_parser_sees_what_the_payloads_are():
    assert len(PAYLOADS) >= 200
    assert len([payload for payload in PAYLOADS if Running(payload).found]) >= 120  # others break out of a place first


@pytest.mark.parametrize("place", PLACES)
def test_body_runs_nothing(place):
    found = {payload: Running(render_markdown(place.replace("{}", payload)).html).found for payload in PAYLOADS}
    assert {payload: runs for payload, runs in found.items() if runs} == {}


@pytest.mark.sqlite  # about templates
class EveryPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.posts = make_attacked()
        cls.editor = make_user(is_superuser=True)

    def page(self, path, client=None, **query):
        response = (client or Client()).get(path, query)
        assert response.status_code == 200, path
        page = Running(response.text)
        assert page.found == [], path
        return page

    def test_article_says_its_fields_and_runs_nothing(self):
        for post in self.posts:
            page = self.page(post.path)
            told = [node.get("headline") for block in page.data for node in json.loads(block)["@graph"]]
            assert post.title in told
            assert page.says.count(visible(post.title)) > 3, post.title
        for post in self.posts[::5]:
            for path in (f"{post.path}tate/", post.category.get_absolute_url(), post.author.get_absolute_url()):
                self.page(path)

    def test_lists_run_nothing(self):
        for path in LISTS:
            self.page(path)

    def test_searches_for_every_payload_run_nothing(self):
        for payload in PAYLOADS[::2]:
            response = Client().get("/search/", {"q": payload})
            assert response.status_code == (400 if "\0" in payload else 200)
            assert Running(response.text).found == []

    def test_feeds_are_whole_and_bring_nothing_that_runs(self):
        rss = ET.fromstring(Client().get("/feed.xml").content)
        bodies = [item.findtext(CONTENT) or "" for item in rss.iter("item")]
        bodies += [item["content_html"] for item in Client().get("/feed.json").json()["items"]]
        assert len(bodies) >= 2 * 20
        assert [found for body in bodies for found in Running(body).found] == []

    def test_desk_shows_them_as_text(self):
        desk = Client()
        desk.force_login(self.editor)
        for path in (*DESK, *(f"/admin/blog/post/{post.pk}/change/" for post in self.posts[::8])):
            found = Running(desk.get(path).text).found
            assert [what for what in found if "hit" in what] == [], path

    def test_refused_form_shows_what_was_typed(self):
        desk = Client()
        desk.force_login(self.editor)
        text = " ".join(post.title for post in self.posts)
        for model, fields in FORMS.items():
            response = desk.post(f"/admin/blog/{model}/add/", dict.fromkeys(fields.split(), text))
            assert response.status_code == 200, model
            page = Running(response.text)
            assert [what for what in page.found if "hit" in what] == [], model
            assert visible(text) in page.says, model

"""What every page promises, whatever it shows."""

from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.test import Client, TestCase

from tests.factories import make_user
from tests.views.pages import PAGES, Document, fill, queries

# About what every page promises: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LIST_BUDGET = 7
BUDGETS = {
    "home": 9,
    "article": 9,
    "bare article": 9,
    "search": 13,
    "search without hits": 25,
    "narrowed search": 15,
    "month": 8,
    "day": 8,
}
ARTICLES = ("article", "bare article", "static page")


@pytest.mark.parametrize("posts", [pytest.param(2, marks=pytest.mark.postgresql), 50])
def test_queries_stay_within_the_budget_whatever_the_number_of_rows(client, posts):
    fill(posts)
    counts = {kind: len(queries(client, path)) for kind, path in PAGES.items()}
    assert {kind: count for kind, count in counts.items() if count > BUDGETS.get(kind, LIST_BUDGET)} == {}


def test_nothing_depends_on_who_asks(client):
    fill(3)
    editor = Client()
    editor.force_login(make_user(is_superuser=True))
    for kind, path in PAGES.items():
        response = editor.get(path)
        assert response.content == client.get(path).content, kind
        assert not response.cookies, kind
        assert "cookie" not in response.get("Vary", "").lower(), kind
        assert not [sql for sql in queries(editor, path) if "auth_" in sql or "django_session" in sql], kind


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page_is_for_reading_only(method):
    fill(1)
    client = Client(enforce_csrf_checks=True)
    for kind in PAGES.keys() - {"404"}:
        response = getattr(client, method)(PAGES[kind])
        assert response.status_code == 405, kind
        assert "GET" in response["Allow"], kind


class TestHtml(TestCase):
    @classmethod
    def setUpTestData(cls):
        fill(24)
        cls.documents = {kind: Document(Client().get(path).text) for kind, path in PAGES.items()}

    def test_headings_begin_with_one_h1_and_skip_no_level(self):
        for kind, document in self.documents.items():
            levels = document.headings
            assert levels[0] == 1, kind
            assert levels.count(1) == 1, kind
            assert all(after <= before + 1 for before, after in pairwise(levels)), (kind, levels)

    def test_page_has_its_landmarks_and_tells_its_navigations_apart(self):
        for kind, document in self.documents.items():
            for landmark in ("header", "main", "footer"):
                assert document.all(landmark), (kind, landmark)
            assert len(document.all("main")) == 1, kind
            labels = [nav.get("aria-label") for nav in document.all("nav")]
            assert all(labels), kind
            assert len(set(labels)) == len(labels), (kind, labels)
            assert [form["role"] for form in document.all("form")] == ["search"], kind

    def test_ids_are_unique_and_references_to_them_lead_somewhere(self):
        for kind, document in self.documents.items():
            ids = document.ids
            assert len(set(ids)) == len(ids), (kind, ids)
            wanted = [
                attributes.get(name) for _, attributes in document.elements for name in ("for", "aria-labelledby")
            ]
            wanted += [unquote(link["href"][1:]) for link in document.all("a") if link["href"].startswith("#")]
            assert {name for name in wanted if name} <= set(ids), kind

    def test_page_has_no_inline_script_and_no_inline_style(self):
        for kind, document in self.documents.items():
            for script in document.all("script"):
                assert script.get("type") == "application/ld+json" or script["src"].startswith("/static/js/"), kind
            assert not document.all("style"), kind
            for tag, attributes in document.elements:
                assert not [name for name in attributes if name == "style" or name.startswith("on")], (kind, tag)

    def test_page_has_a_title_of_its_own(self):
        titles = {kind: document.title for kind, document in self.documents.items()}
        assert len(set(titles.values())) == len(titles)
        assert all(settings.SITE_NAME in title for title in titles.values())

    def test_search_and_404_are_not_for_search_engines(self):
        for kind in ("search form", "search", "search without hits", "narrowed search", "404"):
            assert "noindex" in [
                meta["content"] for meta in self.documents[kind].all("meta") if meta.get("name") == "robots"
            ]

    def test_every_link_within_the_site_answers_in_one_step(self):
        paths = set()
        for document in self.documents.values():
            for link in document.all("a"):
                parts = urlsplit(link["href"])
                if not parts.netloc and parts.path:
                    paths.add(parts._replace(fragment="").geturl())
        assert len(paths) > 50
        paths.remove("/today/")  # it leads to another edition every day
        wrong = {path: status for path in paths if (status := self.client.get(path).status_code) != 200}
        assert wrong == {}

    def test_current_section_is_marked(self):
        def marked(kind):
            return [
                (link["href"], link["aria-current"]) for link in self.documents[kind].all("a") if "aria-current" in link
            ]

        assert ("/category/markets/", "page") in marked("section")
        assert ("/category/markets/", "true") in marked("article")
        assert ("/about/", "page") in marked("static page")
        assert marked("home") == []

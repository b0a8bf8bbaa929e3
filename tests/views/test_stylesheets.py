"""What each page links to be dressed and moved by: few files, all there, a rule for every component, and all light."""

import re
from functools import cache
from random import Random

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client, TestCase

from blog.sample_posts import write_body
from tests.factories import make_post
from tests.views.pages import PAGES, Document, fill

# About templates and sheets: PostgreSQL makes the same pages in test_every_page.
pytestmark = pytest.mark.sqlite


def linked(document):
    sheets = [link["href"] for link in document.all("link") if link["rel"] == "stylesheet"]
    scripts = [script["src"] for script in document.all("script") if "src" in script]
    return sheets, scripts


@cache
def source(url):
    path = finders.find(url.removeprefix(settings.STATIC_URL))
    assert path, url
    with open(path, encoding="utf-8") as file:
        return file.read()


def weight(*texts):
    """In bytes, as it travels."""
    return sum(len(brotli.compress(text.encode(), quality=5)) for text in texts)


class LinkedTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        fill(24)
        cls.documents = {kind: Document(Client().get(path).text) for kind, path in PAGES.items()}

    def test_every_component_of_a_page_is_dressed_by_the_sheets_it_links(self):
        for kind, document in self.documents.items():
            rules = "".join(source(sheet) for sheet in linked(document)[0])
            dressed = {name.partition("__")[0] for name in re.findall(r"\.([a-z][\w-]*)", rules)}
            used = {name for _, attributes in document.elements for name in (attributes.get("class") or "").split()}
            assert {name.partition("__")[0] for name in used} - dressed == set(), kind

    def test_files_of_a_page_are_light(self):
        for kind, document in self.documents.items():
            sheets, scripts = linked(document)
            assert weight(*map(source, sheets)) <= 12_000, kind
            assert weight(*map(source, scripts)) <= 4_000, kind


@pytest.mark.django_db
def test_pages_are_light(client):
    fill(24)
    long = make_post(body=write_body(Random(1), 15_000))
    assert weight(client.get(long.get_absolute_url()).text) <= 25_000
    assert weight(client.get("/").text) <= 15_000

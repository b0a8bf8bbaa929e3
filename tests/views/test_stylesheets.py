"""What each page links to be dressed and moved by: few files, all there, and a rule for every class in the page."""

import re
from functools import cache

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.views.pages import PAGES, Document, fill

pytestmark = pytest.mark.django_db

MAX_FILES = 5  # with the page itself six requests


@pytest.fixture
def documents(client):
    fill(24)
    return {kind: Document(client.get(path).text) for kind, path in PAGES.items()}


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


def test_page_links_few_files_and_each_is_our_own_and_there(documents):
    for kind, document in documents.items():
        sheets, scripts = linked(document)
        assert sheets[0] == "/static/css/site.css", kind
        assert len(sheets + scripts) <= MAX_FILES, kind
        assert all(source(url) for url in sheets + scripts), kind


def test_every_component_of_a_page_is_dressed_by_the_sheets_it_links(documents):
    for kind, document in documents.items():
        rules = "".join(source(sheet) for sheet in linked(document)[0])
        dressed = {name.partition("__")[0] for name in re.findall(r"\.([a-z][\w-]*)", rules)}
        used = {name for _, attributes in document.elements for name in (attributes.get("class") or "").split()}
        assert {name.partition("__")[0] for name in used} - dressed == set(), kind

"""An address is said to answer if and only if the page itself does, and without the cost of the page."""

from urllib.parse import quote, urlsplit

import pytest
from django.http import QueryDict

from blog import urls
from blog.redirects.answering import FIXED, PAGED, ROWS, answering_url
from tests.factories import make_draft, make_image, make_scheduled
from tests.views.pages import PAGES, fill

pytestmark = pytest.mark.django_db

OTHERS = (
    "/category/none/",
    "/category/markets/?page=2",
    "/tags/none/",
    "/tags/半導体/?page=2",
    "/tags/秘密/",
    "/tags/半導体/feed.xml",
    "/authors/editors/feed.xml",
    "/feeds/markets.xml",
    "/feeds/none.xml",
    "/1999/",
    "/2026/04/31/",
    "/2026/04/01/none/",
    "/2026/13/45/full/",
    "/2026/04/?page=2",
    "/none/",
    "/preview/none/",
    "/favicon.ico",
)


def answers(address):
    parts = urlsplit(address)
    return answering_url(parts.path, QueryDict(parts.query)) is not None


def test_every_route_is_judged():
    assert {route.name for route in urls.urlpatterns} == {*FIXED} | PAGED.keys() | ROWS.keys()
    assert len(FIXED) + len(PAGED) + len(ROWS) == len(urls.urlpatterns)


def test_it_says_of_each_address_what_the_page_says(client):
    fill(24)
    make_draft(slug="hidden", tags=["秘密"])
    hidden = [make_scheduled(slug="scheduled"), make_draft(slug="draft")]
    addresses = [*PAGES.values(), *OTHERS, *(post.path for post in hidden if post.path), make_image().file.url]
    said = {address: answers(address) for address in addresses}
    found = {address: client.get(quote(address, safe="/?=&%")).status_code == 200 for address in addresses}
    assert said == found
    assert {True, False} <= {*said.values()}

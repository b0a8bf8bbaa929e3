"""An article that somebody paid for says so, wherever its title stands."""

import json
import re
from datetime import timedelta
from urllib.parse import quote

import pytest

from blog.editing.saving import save_post
from tests.factories import PUBLISHED_AT, make_post

# About how links are marked: PostgreSQL gets the same statements from other modules.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LABEL = '<span class="pr">PR</span> '


@pytest.fixture
def paid():
    return make_post(
        "広告の記事", slug="paid", tags=["半導体"], is_sponsored=True, body="[商品](https://shop.example/)"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/category/markets/",
        "/tags/半導体/",
        "/authors/editors/",
        "/2026/04/01/",
        "/search/?q=商品",  # of its text: in the title the word would be marked
        "/no/",
    ],
)
def test_label_stands_before_every_link_to_it(client, paid, path):
    text = client.get(quote(path, safe="/?=")).text
    links = re.findall(r"(.*)<a [^>]*>広告の記事</a>", text)
    assert links
    assert all(before.endswith(LABEL) for before in links)


def test_it_leads_its_section_only_if_there_is_nothing_else(client, paid):
    lead = '<h2 class="section-lead__title">{}<a '
    assert lead.format(LABEL) in client.get("/category/markets/").text
    make_post("前の記事", at=PUBLISHED_AT - timedelta(days=1))
    text = client.get("/category/markets/").text
    assert lead.format("") in text
    assert text.index(">前の記事</a>") < text.index(">広告の記事</a>")


def test_article_says_so_under_its_title_and_in_its_tab(client, paid):
    text = client.get(paid.get_absolute_url()).text
    assert "<title>【PR】広告の記事｜ALLFORCES</title>" in text
    assert re.search(f'広告の記事</h1>\\n<p class="article__pr">{LABEL}この記事は、広告主から', text)


def test_share_card_and_structured_data_say_so(client, paid):
    text = client.get(paid.get_absolute_url()).text
    assert '<meta property="og:title" content="【PR】広告の記事">' in text
    graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])["@graph"]
    (article,) = [node for node in graph if node["@id"].endswith("#article")]
    assert article["@type"] == ["Article", "AdvertiserContentArticle"]


def test_links_out_of_it_are_sponsored_from_its_next_save_on(client, paid):
    assert '<a href="https://shop.example/" rel="sponsored">商品</a>' in paid.body_html
    paid.is_sponsored = False
    assert '<a href="https://shop.example/">商品</a>' in save_post(paid).body_html

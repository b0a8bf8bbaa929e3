"""The article in vertical lines, as HTML."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from blog.editing.saving import add_alias
from tests.factories import make_post
from tests.views.pages import Document

pytestmark = pytest.mark.django_db


def test_article_leads_to_its_vertical_page_and_back(client):
    post = make_post("12の話", body="2026年の12月。\n", correction="訂正。", excerpt="10選。")
    path = post.get_absolute_url()
    assert client.get(path).text.count(f'href="{path}tate/" data-setting="tate">縦で読む</a>') == 1
    text = client.get(f"{path}tate/").text
    assert f'href="{path}" data-setting="yoko">横で読む</a>' in text
    assert '<h1 class="tate__title headline"><span class="tcy">12</span>の話</h1>' in text
    assert '<span class="upright">2026</span>年の<span class="tcy">12</span>月。' in text
    assert "訂正。" in text


def test_vertical_page_is_the_same_article_to_machines(client):
    post = make_post()
    document = Document(client.get(f"{post.get_absolute_url()}tate/").text)
    canonical = [link["href"] for link in document.all("link") if link["rel"] == "canonical"]
    assert canonical == [settings.SITE_URL + post.get_absolute_url()]
    assert document.headings[0] == 1
    assert not document.all("style")


def test_old_address_of_an_article_leads_to_its_vertical_page_too(client):
    post = make_post(slug="now")
    add_alias(post, "/2026/03/31/old/")
    response = client.get("/2026/03/31/old/tate/")
    assert (response.status_code, response["Location"]) == (301, "/2026/04/01/now/tate/")
    assert client.get("/2026/04/01/NOW/tate")["Location"] == "/2026/04/01/now/tate/"
    assert client.get("/2026/03/31/none/tate/").status_code == 404


def test_figures_stand_upright_in_what_is_around_the_text_too(client):
    post = make_post("古い話", at=timezone.now() - timedelta(days=800), correction="<b>12</b>月を7月に。")
    text = client.get(f"{post.get_absolute_url()}tate/").text
    assert '公開から<span class="tcy">2</span>年以上たった記事です。' in text
    assert '&lt;b&gt;<span class="tcy">12</span>&lt;/b&gt;月を<span class="tcy">7</span>月に。' in text

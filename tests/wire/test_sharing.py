from urllib.parse import parse_qs, urlsplit

import pytest

from blog.wire.sharing import sharing
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("title", ["普通の題", "R&D=50%、#1 + <b>？", "Q: 「なぜ」 " + "長" * 100])
def test_each_place_is_told_the_whole_address_and_the_whole_title(title):
    post = make_post(title, slug="生成ai")
    shared = sharing(post)
    assert shared.url == f"http://127.0.0.1:8000{post.get_absolute_url()}"
    for name, address in shared.links:
        parts = urlsplit(address)
        told = [value for values in parse_qs(parts.query, strict_parsing=True).values() for value in values]
        assert parts.scheme == "https", name
        assert told == ([shared.url] if name == "Facebook" else [shared.url, f"{title}｜ALLFORCES"]), name


def test_paid_article_is_passed_on_with_its_label():
    assert sharing(make_post("題", is_sponsored=True)).title == "【PR】題｜ALLFORCES"


def test_links_and_the_data_of_the_buttons_stand_escaped_in_the_page(client):
    text = client.get(make_post('"題"&<i>').get_absolute_url()).text
    assert 'data-title="&quot;題&quot;&amp;&lt;i&gt;｜ALLFORCES"' in text
    for host in ("x.com", "www.facebook.com", "social-plugins.line.me", "b.hatena.ne.jp"):
        assert f'<a href="https://{host}/' in text
    assert "<i>" not in text

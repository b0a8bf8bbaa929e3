import pytest

from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def test_published_page_shows_its_text(client):
    make_page("/about/company/", title="会社について", body="## 沿革\n\n本文。")
    response = client.get("/about/company/")
    assert ">会社について</h1>" in response.text
    assert '<h2 id="沿革">' in response.text


def test_footer_lists_pages_in_the_editors_order(client):
    make_page("/b/", title="二番目", footer_position=2)
    make_page("/a/", title="一番目", footer_position=1)
    make_page("/c/", title="載せない", footer_position=None)
    text = client.get("/feeds/").text
    assert text.index("一番目") < text.index("二番目")
    assert "載せない" not in text


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/category/markets/", "/feeds/markets.xml"),
        ("/tags/ai/", "/tags/ai/feed.xml"),
        ("/authors/editors/", "/authors/editors/feed.xml"),
    ],
)
def test_list_links_to_its_feed(client, path, feed):
    make_post(tags=["AI"])
    assert f'<p class="feed-link"><a href="{feed}"' in client.get(path).text

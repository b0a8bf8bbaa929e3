import pytest

from tests.factories import make_category, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def test_published_page_shows_its_text(client):
    make_page("/about/company/", title="会社について", body="## 沿革\n\n本文。")
    response = client.get("/about/company/")
    assert ">会社について</h1>" in response.text
    assert '<h2 id="沿革">' in response.text


def test_unpublished_page_is_404_for_everyone(client):
    make_page("/about/", is_published=False)
    assert client.get("/about/").status_code == 404
    client.force_login(make_user(is_superuser=True))
    assert client.get("/about/").status_code == 404


def test_footer_lists_pages_in_the_editors_order(client):
    make_page("/b/", title="二番目", footer_position=2)
    make_page("/a/", title="一番目", footer_position=1)
    make_page("/c/", title="載せない", footer_position=None)
    text = client.get("/feeds/").text
    assert text.index("一番目") < text.index("二番目")
    assert "載せない" not in text


@pytest.mark.parametrize("path", ["/feed.xml", "/feeds/markets.xml"])
def test_each_feed_stands_with_its_whole_address(client, path):
    make_category("市場", "markets")
    text = client.get("/feeds/").text
    assert f'<a href="{path}">' in text
    assert f"<code>http://127.0.0.1:8000{path}</code>" in text


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

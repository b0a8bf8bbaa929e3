import pytest

from tests.factories import make_category, make_page, make_user

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


def test_feeds_are_listed_for_people(client):
    make_category("市場", "markets")
    text = client.get("/feeds/").text
    assert '<a href="/feed.xml">' in text
    assert '<a href="/feeds/markets.xml">市場</a>' in text

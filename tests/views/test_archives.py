from datetime import UTC, date, datetime

import pytest

from tests.factories import PUBLISHED_AT, make_draft, make_post, make_scheduled

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive():
    """Slug: post. The second is of the evening in UTC, which is the next day in Tokyo."""
    times = {
        "new-year": datetime(2026, 1, 1, 3, tzinfo=UTC),
        "evening": datetime(2026, 3, 31, 16, tzinfo=UTC),
        "noon": PUBLISHED_AT,
        "last-year": datetime(2025, 12, 31, 3, tzinfo=UTC),
    }
    return {slug: make_post(slug=slug, at=at) for slug, at in times.items()}


@pytest.mark.parametrize(
    ("path", "slugs", "heading"),
    [
        ("/2026/", ["noon", "evening", "new-year"], "2026年"),
        ("/2026/04/", ["noon", "evening"], "2026年4月"),
        ("/2026/04/01/", ["noon", "evening"], "2026年4月1日"),
        ("/2025/", ["last-year"], "2025年"),
    ],
)
def test_span_holds_the_articles_of_its_days_in_tokyo(client, archive, path, slugs, heading):
    response = client.get(path)
    assert [post.slug for post in response.context["posts"]] == slugs
    assert response.context["heading"] == heading


@pytest.mark.parametrize(
    "path",
    ["/2024/", "/2026/02/", "/2026/04/02/", "/2026/13/", "/2026/00/", "/2026/02/30/", "/0000/", "/2026/4/", "/26/"],
)
def test_span_without_articles_or_without_sense_is_404(client, archive, path):
    assert client.get(path).status_code == 404


def test_article_is_filed_under_the_day_of_its_address(client):
    post = make_post(slug="loser")
    post.url_date = date(2026, 3, 31)
    post.save()
    assert client.get("/2026/03/31/").context["posts"] == [post]
    assert client.get("/2026/04/01/").status_code == 404


def test_index_counts_the_public_articles_of_each_month(client, archive):
    make_draft()
    make_scheduled()
    rows = client.get("/archive/").context["months"]
    assert [(f"{row.month:%Y-%m}", row.post_count) for row in rows] == [
        ("2026-04", 2),
        ("2026-01", 1),
        ("2025-12", 1),
    ]


def test_index_without_articles_says_so(client):
    assert "まだ記事がありません" in client.get("/archive/").text

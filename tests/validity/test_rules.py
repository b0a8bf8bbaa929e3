"""The rules find what is wrong; a site without a fault proves nothing otherwise."""

from datetime import UTC, datetime

import pytest

from tests.validity import rules

ORIGIN = "https://www.example.jp"
NOW = datetime(2026, 4, 1, tzinfo=UTC)
ITEM = (
    "<item><title>題</title><link>https://www.example.jp/a/</link><guid isPermaLink='false'>urn:a</guid>"
    "<pubDate>Wed, 01 Apr 2026 03:00:00 +0000</pubDate><content:encoded>本文</content:encoded></item>"
)
OLDER = ITEM.replace("urn:a", "urn:b").replace("Wed, 01 Apr", "Tue, 31 Mar")
FEED = (
    "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    "<channel><title>誌</title><link>https://www.example.jp/</link><description>説明</description>"
    f"<atom:link rel='self' href='{ORIGIN}/feed.xml'/>{ITEM}{OLDER}</channel></rss>"
)
SITEMAP = (
    "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    f"<url><loc>{ORIGIN}/a/</loc><lastmod>2026-03-31T09:00:00+09:00</lastmod></url><url><loc>{ORIGIN}/b/</loc></url></urlset>"
)


def feed_faults(xml):
    return rules.feed_faults(xml.encode(), f"{ORIGIN}/feed.xml")


def sitemap_faults(xml, kind="urlset"):
    return rules.sitemap_faults(xml.encode(), kind, ORIGIN, NOW)[0]


def test_right_feed_has_no_fault():
    assert feed_faults(FEED) == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("</rss>", "", "is not well-formed"),
        ("version='2.0'", "version='0.91'", "is no RSS 2.0"),
        ("<description>説明</description>", "", "has no description"),
        (f"href='{ORIGIN}/feed.xml'", f"href='{ORIGIN}/'", "says that it is at"),
        ("urn:b", "urn:a", "two items with the guid urn:a"),
        (ITEM + OLDER, OLDER + ITEM, "begin with the newest"),
        ("<title>題</title>", "", "has 0 times title"),
        ("<title>題</title>", "<title>題</title><title>題</title>", "has 2 times title"),
        ("<title>題</title>", "<title></title>", "has an empty title"),
        ("<link>https://www.example.jp/a/", "<link>/a/", "has no link"),
        (" isPermaLink='false'", "", "its guid is an address"),
        ("Wed, 01 Apr 2026", "2026年4月1日", "has no date"),
        (">本文<", ">&lt;a href='/b/'>b&lt;/a><", "relative address /b/"),
    ],
)
def test_wrong_feed_is_found_out(right, wrong, fault):
    assert right in FEED
    assert fault in " ".join(feed_faults(FEED.replace(right, wrong, 1)))


def test_right_sitemap_has_no_fault():
    assert sitemap_faults(SITEMAP) == []
    assert rules.sitemap_faults(SITEMAP.encode(), "urlset", ORIGIN, NOW)[1] == [f"{ORIGIN}/a/", f"{ORIGIN}/b/"]


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("</urlset>", "", "is not well-formed"),
        ("schemas/sitemap/0.9", "schemas/sitemap/1.0", "is no urlset"),
        (f"{ORIGIN}/b/", f"{ORIGIN}/a/", "stands twice"),
        (f"{ORIGIN}/b/", "/b/", "is no address of the site"),
        (f"{ORIGIN}/b/", "https://www.example.com/b/", "is no address of the site"),
        (f"{ORIGIN}/b/", f"{ORIGIN}/記事/", "is no address of the site"),
        (f"{ORIGIN}/b/", f"{ORIGIN}/{'b' * 2100}/", "is no address of the site"),
        ("2026-03-31T09:00:00+09:00", "2026-03-31 09:00", "is no past moment"),
        ("2026-03-31T09:00:00+09:00", "2026-04-02T09:00:00+09:00", "is no past moment"),
        ("<url>", "<sitemap/><url>", "holds {http://www.sitemaps.org/schemas/sitemap/0.9}sitemap"),
    ],
)
def test_wrong_sitemap_is_found_out(right, wrong, fault):
    assert right in SITEMAP
    assert fault in " ".join(sitemap_faults(SITEMAP.replace(right, wrong, 1)))


def test_sitemap_is_no_index_and_may_not_be_empty():
    assert sitemap_faults(SITEMAP, "sitemapindex") == ["is no sitemapindex"]
    assert sitemap_faults("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>") != []

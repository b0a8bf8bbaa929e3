"""The validators find what is wrong, so that a site without a fault says something."""

import json

import pytest

from tests.validity import standards

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja"><title>誌</title>
<link href="https://a.jp/" rel="alternate"/>
<link href="https://a.jp/atom.xml" rel="self"/><id>https://a.jp/</id><updated>2026-04-01T12:00:00+09:00</updated>
<entry><title>題</title><link href="https://a.jp/a/" rel="alternate"/><published>2026-04-01T12:00:00+09:00</published>
<updated>2026-04-01T12:00:00+09:00</updated><author><name>署名</name><uri>https://a.jp/b/</uri></author><id>urn:a</id>
<content type="html">本文</content></entry></feed>"""
RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>誌</title><link>https://a.jp/</link>
<description>説明</description><language>ja</language><ttl>15</ttl>
<atom:link rel="self" type="application/rss+xml" href="https://a.jp/feed.xml"/>
<item><title>題</title><link>https://a.jp/a/</link><dc:creator>署名</dc:creator><guid isPermaLink="false">urn:a</guid>
<pubDate>Wed, 01 Apr 2026 03:00:00 +0000</pubDate><atom:updated>2026-04-01T03:00:00Z</atom:updated>
<content:encoded>本文</content:encoded></item></channel></rss>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "誌",
    "home_page_url": "https://a.jp/",
    "feed_url": "https://a.jp/feed.json",
    "language": "ja",
    "items": [
        {
            "id": "urn:a",
            "url": "https://a.jp/a/",
            "title": "題",
            "content_html": "本文",
            "date_published": "2026-04-01T12:00:00+09:00",
            "date_modified": "2026-04-01T12:00:00+09:00",
            "authors": [{"name": "署名", "url": "https://a.jp/b/"}],
        }
    ],
}
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"
xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://a.jp/a/</loc><lastmod>2026-04-01T12:00:00+09:00</lastmod><n:news>
<n:publication><n:name>誌</n:name><n:language>ja</n:language></n:publication>
<n:publication_date>2026-04-01T12:00:00+09:00</n:publication_date><n:title>題</n:title></n:news>
<i:image><i:loc>https://a.jp/a.png</i:loc></i:image></url></urlset>"""


MISTAKES = {
    "atom": [("<id>urn:a</id>", ""), ("+09:00</updated>\n<entry>", "</updated>\n<entry>"), ("<uri>https:", "<uri>")],
    "rss": [("<ttl>15", "<ttl>soon"), ("01 Apr", "1 April"), (' isPermaLink="false"', ""), ("<title>題", "<title>")],
}


@pytest.mark.vnu
@pytest.mark.parametrize(("schema", "document"), [("atom", ATOM), ("rss", RSS)])
def test_jing_finds_what_is_wrong(schema, document, tmp_path):
    for number, (right, wrong) in enumerate([("", ""), *MISTAKES[schema]]):
        assert right in document
        file = tmp_path / f"{number}.xml"
        file.write_text(document.replace(right, wrong, 1))
        assert bool(standards.jing_faults(schema, [file])) == bool(number), (right, wrong)


@pytest.mark.parametrize("document", [ATOM, RSS])
def test_strict_reader_finds_what_is_wrong(document):
    kind = "application/xml; charset=utf-8"
    assert standards.parser_faults(document.encode(), kind) == []
    for right, wrong in [("本文<", "本文&nbsp;<"), ("署名", ""), ("urn:a", ""), ("本文", "\x01"), ("2026", "20xx")]:
        assert right in document
        assert standards.parser_faults(document.replace(right, wrong).encode(), kind), (right, wrong)


def test_schema_of_json_feed_finds_what_is_wrong():
    right = json.dumps(JSON, ensure_ascii=False)
    assert standards.json_faults(right.encode()) == []
    for good, bad in [('"version"', '"versions"'), ('"urn:a"', '""'), ("https://a.jp/a/", "/a/"), ("+09:00", "")]:
        assert good in right
        assert standards.json_faults(right.replace(good, bad).encode()), (good, bad)


def test_schema_of_sitemaps_finds_what_is_wrong():
    assert standards.xsd_faults(SITEMAP.encode()) == []
    for good, bad in [
        ("https://a.jp/a/", "/a/"),
        ("+09:00</lastmod>", "</lastmod>"),
        ("<n:title>題", "<n:title>"),
        ("<i:loc>", "<i:lok>"),
        ("</urlset>", ""),
        ("<url><loc>https://a.jp/a/</loc>", "<url>"),
    ]:
        assert good in SITEMAP
        assert standards.xsd_faults(SITEMAP.replace(good, bad).encode()), (good, bad)

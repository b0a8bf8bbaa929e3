"""The sitemap, read as a crawler reads it."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import TestCase

from blog.editing.saving import save_post
from blog.models import Image
from tests.factories import (
    PUBLISHED_AT,
    make_author,
    make_category,
    make_draft,
    make_image,
    make_in_review,
    make_page,
    make_post,
    make_scheduled,
    make_unpublished,
)

pytestmark = pytest.mark.sqlite

SITE = "http://127.0.0.1:8000"
NAMESPACE = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
NOON = "2026-04-01T12:00:00+09:00"


class SitemapTestCase(TestCase):
    def read(self, path):
        """{address: lastmod} of a sitemap or an index, in its order."""
        response = self.client.get(path)
        assert response.status_code == 200, path
        assert response["Content-Type"] == "application/xml; charset=utf-8"
        root = ElementTree.fromstring(response.content)
        rows = root.findall("s:url", NAMESPACE) or root.findall("s:sitemap", NAMESPACE)
        return {row.findtext("s:loc", None, NAMESPACE): row.findtext("s:lastmod", None, NAMESPACE) for row in rows}


class IndexTest(SitemapTestCase):
    def test_one_file_for_the_lists_and_one_for_each_month(self):
        make_post(at=PUBLISHED_AT - timedelta(days=40))
        make_post()
        index = self.read("/sitemap.xml")
        assert index == {
            f"{SITE}/sitemaps/pages.xml": NOON,
            f"{SITE}/sitemaps/posts-2026-04.xml": NOON,
            f"{SITE}/sitemaps/posts-2026-02.xml": "2026-02-20T12:00:00+09:00",
        }
        for address in index:
            assert self.read(address.removeprefix(SITE))

    @pytest.mark.postgresql
    def test_month_is_that_of_the_address_in_tokyo(self):
        make_post(at=datetime(2026, 3, 31, 15, 30, tzinfo=UTC), slug="midnight")
        assert f"{SITE}/sitemaps/posts-2026-04.xml" in self.read("/sitemap.xml")
        assert f"{SITE}/2026/04/01/midnight/" in self.read("/sitemaps/posts-2026-04.xml")

    def test_change_dates_only_the_file_it_is_in(self):
        make_post(at=PUBLISHED_AT - timedelta(days=40))
        post = make_post()
        before = self.read("/sitemap.xml")
        with time_machine.travel(datetime(2026, 5, 2, 0, 0, tzinfo=UTC), tick=False):
            post.body = "直した本文です。\n"
            save_post(post)
        after = self.read("/sitemap.xml")
        assert after[f"{SITE}/sitemaps/posts-2026-04.xml"] == "2026-05-02T09:00:00+09:00"
        for file in ("pages", "posts-2026-02"):
            assert after[f"{SITE}/sitemaps/{file}.xml"] == before[f"{SITE}/sitemaps/{file}.xml"]


class PostsTest(SitemapTestCase):
    path, month = "/sitemaps/posts-2026-04.xml", f"{SITE}/2026/04/"

    def articles(self):
        return [address for address in self.read(self.path) if address != self.month]

    def test_section_that_does_not_exist_is_not_found(self):
        make_post()
        for section in (
            "posts",
            "posts-2026-05",
            "posts-2026-13",
            "posts-0000-01",
            "posts-2026-4",
            "news",
            "..",
            "%00",
        ):
            assert self.client.get(f"/sitemaps/{section}.xml").status_code == 404, section

    def test_lead_picture_stands_with_its_article(self):
        make_post(slug="a", lead_image=make_image())
        make_post(slug="b", share_image=make_image("blue"))  # which the page does not show
        root = ElementTree.fromstring(self.client.get(self.path).content)
        pictures = [url.findtext("image:image/image:loc", None, NAMESPACE) for url in root]
        assert pictures == [None, f"{SITE}{Image.objects.earliest('pk').file.url}", None]


class NewsTest(SitemapTestCase):
    path = "/sitemaps/news.xml"

    def setUp(self):
        traveller = time_machine.travel(PUBLISHED_AT + timedelta(hours=50), tick=False)
        traveller.start()
        self.addCleanup(traveller.stop)

    def test_articles_of_two_days_are_news_newest_first(self):
        make_post("古い記事", at=PUBLISHED_AT + timedelta(hours=2))
        for number in (3, 49):
            make_post(f"題{number} & <b>", slug=f"a{number}", at=PUBLISHED_AT + timedelta(hours=number))
        root = ElementTree.fromstring(self.client.get(self.path).content)
        newest, oldest = root.findall("s:url/news:news", NAMESPACE)
        assert newest.findtext("news:title", None, NAMESPACE) == "題49 & <b>"
        assert newest.findtext("news:publication/news:name", None, NAMESPACE) == "ALLFORCES"
        assert newest.findtext("news:publication/news:language", None, NAMESPACE) == "ja"
        assert newest.findtext("news:publication_date", None, NAMESPACE) == "2026-04-03T13:00:00+09:00"
        assert oldest.findtext("news:title", None, NAMESPACE) == "題3 & <b>"
        assert f"{SITE}{self.path}" in self.read("/sitemap.xml")

    def test_what_is_no_news_is_left_out(self):
        recently = {"at": PUBLISHED_AT + timedelta(hours=49)}
        for fields in (
            {"noindex": True},
            {"in_sitemap": False},
            {"canonical_url": "https://elsewhere.example/first/"},
            {"is_sponsored": True},
        ):
            make_post(**recently, **fields)
        for maker in (make_draft, make_in_review, make_scheduled):
            maker()
        make_unpublished(**recently)
        assert self.client.get(self.path).status_code == 404
        assert f"{SITE}{self.path}" not in self.read("/sitemap.xml")


class ListsTest(SitemapTestCase):
    path = "/sitemaps/pages.xml"

    def test_lists_of_public_articles_are_dated_by_the_newest_but_for_tags(self):
        make_post(at=PUBLISHED_AT - timedelta(days=1), category=make_category("技術", "tech"), tags=["生成AI", "共通"])
        make_post(author=make_author("速報班", "desk"), tags=["共通"], noindex=True)
        for maker in (make_draft, make_in_review, make_scheduled, make_unpublished):
            maker(tags=["秘密"], category=make_category("準備中", "soon"), author=make_author("新人", "newcomer"))
        with time_machine.travel(datetime(2026, 2, 1, 0, 0, tzinfo=UTC), tick=False):
            make_page("/about/")
            make_page("/secret/", is_published=False)
        day_before = "2026-03-31T12:00:00+09:00"
        lists = self.read(self.path)
        assert lists == {
            f"{SITE}/": NOON,
            f"{SITE}/articles/": NOON,
            f"{SITE}/archive/": NOON,
            f"{SITE}/tags/": NOON,
            f"{SITE}/category/markets/": NOON,
            f"{SITE}/category/tech/": day_before,
            f"{SITE}/authors/desk/": NOON,
            f"{SITE}/authors/editors/": day_before,
            f"{SITE}/tags/%E5%85%B1%E9%80%9A/": None,
            f"{SITE}/tags/%E7%94%9F%E6%88%90ai/": None,
            f"{SITE}/about/": "2026-02-01T09:00:00+09:00",
        }
        for address in lists:
            assert self.client.get(address.removeprefix(SITE)).status_code == 200, address

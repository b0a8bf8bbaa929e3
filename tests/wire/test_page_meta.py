"""What the head of each page tells machines, read from the page itself."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import transaction
from django.test import TestCase, override_settings

from blog.editing.saving import save_post
from blog.models import Author, Category, Image, Post
from blog.pictures.cards import card_name
from tests.factories import PUBLISHED_AT, make_author, make_category, make_page, make_post

SITE = "http://127.0.0.1:8000"


class Head(HTMLParser):
    """Metas, links and data blocks of a page."""

    def __init__(self, html):
        super().__init__()
        self.metas, self.links, self.data, self.in_data = {}, [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta" and "content" in attrs:
            self.metas.setdefault(attrs.get("name") or attrs.get("property"), []).append(attrs["content"])
        elif tag == "link":
            self.links.append(attrs)
        self.in_data = tag == "script" and attrs.get("type") == "application/ld+json"

    def handle_data(self, data):
        if self.in_data:
            self.data.append(json.loads(data))
            self.in_data = False

    def meta(self, name):
        values = self.metas.get(name, [])
        assert len(values) < 2, (name, values)
        return values[0] if values else None

    def canonical(self):
        (link,) = [link for link in self.links if link["rel"] == "canonical"]
        return link["href"]

    def things(self):
        """The graph of the page: its nodes by their first type, and that of a byline as `author`."""
        (data,) = self.data
        found = {}
        for node in data["@graph"]:
            kind = node["@type"] if isinstance(node["@type"], str) else node["@type"][0]
            found["author" if node["@id"].endswith("#author") else kind] = node
        assert len(found) == len(data["@graph"])
        return found

    def trail(self):
        return [(step["name"], step["item"]) for step in self.things()["BreadcrumbList"]["itemListElement"]]

    def feeds(self):
        """Title and address of those in RSS."""
        return [(link["title"], link["href"]) for link in self.links if link.get("type") == "application/rss+xml"]


def picture(name, **fields):
    return Image.objects.create(file=f"images/{name}.png", width=1200, height=630, source_digest=name, **fields)


class HeadTestCase(TestCase):
    def head(self, path, **query):
        response = self.client.get(path, query)
        assert response.status_code == 200, path
        return Head(response.content.decode())


class PostHeadTest(HeadTestCase):
    def test_share_card_has_what_it_shows(self):
        post = make_post("題", tags=["日銀", "金利"], share_image=picture("card"), lead_image=picture("lead"))
        with time_machine.travel(datetime(2026, 4, 3, 0, 0, tzinfo=UTC), tick=False):
            post.body = "続報です。\n"
            save_post(post)
        head = self.head(post.get_absolute_url())
        assert head.meta("og:type") == "article"
        assert head.meta("og:title") == "題"
        assert head.meta("og:site_name") == "ALLFORCES"
        assert head.meta("og:image") == f"{SITE}/media/images/card.png"
        assert (head.meta("og:image:width"), head.meta("og:image:height")) == ("1200", "630")
        assert head.meta("twitter:card") == "summary_large_image"
        assert head.meta("article:published_time") == "2026-04-01T12:00:00+09:00"
        assert head.meta("article:modified_time") == "2026-04-03T09:00:00+09:00"
        assert head.meta("article:section") == "市場"
        assert head.metas["article:tag"] == ["日銀", "金利"]

    def test_picture_of_the_site_stands_in_where_an_article_has_none(self):
        head = self.head(make_post().get_absolute_url())
        assert head.meta("og:image") == f"{SITE}/static/img/share.png"
        assert (head.meta("og:image:width"), head.meta("og:image:height")) == ("1200", "630")
        assert head.meta("og:image:alt") == "ALLFORCES"
        assert head.meta("twitter:card") == "summary_large_image"
        assert "image" not in head.things()["NewsArticle"]

    def test_card_is_shared_as_long_as_it_says_what_the_article_says(self):
        post = make_post("題", is_sponsored=True)
        Post.objects.update(card=card_name(post))
        head = self.head(post.get_absolute_url())
        assert head.meta("og:image") == f"{SITE}/media/{card_name(post)}"
        assert (head.meta("og:image:width"), head.meta("og:image:height")) == ("1200", "630")
        assert head.meta("og:image:alt") == "【PR】題"
        assert head.things()["Article"]["image"] == [
            {"@type": "ImageObject", "url": f"{SITE}/media/{card_name(post)}", "width": 1200, "height": 630}
        ]
        for change in (
            lambda: Post.objects.update(title="別の題"),
            lambda: Category.objects.update(name="別の名"),
            lambda: Author.objects.update(name="別の名"),
            lambda: Post.objects.update(lead_image=picture("lead")),
        ):
            with transaction.atomic():
                change()
                head = self.head(post.get_absolute_url())
                transaction.set_rollback(True)
            assert "/media/cards/" not in head.meta("og:image")
            assert "/media/cards/" not in str(head.data)

    def test_feeds_of_the_site_and_of_its_section_are_found(self):
        assert self.head(make_post().get_absolute_url()).feeds() == [
            ("ALLFORCES", f"{SITE}/feed.xml"),
            ("市場｜ALLFORCES", f"{SITE}/feeds/markets.xml"),
        ]

    def test_structured_data_says_what_the_page_says(self):
        post = make_post("題", slug="a", excerpt="要点です。", tags=["日銀"], lead_image=picture("lead"))
        head = self.head(post.get_absolute_url())
        things = head.things()
        address = f"{SITE}/2026/04/01/a/"
        assert things["NewsArticle"] == {
            "@type": "NewsArticle",
            "@id": f"{address}#article",
            "url": address,
            "mainEntityOfPage": {"@id": address},
            "headline": "題",
            "description": "要点です。",
            "inLanguage": "ja",
            "isAccessibleForFree": True,
            "datePublished": "2026-04-01T12:00:00+09:00",
            "dateModified": "2026-04-01T12:00:00+09:00",
            "articleSection": "市場",
            "keywords": ["日銀"],
            "author": {
                "@type": "Organization",
                "@id": f"{SITE}/authors/editors/#author",
                "name": "編集部",
                "url": f"{SITE}/authors/editors/",
            },
            "publisher": {"@id": f"{SITE}/#publisher"},
            "image": [{"@type": "ImageObject", "url": f"{SITE}/media/images/lead.png", "width": 1200, "height": 630}],
        }
        assert things["WebPage"]["mainEntity"] == {"@id": f"{address}#article"}
        assert things["WebPage"]["breadcrumb"] == {"@id": things["BreadcrumbList"]["@id"]}
        assert head.trail() == [("ホーム", f"{SITE}/"), ("市場", f"{SITE}/category/markets/"), ("題", address)]


@pytest.mark.sqlite
class ListHeadTest(HeadTestCase):
    def test_lists_have_their_own_address_description_and_feed(self):
        make_post(
            tags=["生成AI"],
            category=make_category("市場", "markets", description="株式、\n債券、為替。"),
            author=make_author("編集部", "editors", bio="雑誌をつくっています。"),
        )
        for path, title, description, feed in [
            ("/category/markets/", "市場", "株式、 債券、為替。", "/feeds/markets.xml"),
            ("/authors/editors/", "編集部", "雑誌をつくっています。", "/authors/editors/feed.xml"),
            (
                "/tags/%E7%94%9F%E6%88%90ai/",
                "生成AI",
                "「生成AI」に関する記事の一覧です。",
                "/tags/%E7%94%9F%E6%88%90ai/feed.xml",
            ),
        ]:
            head = self.head(path)
            assert head.canonical() == SITE + path
            assert head.meta("og:title") == title
            assert head.meta("og:type") == "website"
            assert head.meta("description") == head.meta("og:description") == description
            assert head.feeds() == [("ALLFORCES", f"{SITE}/feed.xml"), (f"{title}｜ALLFORCES", SITE + feed)]

    def test_further_page_of_a_list_is_its_own_original(self):
        for number in range(51):
            make_post(at=PUBLISHED_AT - timedelta(hours=number))
        for path in ("/category/markets/", "/authors/editors/", "/articles/"):
            head = self.head(path, page="2")
            assert head.canonical() == f"{SITE}{path}?page=2"
            assert head.meta("description").endswith("（2ページ目）")
            listed, name = head.things()["CollectionPage"], self.head(path).meta("og:title")
            assert listed["url"] == head.canonical()
            assert head.meta("og:title") == listed["name"] == f"{name}（2ページ目）"
            assert head.trail()[-1] == (listed["name"], head.canonical())
        assert self.head("/").canonical() == f"{SITE}/"

    def test_lists_say_what_they_are_and_how_they_are_reached(self):
        make_post(tags=["AI"])
        make_page("/about/", "運営について")
        section, archive = ("市場", f"{SITE}/category/markets/"), ("アーカイブ", f"{SITE}/archive/")
        month = ("2026年4月", f"{SITE}/2026/04/")
        for path, kind, trail in [
            ("/category/markets/", "CollectionPage", [section]),
            ("/tags/ai/", "CollectionPage", [("タグ", f"{SITE}/tags/"), ("AI", f"{SITE}/tags/ai/")]),
            (
                "/authors/editors/",
                "ProfilePage",
                [("編集部", f"{SITE}/authors/editors/")],
            ),
            ("/archive/", "CollectionPage", [archive]),
            ("/2026/04/", "CollectionPage", [archive, month]),
            ("/2026/04/01/", "CollectionPage", [archive, month, ("2026年4月1日", f"{SITE}/2026/04/01/")]),
            ("/about/", "WebPage", [("運営について", f"{SITE}/about/")]),
            ("/search/", "SearchResultsPage", [("検索", f"{SITE}/search/")]),
        ]:
            head = self.head(path)
            assert kind in head.things(), path
            assert head.trail() == [("ホーム", f"{SITE}/"), *trail], path

    def test_author_is_described_on_their_own_page(self):
        user, avatar = User.objects.create_user("writer"), picture("face")
        links = "公式 https://example.jp/\nX https://x.com/a"
        make_post(author=make_author("署名", "writer", user=user, bio="記者。\n東京在住。", links=links, avatar=avatar))
        things = self.head("/authors/writer/").things()
        author = things["author"]
        assert things["ProfilePage"]["mainEntity"] == {"@id": author["@id"]}
        assert (author["@type"], author["description"]) == ("Person", "記者。 東京在住。")
        assert author["sameAs"] == ["https://example.jp/", "https://x.com/a"]
        assert author["image"]["url"] == f"{SITE}/media/images/face.png"

    @override_settings(SITE_URL="https://www.example.jp", ALLOWED_HOSTS=["other.example"])
    def test_addresses_follow_the_site_not_the_request(self):
        post = make_post(tags=["AI"])
        for path in ("/", post.get_absolute_url(), "/tags/ai/", "/archive/", "/search/"):
            response = self.client.get(path, headers={"host": "other.example"}, secure=True)
            assert Head(response.content.decode()).canonical() == f"https://www.example.jp{path}"
            assert "other.example" not in response.content.decode()

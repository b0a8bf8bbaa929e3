"""The feeds, read as a feed reader reads them: by an XML parser."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import TestCase, override_settings
from django.utils.http import http_date

from blog.editing.amendments import amend, newest_read
from blog.editing.saving import save_post
from blog.models import Image, Post
from blog.wire.feeds import PAGE
from tests.factories import (
    PUBLISHED_AT,
    make_author,
    make_category,
    make_post,
    make_scheduled,
    make_user,
)

pytestmark = pytest.mark.sqlite

SITE = "http://127.0.0.1:8000"
ATOM, CONTENT, DC = (
    "{http://www.w3.org/2005/Atom}",
    "{http://purl.org/rss/1.0/modules/content/}",
    "{http://purl.org/dc/elements/1.1/}",
)


def channel_of(response):
    assert response.status_code == 200
    return ElementTree.fromstring(response.content).find("channel")


class FeedTestCase(TestCase):
    def channel(self, path="/feed.xml", **headers):
        return channel_of(self.client.get(path, headers=headers))

    def titles(self, path="/feed.xml"):
        return [item.findtext("title") for item in self.channel(path).findall("item")]


class ChannelTest(FeedTestCase):
    def test_channel_describes_the_site(self):
        post = make_post()
        response = self.client.get("/feed.xml")
        channel = channel_of(response)
        assert response["Content-Type"] == "application/xml; charset=utf-8"
        assert channel.findtext("title") == "ALLFORCES"
        assert channel.findtext("link") == f"{SITE}/"
        assert channel.findtext("description").startswith("AIと投資を")
        assert channel.findtext("language") == "ja"
        assert channel.findtext("ttl") == "15"
        assert parsedate_to_datetime(channel.findtext("lastBuildDate")) == post.updated_at
        own = channel.find(f"{ATOM}link")
        assert own.attrib == {"rel": "self", "type": "application/rss+xml", "href": f"{SITE}/feed.xml"}

    def test_section_tag_and_author_have_their_own_feeds(self):
        make_post("市場の記事", category=make_category("市場", "markets", description="相場の話。"))
        make_post(
            "技術の記事", category=make_category("技術", "tech"), tags=["生成AI"], author=make_author("速報班", "desk")
        )
        for path, title, description, page, found in [
            ("/feeds/markets.xml", "市場｜ALLFORCES", "相場の話。", "/category/markets/", "市場の記事"),
            (
                "/feeds/tech.xml",
                "技術｜ALLFORCES",
                "ALLFORCESの「技術」の記事一覧です。",
                "/category/tech/",
                "技術の記事",
            ),
            (
                "/tags/%E7%94%9F%E6%88%90ai/feed.xml",
                "生成AI｜ALLFORCES",
                "「生成AI」に関する記事の一覧です。",
                "/tags/%E7%94%9F%E6%88%90ai/",
                "技術の記事",
            ),
            (
                "/authors/desk/feed.xml",
                "速報班｜ALLFORCES",
                "速報班が書いた記事の一覧です。",
                "/authors/desk/",
                "技術の記事",
            ),
        ]:
            channel = self.channel(path)
            assert channel.findtext("title") == title
            assert channel.findtext("description") == description
            assert channel.findtext("link") == SITE + page
            assert channel.find(f"{ATOM}link").get("href") == SITE + path
            assert self.titles(path) == [found]

    @override_settings(SITE_URL="https://www.example.jp", ALLOWED_HOSTS=["testserver", "other.example"])
    def test_addresses_follow_the_site_not_the_request(self):
        make_post(body="[内部](/about/)\n", tags=["AI"])
        for path in ("/feed.xml", "/feeds/markets.xml", "/tags/ai/feed.xml", "/authors/editors/feed.xml"):
            text = self.client.get(path, headers={"host": "other.example"}).content.decode()
            assert "other.example" not in text
            assert "https://www.example.jp/about/" in text


class ItemTest(FeedTestCase):
    def item(self, path="/feed.xml", **fields):
        post = make_post(**fields)
        return post, self.channel(path).find("item")

    def test_item_carries_what_a_reader_app_shows(self):
        post, item = self.item(title="日銀が利上げ", slug="利上げ", excerpt="要点<です>。", tags=["日銀", "金利"])
        address = f"{SITE}/2026/04/01/%E5%88%A9%E4%B8%8A%E3%81%92/"
        assert item.findtext("title") == "日銀が利上げ"
        assert item.findtext("link") == address
        assert item.findtext("description") == "要点&lt;です&gt;。"
        assert item.findtext("pubDate") == "Wed, 01 Apr 2026 03:00:00 +0000"
        assert item.findtext(f"{DC}creator") == "編集部"
        assert [category.text for category in item.findall("category")] == ["市場", "日銀", "金利"]
        assert item.find("guid").text == post.guid
        assert item.find("guid").get("isPermaLink") == "false"
        assert item.find("author") is None

    def test_item_has_its_title_in_parts_and_its_day_for_who_opens_the_feed_in_a_browser(self):
        _, item = self.item(title="データセンターの電力を読む｜電気代は費用の何割か")
        shown = [item.findtext(f"{{{PAGE}}}{name}") for name in ("head", "deck", "day")]
        assert shown == ["データセンターの電力を読む", "電気代は費用の何割か", "2026年4月1日"]

    def test_imported_guid_stays_as_it_was(self):
        guid = "https://old.example/2025/11/30/%E5%88%A9%E4%B8%8A%E3%81%92/"
        _, item = self.item(guid=guid)
        assert item.findtext("guid") == guid

    @pytest.mark.postgresql
    def test_text_is_whole_and_its_addresses_too(self):
        body = "## 見出し\n\n[前](/2026/01/01/x/?a=1&b=2#y) [節](#見出し) [外](https://example.com/)\n\n終わりの段落です。\n"
        _, item = self.item(slug="a", body=body)
        content = item.findtext(f"{CONTENT}encoded")
        assert f'href="{SITE}/2026/01/01/x/?a=1&amp;b=2#y"' in content
        assert f'href="{SITE}/2026/04/01/a/#%E8%A6%8B%E5%87%BA%E3%81%97"' in content
        assert 'href="https://example.com/"' in content
        assert "終わりの段落です。" in content
        assert 'href="/' not in content

    def test_picture_correction_and_notice_stand_with_the_text(self):
        image = Image.objects.create(
            file="images/a.png",
            width=800,
            height=450,
            source_digest="d",
            alt='棒"グラフ',
            caption="推移",
            credit="編集部",
        )
        category = make_category("投資", "invest", notice="投資は自己責任で。")
        _, item = self.item(lead_image=image, correction="数字を<直し>ました。", category=category)
        content = item.findtext(f"{CONTENT}encoded")
        assert f'src="{SITE}/media/images/a.png"' in content
        assert 'alt="棒&quot;グラフ" width="800" height="450"' in content
        assert "推移（編集部）" in content
        assert "数字を&lt;直し&gt;ました。" in content
        assert content.index("本文です。") < content.index("投資は自己責任で。")

    @pytest.mark.postgresql
    def test_nothing_that_can_be_typed_breaks_the_feed(self):
        odd = "]]> <script>alert(1)</script> & 😀 \x00\x0b\x1f\ufffe\uffff end"
        if_stored = odd.replace("\x00", "")  # no database of ours stores NUL
        post = make_post("題", tags=["札"], category=make_category("部", "odd"), author=make_author("名", "odd"))
        # Past every form, as an import or a shell might.
        Post.objects.filter(pk=post.pk).update(title=if_stored, excerpt=if_stored, body_html=if_stored, guid=if_stored)
        for row in (post.category, post.author, post.tag_list[0]):
            type(row).objects.filter(pk=row.pk).update(name=if_stored)
        clean = "]]> <script>alert(1)</script> & 😀  end"
        for path in ("/feed.xml", "/feeds/odd.xml", "/tags/%E6%9C%AD/feed.xml", "/authors/odd/feed.xml"):
            item = self.channel(path).find("item")
            assert item.findtext("title") == clean
            assert item.findtext(f"{DC}creator") == clean
            assert [category.text for category in item.findall("category")] == [clean, clean]
            assert "😀  end" in item.findtext(f"{CONTENT}encoded")
            assert "<script" not in item.findtext("description")


class ChoiceTest(FeedTestCase):
    @pytest.mark.postgresql
    def test_thirty_newest_articles_newest_first(self):
        for number in range(32):
            make_post(f"第{number}号", at=PUBLISHED_AT + timedelta(hours=number))
        assert self.titles() == [f"第{number}号" for number in range(31, 1, -1)]

    def test_noindex_is_for_search_engines_not_for_subscribers(self):
        make_post("限定", noindex=True)
        assert self.titles() == ["限定"]


class PollTest(FeedTestCase):
    """What a conditional request is told; every answer must be true."""

    paths = (
        "/feed.xml",
        "/atom.xml",
        "/feed.json",
        "/feeds/markets.xml",
        "/tags/ai/feed.xml",
        "/authors/editors/feed.xml",
    )

    def setUp(self):
        make_post("残る", at=PUBLISHED_AT - timedelta(days=1), tags=["AI"])
        self.post = make_post("初報", tags=["AI"])
        self.polled_at = PUBLISHED_AT + timedelta(hours=1)

    def etags(self):
        with time_machine.travel(self.polled_at, tick=False):
            return {path: self.client.get(path)["ETag"] for path in self.paths}

    def poll(self, etags, at):
        with time_machine.travel(at, tick=False):
            return {path: self.client.get(path, headers={"if-none-match": etags[path]}) for path in self.paths}

    def test_withdrawn_article_is_news(self):
        etags = self.etags()
        self.post.unpublish()
        save_post(self.post)
        for path, answer in self.poll(etags, self.polled_at).items():
            assert answer.status_code == 200, path
            assert "初報" not in answer.content.decode()

    @pytest.mark.postgresql
    def test_scheduled_article_is_news_when_it_is_due_and_not_before(self):
        due = self.polled_at + timedelta(hours=2)
        with time_machine.travel(self.polled_at, tick=False):
            make_scheduled("予定", after=timedelta(hours=2), tags=["AI"])
        etags = self.etags()
        for answer in self.poll(etags, due - timedelta(seconds=1)).values():
            assert answer.status_code == 304
        for path, answer in self.poll(etags, due).items():
            assert "予定" in answer.content.decode(), path

    def test_date_alone_never_brings_a_wrong_304(self):
        self.post.unpublish()
        save_post(self.post)
        for path in self.paths:
            response = self.client.get(path, headers={"if-modified-since": http_date(self.polled_at.timestamp())})
            assert response.status_code == 200, path
            assert "Last-Modified" not in response


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/feed.xml", 2),
        ("/atom.xml", 2),
        ("/feed.json", 2),
        ("/feeds/markets.xml", 3),
        ("/tags/ai/feed.xml", 3),
        ("/authors/editors/feed.xml", 3),
    ],
)
@pytest.mark.parametrize("posts", [1, 12])
@pytest.mark.parametrize("amended", [0, 1])
def test_number_of_queries_does_not_grow(client, django_assert_num_queries, path, queries, posts, amended):
    """Where readers were told of a change of an article, it takes one more."""
    for number in range(posts):
        post = make_post(tags=["AI", f"札{number}"])
    if amended:
        editor = make_user("editor", is_superuser=True)
        post.body = "直した本文。"
        save_post(post, by=editor)
        amend(newest_read(post), kind="correction", note="直した。", by=editor)
    with django_assert_num_queries(queries + amended):
        assert client.get(path).status_code == 200


@pytest.mark.django_db
def test_feeds_name_their_hub_if_there_is_one(client, settings):
    make_post(tags=["日銀"])
    paths = ("/feed.xml", "/atom.xml", "/feed.json", "/tags/%E6%97%A5%E9%8A%80/feed.xml")
    for path in paths:
        response = client.get(path)
        assert "hub" not in response.content.decode()
        assert "Link" not in response
    settings.WEBSUB_HUB = hub = "https://hub.example/?a=1&b=2"
    for path in paths:
        response = client.get(path)
        assert response["Link"] == f'<{hub}>; rel="hub", <{SITE}{path}>; rel="self"'
        if path.endswith(".json"):
            assert response.json()["hubs"] == [{"type": "WebSub", "url": hub}]
        else:
            links = [link.attrib for link in ElementTree.fromstring(response.content).iter(f"{ATOM}link")]
            assert {"rel": "hub", "href": hub} in links
            assert f"{SITE}{path}" in [link["href"] for link in links if link.get("rel") == "self"]

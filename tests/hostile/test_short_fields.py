"""Every attack in every short text is shown as the text that it is, and adds nothing to a page but text.

What the templates write is learnt from the same pages with plain words. The payloads share texts, so that a page is
made for a few of them and not for each; `test_payloads` gives each of them alone to the body, and to the search in
questions that are read as each alone.
"""

import json
from collections.abc import Iterable, Iterator
from unittest import mock
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client, RequestFactory, TestCase

from blog.models import Post
from blog.text.markdown import render_markdown
from blog.text.phrases import MAX_CHARS
from blog.views.base import PostListView
from blog.wire.feeds.formats import FullTextAtom, FullTextRss, JsonFeed
from blog.wire.feeds.views import CategoryFeed
from tests.factories import make_user
from tests.hostile.filled import AT_ONCE, OF_REVISION, fill, joined, write_to_colleagues
from tests.hostile.payloads import PAYLOADS
from tests.hostile.running import Written, visible

# Three times as long as a name may be, which means nothing to SQLite or a template, so that a page is made for nine
# payloads and not for three. A longer title would not be set in phrases.
TEXTS = joined(PAYLOADS, longest=MAX_CHARS)
# As long as the longest attack, with the colon that parts a headline, and enough for two pages of a list of the desk.
PLAIN = [f"普通の言葉：「hit {number:02}」" * 18 for number in range(52)]
ARTICLES, AT_A_TIME = 24, 20  # with plain words, and on a page of a list of readers: two pages, too
LONGEST = AT_ONCE * (MAX_CHARS + 1)  # of a description, which is shown to the end
ATOM, CONTENT = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}encoded"

# The address of a page, and of how many articles one has such a page that holds the texts of all of them.
ADDRESSES = {
    "article": (lambda post: post.path, 1),
    "vertical article": (lambda post: f"{post.path}tate/", 1),
    "author": (lambda post: post.author.get_absolute_url(), 1),
    "section": (lambda post: post.category.get_absolute_url(), AT_ONCE),
    "tag": (lambda post: post.tags.get().get_absolute_url(), 1),
    "static page": (lambda post: f"/{post.slug}/", AT_ONCE),
}
LISTS = (
    "/",
    "/articles/",
    "/tags/",
    "/authors/",
    "/archive/",
    "/feeds/",
    "/2026/04/",
    "/2026/04/01/",
    "/search/?q=hit",
)
DESK_LISTS = (
    *(f"/admin/blog/{model}/" for model in ("post", "tag", "author", "image", "category", "page")),
    *(f"/admin/blog/{model}/" for model in ("permalink", "houseword", "taggroup")),
    "/admin/auth/user/",
)
FORMS = {
    "post": "title excerpt body tag_names key_points slug description canonical_url correction",
    "author": "name slug bio links",
    "category": "name slug description notice",
    "tag": "name slug description",
    "page": "path title description body",
    "permalink": "path target",
    "houseword": "word preferred note",
}


class RssOfSection(CategoryFeed):
    feed_type = FullTextRss


class AtomOfSection(CategoryFeed):
    feed_type = FullTextAtom


class JsonOfSection(CategoryFeed):
    feed_type = JsonFeed


# About templates: `test_stored_texts` proves on each database that every text comes back as it went in.
@pytest.mark.sqlite
class ShortFieldTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.enterClassContext(mock.patch.object(PostListView, "per_page", AT_A_TIME))
        cls.enterClassContext(mock.patch("blog.wire.page_meta.DESCRIPTION_LENGTH", LONGEST))
        cls.editor = make_user(is_superuser=True)
        cls.plain = fill(PLAIN[:ARTICLES], begin=500)
        cls.plain_notes = write_to_colleagues(cls.plain, PLAIN)
        cls.plain_lists, cls.plain_desk = whole(LISTS), whole(DESK_LISTS, cls.desk())
        cls.posts = fill(TEXTS, begin=0)
        cls.notes = write_to_colleagues(cls.posts, TEXTS)

    @classmethod
    def desk(cls):
        client = Client()
        client.force_login(cls.editor)
        return client

    def test_every_page_says_the_text_as_often_as_plain_words(self):
        assert all(post.standfirst for post in self.posts)
        for name, (address, every) in ADDRESSES.items():
            pages = {post.title: fetched(address(post)) for post in self.plain[:3]}
            plain = Written("".join(pages.values()))
            times = min(Written(page).says.count(visible(text)) for text, page in pages.items())
            for at in range(0, len(TEXTS), every):
                post = self.posts[at]
                page = Written(fetched(address(post)))
                assert_alike(page, plain, TEXTS[at : at + every])
                assert page.found == [], (name, post.title)
                assert page.says.count(visible(post.title)) >= times > 1, (name, post.title)

    def test_each_list_and_the_search_say_every_text(self):
        for path in LISTS:
            page = whole([path])
            assert_alike(page, self.plain_lists, TEXTS)
            assert page.found == [], path

    def test_missing_page_says_nothing_of_its_address(self):
        plain = Written(missing_page(PLAIN[0]))  # with the latest articles, as every such page has them
        for at in range(0, len(TEXTS), AT_ONCE):
            texts = TEXTS[at : at + AT_ONCE]
            page = Written(missing_page(" ".join(texts)))
            assert_alike(page, plain)
            assert page.found == []
            assert [text for text in texts if page.says.count(visible(text)) > plain.says.count(visible(text))] == []

    def test_feeds_are_whole_and_their_html_is_alike(self):
        plain = Written("".join(html for post in self.plain[:3] for _, html in feeds_of(post)))
        for post in self.posts:
            for title, html in feeds_of(post):
                assert title == post.title
                assert_alike(Written(html), plain, [post.title])

    def test_markdown_is_read_as_text(self):
        plain = Written("".join(read_as_markdown(f"{post.path}index.md") for post in self.plain[:3]))
        for post in self.posts:
            assert_alike(Written(read_as_markdown(f"{post.path}index.md")), plain, [post.title])
        assert_alike(Written(read_as_markdown("/llms.txt")), plain, TEXTS[:40])

    def test_each_list_of_the_desk_says_every_text(self):
        for path in DESK_LISTS:
            assert_alike(whole([path], self.desk()), self.plain_desk, TEXTS)

    def test_desk_shows_what_colleagues_wrote(self):
        desk, address = self.desk(), "/admin/blog/post/{}/{}/"
        for part in ("change", "history", "preview-links", "notes"):
            plain = Written("".join(fetched(address.format(post.pk, part), desk) for post, _ in self.plain_notes))
            for post, texts in self.notes:
                page = Written(fetched(address.format(post.pk, part), desk))
                assert_alike(page, plain, texts)

    def test_desk_shows_why_a_version_was_returned_or_published(self):
        desk, plain = self.desk(), Written("".join(self.versions(self.desk(), *self.plain_notes[0])))
        for post, texts in self.notes:
            pages = self.versions(desk, post, texts)
            assert_alike(Written("".join(pages)), plain, texts)

    def versions(self, desk, post, texts):
        newest = post.revisions.count()
        numbers = range(newest, newest - -(-len(texts) // OF_REVISION), -1)
        return [fetched(f"/admin/blog/post/{post.pk}/revisions/{number}/", desk) for number in numbers]


class RefusedFormTests(TestCase):
    def test_refused_form_shows_what_was_typed(self):
        self.client.force_login(make_user(is_superuser=True))
        for model, fields in FORMS.items():
            plain, attacked = (self.refused(model, fields.split(), " ".join(texts)) for texts in (PLAIN, TEXTS))
            assert_alike(attacked, plain)
            assert attacked.says.count(visible(" ".join(TEXTS))) >= len(fields.split()), model

    def refused(self, model, fields, text):
        response = self.client.post(f"/admin/blog/{model}/add/", dict.fromkeys(fields, text))
        assert response.status_code == 200, model
        return Written(response.content.decode())


def assert_alike(attacked: Written, plain: Written, texts: Iterable[str] = ()) -> None:
    """The attacked page has no element or attribute that the plain one has not, and says the texts."""
    assert set(attacked.found) - set(plain.found) == set()  # the desk has templates of its own
    assert attacked.elements - plain.elements == set()
    assert [text for text in texts if visible(text) not in attacked.says] == []


def feeds_of(post: Post) -> Iterator[tuple[str, str]]:
    """The title and the HTML of the article in each format."""
    rss, atom, feed = (
        of_section()(RequestFactory().get("/"), slug=post.category.slug).content
        for of_section in (RssOfSection, AtomOfSection, JsonOfSection)
    )
    item = ET.fromstring(rss).find("channel/item")
    yield item.findtext("title"), item.findtext(CONTENT)
    entry = ET.fromstring(atom).find(f"{ATOM}entry")
    yield entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}content")
    [told] = json.loads(feed)["items"]
    yield told["title"], told["content_html"]


def missing_page(text: str) -> str:
    response = Client().get(f"/{quote(text, safe='')}/nowhere/")
    assert response.status_code == 404
    return response.content.decode()


def read_as_markdown(path: str) -> str:
    return render_markdown(fetched(path)).html


def whole(paths: Iterable[str], client: Client | None = None) -> Written:
    """All pages of these lists."""
    return Written("".join(page for path in paths for page in pages_of(path, client or Client())))


def pages_of(path: str, client: Client) -> Iterator[str]:
    yield fetched(path, client)
    sign = "&" if "?" in path else "?"
    name = "p" if path.startswith("/admin/") else "page"
    for number in range(2, 11):
        response = client.get(f"{path}{sign}{name}={number}")
        if response.status_code != 200:
            return
        yield response.content.decode()


def fetched(path: str, client: Client | None = None) -> str:
    response = (client or Client()).get(path)
    assert response.status_code == 200, path
    return response.content.decode()

"""Whatever state an article is in, every surface says the same of it: is it there, and its title, address and dates."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import quote
from xml.etree import ElementTree

import feedparser
import pytest
import time_machine
import yaml
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from blog.editing.saving import save_post
from blog.models import Post
from blog.pictures.cards import refresh_card
from blog.text.japanese import plain_text
from blog.wire.machines import plain
from tests.factories import PUBLISHED_AT, make_author, make_category
from tests.wire.test_page_meta import Head

# About what the surfaces say: PostgreSQL gets the same statements from other modules.
pytestmark = pytest.mark.sqlite

SITE = "http://127.0.0.1:8000"
NOW = PUBLISHED_AT + timedelta(days=3)
MARK = "目印"  # in every title, so that one search asks for all
ELSEWHERE = "https://first.example/a/"
OWN = "own"  # another spelling of the article's own address
SITEMAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


class Article(NamedTuple):
    """What an editor made of an article, and when; hours count back from NOW."""

    state: Post.State
    words: str
    age: int
    edited: int | None
    noindex: bool
    in_sitemap: bool
    canonical: str
    is_sponsored: bool


ARTICLES = st.builds(
    Article,
    state=st.sampled_from(Post.State),
    words=st.text(st.sampled_from("円安 A&b<i>\"'*_[]#`|\\1.-"), max_size=12),
    age=st.integers(1, 71),
    edited=st.none() | st.integers(0, 70),
    noindex=st.booleans(),
    in_sitemap=st.booleans(),
    canonical=st.sampled_from(["", ELSEWHERE, OWN]),
    is_sponsored=st.booleans(),
)


class Said(NamedTuple):
    title: str
    url: str
    published: datetime
    updated: datetime


def make(number: int, article: Article) -> Post:
    post = Post(
        title=f"{MARK}{number}{article.words}".strip(),
        slug=f"記事-{number}",
        excerpt="リード文。",
        body=f"本文{number}。",
        author=make_author(),
        category=make_category(),
        noindex=article.noindex,
        in_sitemap=article.in_sitemap,
        canonical_url=article.canonical.removeprefix(OWN),
        is_sponsored=article.is_sponsored,
    )
    states, began = Post.State, NOW - timedelta(hours=article.age)
    with time_machine.travel(began, tick=False):
        if article.state == states.IN_REVIEW:
            post.submit()
        elif article.state == states.SCHEDULED:
            post.publish(NOW + timedelta(hours=article.age))
        elif article.state != states.DRAFT:
            post.publish(began)
        save_post(post, tags=["共通"])
        if article.canonical == OWN:
            post.canonical_url = post.path.upper().rstrip("/")
            save_post(post)
    if article.edited is not None and article.edited < article.age:
        with time_machine.travel(NOW - timedelta(hours=article.edited), tick=False):
            post.body += "追記。"
            save_post(post)
    if article.state == states.WITHDRAWN:
        post.unpublish()
        save_post(post)
    refresh_card.call(post.pk)
    return Post.objects.get(pk=post.pk)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


class AgreementTest(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
    @given(st.lists(ARTICLES, min_size=1, max_size=4))
    def test_every_surface_says_the_same(self, articles):
        posts = [make(number, article) for number, article in enumerate(articles)]
        self.client = Client()
        with time_machine.travel(NOW, tick=False):
            truth = {
                post.guid: Said(post.labelled_title, SITE + post.get_absolute_url(), post.published_at, post.updated_at)
                for post, article in zip(posts, articles, strict=True)
                if article.state == Post.State.PUBLISHED
            }
            told = {guid: said for guid, said in truth.items() if _is_findable(posts, guid)}
            self.check_feeds(truth)
            self.check_lists({said.url for said in truth.values()})
            self.check_sitemaps(posts, told)
            for post in posts:
                self.check_pages(post, truth.get(post.guid))

    def get(self, path: str) -> Any:
        response = self.client.get(path)
        assert response.status_code in (200, 404), path
        return response

    def check_feeds(self, truth: dict[str, Said]) -> None:
        for path in ("/feed.xml", "/atom.xml", "/feeds/markets.xml", *(["/tags/共通/feed.xml"] if truth else [])):
            found = feedparser.parse(self.get(path).content, sanitize_html=False)
            assert not found.bozo, path
            rows = {entry.id: _said(entry) for entry in found.entries}
            assert _precise(rows) == _precise(truth), path
        rows = {}
        for item in json.loads(self.get("/feed.json").content)["items"]:
            dates = moment(item["date_published"]), moment(item["date_modified"])
            rows[item["id"]] = Said(item["title"], item["url"], *dates)
        assert _precise(rows) == _precise(truth)

    def check_lists(self, urls: set[str]) -> None:
        search = f"/search/?q={quote(MARK)}"
        for path in ("/", "/category/markets/", "/tags/共通/", "/authors/editors/", "/2026/04/", search):
            response = self.get(path)
            if response.status_code == 200:
                links = re.findall(r'href="(/\d{4}/\d\d/\d\d/[^"/]+/)"', response.content.decode())
                assert {SITE + link for link in links} == urls, path
            else:
                assert not urls, path

    def check_sitemaps(self, posts: list[Post], told: dict[str, Said]) -> None:
        months = {f"{post.url_date:%Y-%m}" for post in posts if post.url_date}
        rows = {}
        for file in (f"/sitemaps/posts-{month}.xml" for month in months):
            response = self.get(file)
            if response.status_code == 200:
                for url in list(ElementTree.fromstring(response.content))[1:]:  # the first is that of the month
                    rows[url.findtext("s:loc", None, SITEMAP)] = moment(url.findtext("s:lastmod", None, SITEMAP))
        assert rows == {said.url: _second(said.updated) for said in told.values()}
        response, news = self.get("/sitemaps/news.xml"), set()
        if response.status_code == 200:
            for url in ElementTree.fromstring(response.content):
                title = url.findtext("news:news/news:title", None, SITEMAP)
                published = url.findtext("news:news/news:publication_date", None, SITEMAP)
                news.add((url.findtext("s:loc", None, SITEMAP), title, moment(published)))
        recent = {guid for guid, said in told.items() if said.published > NOW - timedelta(hours=48)}
        unpaid = [post for post in posts if post.guid in recent and not post.is_sponsored]
        assert news == {(SITE + post.get_absolute_url(), post.title, _second(post.published_at)) for post in unpaid}
        listed = dict(re.findall(r"^- \[(.*)\]\((.*)index\.md\)", self.get("/llms.txt").content.decode(), re.MULTILINE))
        assert listed == {plain(said.title): said.url for said in told.values()}

    def check_pages(self, post: Post, said: Said | None) -> None:
        path = post.get_absolute_url() or f"/2026/04/01/{post.slug}/"
        page, text = self.get(path), self.get(f"{path}index.md")
        assert (page.status_code, text.status_code) == ((200, 200) if said else (404, 404))
        assert bool(post.card) == (post.status == Post.Status.PUBLISHED)
        if said is None:
            assert post.title not in unescape(page.content.decode())
            return
        head, canonical = Head(page.content.decode()), post.canonical_url or said.url
        things = head.things()
        article = things.get("NewsArticle") or things["Article"]
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.content.decode())[1]
        assert {unescape(re.sub("<[^>]*>|\u2060", "", heading)), article["headline"]} == {post.title}
        assert head.meta("og:title") == said.title
        assert {head.canonical(), head.meta("og:url"), article["url"], things["WebPage"]["url"]} == {canonical}
        for published in (article["datePublished"], head.meta("article:published_time")):
            assert moment(published) == _second(said.published)
        for updated in (article["dateModified"], head.meta("article:modified_time")):
            assert moment(updated) == _second(said.updated)
        assert head.meta("og:image") == article["image"][0]["url"] == f"{SITE}/media/{post.card}"
        assert head.meta("robots") == text["X-Robots-Tag"] == ("noindex" if post.noindex else "max-image-preview:large")
        markdown = text.content.decode()
        facts = yaml.safe_load(markdown.split("---\n")[1])
        assert (facts["title"], facts["url"], moment(facts["date"])) == (said.title, canonical, _second(said.published))
        assert plain_text(post.body_html).strip() in markdown


def _is_findable(posts: list[Post], guid: str) -> bool:
    (post,) = [post for post in posts if post.guid == guid]
    return post.in_sitemap and not post.noindex and not post.canonical_url


def _said(entry: Any) -> Said:
    return Said(unescape(entry.title), entry.link, _utc(entry.published_parsed), _utc(entry.updated_parsed))


def _utc(parsed: Any) -> datetime:
    return datetime(*parsed[:6], tzinfo=UTC)


def _second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _precise(rows: dict[str, Said]) -> dict[str, Said]:
    """To the second, which is all that RSS knows."""
    return {
        guid: said._replace(published=_second(said.published), updated=_second(said.updated))
        for guid, said in rows.items()
    }

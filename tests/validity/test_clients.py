"""Feed readers that others wrote subscribe to a running site."""

import sqlite3
import subprocess
from datetime import timedelta

import feedparser
import pytest
from reader import make_reader

from blog.editing.saving import save_post
from tests.factories import PUBLISHED_AT, make_post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
FEEDS = ("feed.xml", "atom.xml", "feed.json")
OLD_GUID = "https://old.example/?p=17"


@pytest.fixture
def posts():
    """One that was imported under the guid of the old site, and one that is new."""
    return [
        make_post("移した記事", slug="moved", at=PUBLISHED_AT - timedelta(days=9), guid=OLD_GUID),
        make_post("初めの記事", slug="first"),
    ]


def story(posts, titles):
    """Publishes, edits and withdraws; `titles` polls, and returns what the reader has, by guid."""
    first = posts[1]
    assert titles() == {OLD_GUID: "移した記事", first.guid: "初めの記事"}
    assert titles() == {OLD_GUID: "移した記事", first.guid: "初めの記事"}
    second = make_post("次の記事", slug="second", at=PUBLISHED_AT + timedelta(days=1))
    assert titles() == {OLD_GUID: "移した記事", first.guid: "初めの記事", second.guid: "次の記事"}
    first.title, first.slug = "直した記事", "renamed"  # another address, and the same article
    save_post(first)
    assert titles() == {OLD_GUID: "移した記事", first.guid: "直した記事", second.guid: "次の記事"}
    second.unpublish()
    save_post(second)
    titles()
    return second


@pytest.mark.parametrize("feed", FEEDS)
def test_reader_follows_the_site(feed, live_server, posts, tmp_path):
    url = f"{live_server.url}/{feed}"
    with make_reader(str(tmp_path / "reader.sqlite")) as reader:
        reader.add_feed(url)

        def titles():
            reader.update_feed(url)
            return {entry.id: entry.title for entry in reader.get_entries()}

        withdrawn = story(posts, titles)
        reader.mark_entry_as_read((url, withdrawn.guid))
        third = make_post("三つ目の記事", slug="third", at=PUBLISHED_AT + timedelta(days=2))
        titles()
        assert third.guid in {entry.id for entry in reader.get_entries(read=False)}
        assert reader.get_entry((url, withdrawn.guid)).read, "it came back as new"
        (edited,) = [entry for entry in reader.get_entries() if entry.id == posts[1].guid]
        assert edited.updated > edited.published
        assert edited.link.endswith("/renamed/")


@pytest.mark.parametrize("feed", FEEDS[:2])
def test_poll_without_a_change_is_not_answered_with_a_feed(feed, live_server, posts):
    first = feedparser.parse(f"{live_server.url}/{feed}")
    assert (first.status, first.bozo, len(first.entries)) == (200, False, 2)
    assert feedparser.parse(f"{live_server.url}/{feed}", etag=first.etag).status == 304
    posts[1].unpublish()
    save_post(posts[1])
    again = feedparser.parse(f"{live_server.url}/{feed}", etag=first.etag)
    assert (again.status, [entry.id for entry in again.entries]) == (200, [OLD_GUID])


@pytest.mark.vnu
@pytest.mark.parametrize("feed", FEEDS[:2])
def test_newsboat_follows_the_site(feed, live_server, posts, tmp_path):
    (tmp_path / "urls").write_text(f"{live_server.url}/{feed}\n")
    (tmp_path / "config").write_text("")
    cache = tmp_path / "cache.db"
    files = ["-u", tmp_path / "urls", "-c", cache, "-C", tmp_path / "config"]

    def rows(columns):
        with sqlite3.connect(cache) as database:
            return database.execute(f"SELECT {columns} FROM rss_item").fetchall()

    def titles():
        subprocess.run(["newsboat", *files, "-x", "reload"], check=True, capture_output=True, timeout=120)
        return dict(rows("guid, title"))

    withdrawn = story(posts, titles)
    assert len(rows("guid")) == len({*rows("guid")}) == 3
    assert withdrawn.guid in titles(), "a reader keeps what it has read"

"""Feed readers that others wrote subscribe to a running site."""

from datetime import timedelta

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

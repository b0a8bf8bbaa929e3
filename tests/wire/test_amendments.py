"""What every public surface says of a change after publication, and what none of them does."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.feedgenerator import rfc3339_date

from blog.editing.amendments import amend, newest_read
from blog.editing.pending import save_pending
from blog.editing.permissions import EDITOR
from blog.editing.saving import save_post
from blog.models import Post
from tests.factories import make_draft, make_post, make_user
from tests.views.pages import lying
from tests.wire.test_page_meta import Head

# About how a change is told: PostgreSQL repeats what asks it something of its own.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
NOTE = "費用の<数字>を直しました。"
SURFACES = ("", "tate/", "index.md")
FEEDS = ("/feed.xml", "/atom.xml", "/feed.json")


@pytest.fixture
def editor():
    return make_user(role=EDITOR)


def changed(editor, kind="correction", **fields) -> Post:
    """An article whose draft, published text, later text, pending version and comments all differ."""
    post = make_draft(body="草稿の秘密。", **fields)
    post.body = "費用は*30*円です。<!-- 覚えの秘密 -->\n"
    post.publish()
    save_post(post, by=editor)
    post.body = "費用は*50*円です。<!-- 直しの秘密 -->\n"
    save_post(post, by=editor)
    amend(newest_read(post), kind=kind, note=NOTE, by=editor)
    post = Post.objects.get(pk=post.pk)
    edit = Post.objects.get(pk=post.pk)
    edit.body = "費用は案の秘密です。"
    save_pending(edit, by=editor, tags=[], related=[], expected_version=edit.version)
    return post


def feeds(client) -> dict[str, str]:
    return {path: client.get(path).text for path in FEEDS}


def test_page_vertical_page_and_markdown_show_what_changed_and_nothing_hidden(client, editor):
    post = changed(editor)
    texts = {path: client.get(f"{post.get_absolute_url()}{path}").text for path in SURFACES} | feeds(client)
    for path, text in texts.items():
        assert "直しました" in text, path
        assert "秘密" not in text, path
    for path in ("", "tate/"):
        assert "［削除］</span>30<span" in lying(texts[path])
        assert "<数字>" not in texts[path]
    assert "note: 費用の<数字>を直しました。" in texts["index.md"]


def test_withdrawn_article_tells_nothing(client, editor):
    post = changed(editor)
    post.unpublish()
    save_post(post, by=editor)
    for path in SURFACES:
        assert client.get(f"{post.get_absolute_url()}{path}").status_code == 404
    assert not [path for path, text in feeds(client).items() if "直しました" in text]


def test_structured_data_names_corrections_and_the_day_of_the_change(client, editor):
    post = changed(editor, correction="日付も直しました。")
    article = Head(client.get(post.get_absolute_url()).text).things()["NewsArticle"]
    told = post.amendment_list[0].told_at
    dated = {
        "@type": "CorrectionComment",
        "text": NOTE,
        "datePublished": timezone.localtime(told).isoformat(timespec="seconds"),
    }
    assert article["correction"] == [dated, "日付も直しました。"]
    assert article["dateModified"] == timezone.localtime(post.updated_at).isoformat(timespec="seconds")


def test_feed_dates_an_article_by_the_day_on_which_its_readers_were_told(client, editor):
    post = make_post(body="一。")
    post.body = "二。"
    save_post(post, by=editor)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        amend(newest_read(post), kind="correction", note=NOTE, by=editor)
        now = rfc3339_date(Post.objects.get(pk=post.pk).updated_at)
        assert post.updated_at < timezone.now()
        assert f"<updated>{now}</updated>" in client.get("/atom.xml").text

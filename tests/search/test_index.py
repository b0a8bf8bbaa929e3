"""The index follows each change of an article, and nothing that was taken back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from blog.editing.renaming import merge_tags, save_moved
from blog.editing.saving import save_post
from blog.models import Post, SearchDocument, Tag
from blog.search import index
from blog.search.finding import Filters, find
from blog.search.query import parse
from tests.factories import PUBLISHED_AT, make_draft, make_post

pytestmark = pytest.mark.django_db


def keys(question: str, **options) -> list[int]:
    return list(find(parse(question), **options).keys)


def rows() -> int:
    """The number of rows in the index itself."""
    table = "blog_searchtokens" if connection.vendor == "sqlite" else "blog_searchdocument"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_save_replaces_what_was_indexed():
    post = make_post("古い題", body="古い本文。\n", tags=["古いタグ"])
    post.title, post.body = "新しい題", "新しい本文。\n"
    save_post(post, tags=["新しいタグ"])
    assert keys("古い") == []
    assert keys("題 本文 タグ") == [post.pk]
    assert rows() == 1


def test_post_is_found_by_the_public_only_while_it_is_public():
    post = make_draft("投資")
    assert (keys("投資"), keys("投資", among=Post.objects.all())) == ([], [post.pk])
    post.publish(PUBLISHED_AT)
    save_post(post)
    assert keys("投資") == [post.pk]
    post.unpublish()
    save_post(post)
    assert (keys("投資"), keys("投資", among=Post.objects.all())) == ([], [post.pk])


def test_save_that_is_rolled_back_leaves_no_trace():
    post = make_post("投資")
    with transaction.atomic():
        make_post("新しい投資")
        post.title = "債券"
        save_post(post)
        transaction.set_rollback(True)
    assert keys("投資") == [post.pk]
    assert keys("新しい") == keys("債券") == []
    assert rows() == 1


def test_renamed_and_merged_tags_are_found_by_their_new_names():
    post = make_post("題", tags=["旧名", "別名"])
    tag, into = Tag.objects.get(name="旧名"), Tag.objects.get(name="別名")
    tag.name = "新名"
    save_moved(tag)
    assert (keys("旧名"), keys("新名")) == ([], [post.pk])
    merge_tags([tag], into)
    assert (keys("新名"), keys("別名")) == ([], [post.pk])
    assert keys("題", filters=Filters(tag=into.pk)) == [post.pk]
    assert keys("題", filters=Filters(tag=tag.pk)) == []


def test_command_makes_the_index_anew_and_goes_on_where_it_was_interrupted(monkeypatch):
    posts = [make_post("投資") for _ in range(3)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_searchdocument")  # as on the day of the migration
    assert keys("投資") == []
    monkeypatch.setattr(index, "BATCH", 1)

    def interrupt(done: int, total: int) -> None:
        assert total == 3
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.reindex(interrupt)
    assert len(keys("投資")) == 1
    out = StringIO()
    call_command("reindex_search", "--stale", stdout=out)
    assert out.getvalue() == "2 articles were indexed.\n"
    assert sorted(keys("投資")) == [post.pk for post in posts]
    call_command("reindex_search", stdout=out)
    assert out.getvalue().endswith("3 articles were indexed.\n")


def test_post_that_is_saved_after_it_was_read_keeps_what_the_save_indexed(monkeypatch):
    monkeypatch.setattr(index, "BATCH", 1)
    first, second = make_post("題", body="本文。\n"), make_post("題", body="古い本文。\n")
    SearchDocument.objects.update(form=0)

    def save_second(done: int, total: int) -> None:
        if done == 1:
            second.body = "新しい本文。\n"
            save_post(second)

    index.reindex_stale(save_second)
    assert keys("新しい本文") == [second.pk]
    assert keys("古い") == []
    assert sorted(keys("題")) == [first.pk, second.pk]

"""The index follows each change of an article, and nothing that was taken back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from blog.editing.renaming import merge_tags, save_moved
from blog.editing.rerendering import render_stored
from blog.editing.saving import delete_posts, save_post
from blog.models import Post, SearchDocument, Tag
from blog.search import index
from blog.search.finding import Filters, find
from blog.search.query import parse
from blog.text.words import fold
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


def test_deleted_post_leaves_no_row():
    post = make_draft("投資")
    delete_posts([post])
    assert keys("投資", among=Post.objects.all()) == []
    assert rows() == 0


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


def test_posts_beyond_those_that_a_tag_indexes_at_once_wait_for_the_command(monkeypatch):
    monkeypatch.setattr(index, "AT_ONCE", 1)
    older, newer = make_post(tags=["旧名"]), make_post(tags=["旧名"])
    tag = Tag.objects.get(name="旧名")
    tag.name = "新名"
    save_moved(tag)
    assert (keys("旧名"), keys("新名")) == ([older.pk], [newer.pk])
    call_command("reindex_search", "--stale", stdout=StringIO())
    assert sorted(keys("新名")) == [older.pk, newer.pk]


def test_text_that_is_rendered_anew_is_indexed_anew():
    post = make_post(body="本文。\n")
    Post.objects.update(body_html="<p>前の描画。</p>")
    render_stored(Post.objects.all())
    assert keys("本文") == [post.pk]


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


@pytest.mark.sqlite
def test_pieces_of_the_index_are_merged_into_one():
    def pieces() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT segid) FROM blog_searchtokens_idx")
            return cursor.fetchone()[0]

    post, *_ = (make_post("投資") for _ in range(3))
    assert pieces() > 1
    index.engine().optimise()
    assert pieces() == 1
    assert post.pk in keys("投資")


def test_document_of_an_older_edit_or_form_is_stale():
    edited, old, current = make_post(), make_post(), make_post()
    Post.objects.filter(pk=edited.pk).update(version=9)
    SearchDocument.objects.filter(pk=old.pk).update(form=0)
    assert {post.pk for post in index.stale_posts()} == {edited.pk, old.pk}
    assert current.pk not in {post.pk for post in index.stale_posts()}


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", set()),
        ("株", {"株"}),
        ("生成AIの 株 式", {"生成", "|ai|", *"生成の株式 "}),
        ("株の質と量、あの", {"株の", "の質", "質と", "と量", "あの", "株の質", "質と量", *"株の質と量、あ"}),
    ],
)
def test_database_cuts_a_text_into_words_neighbours_and_characters(text, tokens):
    with connection.cursor() as cursor:
        cursor.execute("SELECT blog_search_tokens(%s)", [fold(text)])
        assert set(cursor.fetchone()[0] or ()) == tokens


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

"""Transactions at the same time end all, and none overwrites another."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from blog.editing.renaming import merge_tags, save_moved
from blog.editing.saving import delete_posts, lock_for_update, save_post, set_related
from blog.models import Post, Tag
from blog.search.finding import find
from blog.search.query import parse
from tests.factories import PUBLISHED_AT, make_draft, make_post
from tests.patience import PATIENCE

TAGS = ["甲", "乙", "丙", "丁"]


@pytest.mark.postgresql
class SimultaneousSavesTests(TransactionTestCase):
    """On SQLite a save holds the write lock from its first statement on."""

    def test_many_at_once_with_the_same_tags_end_all(self):
        posts = [make_draft(tags=TAGS) for _ in range(4)]
        together = Barrier(len(posts))

        def publish_and_retag(post: Post) -> None:
            try:
                together.wait(PATIENCE)
                for names in (TAGS[::-1], TAGS[:2], TAGS[2:], TAGS):
                    post.publish(PUBLISHED_AT)
                    save_post(post, tags=names)
                    post.unpublish()
                    save_post(post)
                post.publish()
                save_post(post)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(posts)) as threads:
            list(threads.map(publish_and_retag, posts))
        assert Post.objects.published().count() == 4
        assert [[row.tag.name for row in post.tagged_posts.all()] for post in posts] == [TAGS] * 4

    def test_posts_that_name_each_other_are_saved_at_once(self):
        one, other = make_post(), make_post()
        together = Barrier(2)

        def relate(post: Post, target: Post) -> None:
            with transaction.atomic():
                lock_for_update(post.pk)
                together.wait(PATIENCE)
                save_post(post, related=[(target, "")])

        at_once(lambda: relate(one, other), lambda: relate(other, one))
        assert [post.related.count() for post in (one, other)] == [1, 1]

    def test_drafts_that_name_each_other_are_published_at_once(self):
        one, other = make_draft(), make_draft()
        together = Barrier(2)

        def relate_once_both_are_saved(*args: Any, **known: Any) -> list[tuple[Post, str]]:
            together.wait(PATIENCE)
            return set_related(*args, **known)

        def publish(post: Post, target: Post) -> None:
            post.publish(PUBLISHED_AT)
            save_post(post, related=[(target, "")])

        with mock.patch("blog.editing.saving.set_related", relate_once_both_are_saved):
            at_once(lambda: publish(one, other), lambda: publish(other, one))
        assert [post.related.count() for post in (one, other)] == [1, 1]

    def test_article_is_deleted_while_one_that_names_it_is_saved(self):
        post, named = make_post(), make_draft()
        save_post(post, related=[(named, "")])
        is_changed = Event()

        def save_with_a_pause() -> None:
            with transaction.atomic():
                save_post(post, related=[(named, "別の理由")])
                is_changed.set()
                wait_until_somebody_waits()

        def delete() -> None:
            is_changed.wait(PATIENCE)
            delete_posts([named])

        at_once(save_with_a_pause, delete)
        assert not post.related_rows.exists()
        assert list(Post.objects.all()) == [post]

    def test_merge_takes_along_the_post_that_gets_the_tag_meanwhile(self):
        early, late, into = make_post(tags=["甲"]), make_post(), Tag.objects.create(name="乙")
        is_tagged = Event()

        def tag_with_a_pause() -> None:
            with transaction.atomic():
                save_post(late, tags=["甲"])
                is_tagged.set()
                wait_until_somebody_waits()

        def merge() -> None:
            is_tagged.wait(PATIENCE)
            merge_tags(Tag.objects.filter(name="甲"), into)

        at_once(tag_with_a_pause, merge)
        assert {*into.tagged_posts.values_list("content_object", flat=True)} == {early.pk, late.pk}

    def test_tag_is_renamed_while_an_article_gets_it(self):
        post, tag = make_draft(tags=["甲"]), Tag.objects.get(name="甲")
        is_locked = Event()

        def retag() -> None:
            with transaction.atomic():
                lock_for_update(post.pk)
                is_locked.set()
                wait_until_somebody_waits()
                save_post(post, tags=["乙", "甲"])

        def rename() -> None:
            is_locked.wait(PATIENCE)
            tag.name = "丙"
            save_moved(tag)

        at_once(retag, rename)
        assert [row.tag.name for row in post.tagged_posts.all()] == ["乙", "丙"]
        assert find(parse("丙"), among=Post.objects.all()).keys == [post.pk]


def at_once(*steps: Callable[[], None]) -> None:
    """Raises the error of any thread. PostgreSQL ends one of two transactions that wait for each other."""

    def run(step: Callable[[], None]) -> None:
        try:
            step()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as threads:
        list(threads.map(run, steps))


# Those of this database: other tests run on the same server.
WAITING = """\
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()"""


def wait_until_somebody_waits(least: int = 1) -> None:
    with connection.cursor() as cursor:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees who works as it began
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= least:
                return
    raise AssertionError(f"not {least} wait")

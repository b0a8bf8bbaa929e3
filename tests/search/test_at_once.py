"""Articles are related, indexed, saved and deleted at the same time: no two wait for each other."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.test import TransactionTestCase

from blog.editing.saving import lock_for_update
from blog.models import Post, Thread
from blog.search.index import reindex
from blog.search.related import relate
from blog.search.threads import tidy_threads
from tests.editing.test_simultaneous_saves import at_once, wait_until_somebody_waits
from tests.factories import PUBLISHED_AT, make_post
from tests.patience import PATIENCE
from tests.search.test_threads import NEWS


@pytest.mark.postgresql
class AtOnceTests(TransactionTestCase):
    """On SQLite a transaction that writes has the only write lock from its first statement on."""

    def setUp(self):
        times = (PUBLISHED_AT + timedelta(days=day) for day in range(2))
        self.first, self.second = (make_post(title, at=at) for title, at in zip(NEWS, times, strict=False))

    def queue(self, post: Post, *steps: Callable[[], object]) -> None:
        """Lets the steps begin while the post is locked, each once those before it wait."""
        is_locked = Event()

        def hold() -> None:
            with transaction.atomic():
                lock_for_update(post.pk)
                is_locked.set()
                wait_until_somebody_waits(len(steps))

        def begin(number: int) -> None:
            is_locked.wait(PATIENCE)
            wait_until_somebody_waits(number)
            steps[number]()

        at_once(hold, *(lambda number=number: begin(number) for number in range(len(steps))))

    def threads(self):
        return [Post.objects.get(pk=post.pk).thread_id for post in (self.first, self.second)]

    def test_article_begins_a_thread_with_an_older_one_while_both_are_indexed(self):
        self.queue(self.first, reindex, lambda: relate.call(self.second.pk))
        assert len({*self.threads()} - {None}) == 1

    def test_lonely_threads_are_deleted_while_their_articles_are_indexed(self):
        for post in (self.second, self.first):  # the one changed last lies behind the other
            Post.objects.filter(pk=post.pk).update(thread=Thread.objects.create())
        self.queue(self.first, reindex, tidy_threads)
        assert self.threads() == [None, None]

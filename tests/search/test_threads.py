"""Which articles tell of the same thing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from blog.editing.saving import save_post
from blog.models import Post, Thread
from blog.search import threads
from blog.search.related import relate, relate_all
from tests.editing.test_simultaneous_saves import wait_until_somebody_waits
from tests.factories import PUBLISHED_AT, make_post
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db
NEWS = (
    "量子計算の冷却装置、東京で公開実験",
    "量子計算の冷却装置、東京での公開実験が完了",
    "量子計算の冷却装置、公開実験を東京で再開",
)


def days(number):
    return PUBLISHED_AT + timedelta(days=number)


def make_thread(*ages):
    posts = [make_post(title, at=days(age)) for title, age in zip(NEWS, ages, strict=False)]
    relate_all(Post.objects.all())
    return [Post.objects.get(pk=post.pk) for post in posts]


def test_articles_with_near_equal_titles_within_weeks_form_a_thread():
    make_post("農業の収穫量、過去最高に")
    first, second, third = make_thread(0, 9, 30)
    assert first.thread_id == second.thread_id == third.thread_id is not None
    assert Thread.objects.count() == 1


@pytest.mark.parametrize("size", [15, 40])
def test_thread_grows_however_common_its_words_become(size):
    for number in range(60):
        make_post(f"{chr(0x4E00 + 2 * number) * 2}の話", at=days(number))
    series = [make_post("電力需要の予測、公表", at=days(number / 2)) for number in range(size)]
    for _ in range(2):
        relate_all(Post.objects.all())
        assert Post.objects.filter(pk__in=[post.pk for post in series]).values("thread").distinct().get()["thread"]
    assert Post.objects.exclude(thread=None).count() == size


def test_near_equal_titles_of_different_times_are_no_thread():
    first, second = make_thread(0, 40)
    assert first.thread_id is second.thread_id is None


def test_a_new_title_takes_an_article_out_of_its_thread():
    _, second = make_thread(0, 1)
    second.title = "農業の収穫量、過去最高に"
    save_post(second)
    relate.call(second.pk)
    assert Post.objects.get(pk=second.pk).thread_id is None


def test_what_an_editor_chose_stays():
    first, second = make_thread(0, 1)
    other = make_post("農業の収穫量、過去最高に")
    threads.part(second)
    threads.join(other, first)
    relate_all(Post.objects.all())
    assert Post.objects.get(pk=second.pk).thread_id is None
    assert Post.objects.get(pk=other.pk).thread_id == Post.objects.get(pk=first.pk).thread_id is not None


def test_a_save_that_began_before_leaves_the_thread_alone():
    first, _ = make_thread(0, 1)
    stale = Post.objects.get(pk=first.pk)
    threads.part(first)
    stale.body = "別の本文。"
    save_post(stale)
    assert Post.objects.get(pk=first.pk).thread_is_chosen


def test_threads_of_fewer_than_two_articles_are_deleted():
    first, second = make_thread(0, 1)
    threads.part(second)
    assert threads.tidy_threads() == 1
    assert Post.objects.get(pk=first.pk).thread_id is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """An editor arranges a thread while the worker looks for it. SQLite lets only one transaction write at a time."""

    def relate_before_the_end(self, post, *changes):
        """Has the article related elsewhere after the first of the changes, which end together."""

        def relate_elsewhere():
            try:
                relate.call(post.pk)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as elsewhere:
            with transaction.atomic():
                changes[0]()
                answer = elsewhere.submit(relate_elsewhere)
                wait_until_somebody_waits()
                for change in changes[1:]:
                    change()
            answer.result(PATIENCE)

    def thread_of(self, post):
        return Post.objects.get(pk=post.pk).thread_id

    def test_article_joins_the_thread_that_an_editor_chose_meanwhile_for_its_like(self):
        new, like, other = make_post(NEWS[0]), make_post(NEWS[1]), make_post("農業の収穫量、過去最高に")
        self.relate_before_the_end(new, lambda: threads.join(like, other))
        assert self.thread_of(like) == self.thread_of(other) == self.thread_of(new) is not None

    def test_nobody_waits_for_the_other_for_ever(self):
        new, like, other = make_post(NEWS[0]), make_post(NEWS[1]), make_post("農業の収穫量、過去最高に")
        self.relate_before_the_end(new, lambda: threads.join(like, other), lambda: threads.join(new, like))
        assert self.thread_of(like) == self.thread_of(other) == self.thread_of(new) is not None

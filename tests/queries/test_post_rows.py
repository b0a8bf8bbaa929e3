from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import TestCase, TransactionTestCase

from blog.models import Post
from blog.pictures.uploads import store_image
from blog.queries.post_list import all_posts
from blog.queries.post_rows import load_posts
from tests.factories import PUBLISHED_AT, make_author, make_category, make_post
from tests.views.test_media import picture


def values(row: Model | None) -> dict[str, Any] | None:
    """What was loaded of the row, and of the rows loaded with it."""
    if row is None:
        return None
    related = {name: values(other) for name, other in row._state.fields_cache.items()}
    deferred = row.get_deferred_fields()
    stored = {field.attname for field in row._meta.concrete_fields} - deferred
    return {name: getattr(row, name) for name in stored} | related


class LoadPostsTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.posts = [make_post(author=make_author(f"筆{number}", f"author-{number}")) for number in range(3)]
        image = store_image(picture())
        cls.posts.append(make_post(category=make_category("別", "other"), lead_image=image, is_sponsored=True))

    def test_posts_are_those_of_the_queryset_to_the_last_field(self):
        for shape in ("for_list", "for_row", "for_page", "for_feed"):
            expected = {post.pk: post for post in getattr(Post.objects, shape)()}
            loaded = load_posts(list(expected), shape)
            assert len(loaded) == 4
            for post in loaded:
                twin = expected[post.pk]
                assert type(post) is Post
                assert twin.get_deferred_fields() >= {"body"}
                assert values(post) == values(twin)
                assert post.published_at == PUBLISHED_AT

    def test_one_query_brings_all_that_a_list_shows(self):
        with self.assertNumQueries(1):
            shown = [(post.title, post.author.name, post.category.name, post.lead_image) for post in load_posts({1, 2})]
        assert len(shown) <= 2

    def test_any_number_of_keys_will_do(self):
        pks = [post.pk for post in self.posts]
        for number in (2, 1, 4):
            assert {post.pk for post in load_posts(pks[:number])} == set(pks[:number])
        assert load_posts([0]) == []
        with self.assertNumQueries(0):
            assert load_posts([]) == []


@pytest.mark.postgresql
class ThreadsTests(TransactionTestCase):
    """On SQLite a test's database is known to one thread only."""

    def test_each_thread_asks_through_its_own_connection(self):
        post = make_post()
        assert all_posts().newest(1) == [post]

        def ask() -> tuple[list[Post], int]:
            try:
                return load_posts([post.pk]), id(connection.connection)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as threads:
            posts, used = threads.submit(ask).result()
        assert posts == [post]
        assert used != id(connection.connection)

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local
from unittest import mock

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from blog.editing.permissions import EDITOR
from blog.editing.saving import lock_for_update
from blog.models import Post
from tests.admin.desk import url_of, values_at
from tests.factories import make_draft, make_user
from tests.patience import PATIENCE

EDITORS = 4


@pytest.mark.postgresql
class SimultaneousSavesTests(TransactionTestCase):
    """On SQLite the whole request holds the write lock, so there is nothing to race for."""

    def test_one_of_the_editors_who_save_at_once_is_taken_and_the_others_are_told(self):
        user, post = make_user(role=EDITOR), make_draft()
        clients = [Client() for _ in range(EDITORS)]
        for client in clients:
            client.force_login(user)
        url, all_asked, waited = url_of(post), Barrier(EDITORS), local()
        opened = values_at(clients[0], url)

        def hold_once_all_have_asked(*args, **kwargs):
            if not hasattr(waited, "once"):
                waited.once = all_asked.wait(PATIENCE)
            return lock_for_update(*args, **kwargs)

        def save(number):
            try:
                return clients[number].post(url, {**opened, "body": f"編集{number}"})
            finally:
                connection.close()

        with (
            mock.patch("blog.admin.post.admin.lock_for_update", hold_once_all_have_asked),
            ThreadPoolExecutor(EDITORS) as threads,
        ):
            responses = list(threads.map(save, range(EDITORS)))
        where = [response["Location"] for response in responses]
        taken = [number for number, url in enumerate(where) if "merge" not in url]
        assert len(taken) == 1
        stored = Post.objects.get()
        assert (stored.body, stored.version) == (f"編集{taken[0]}", 1)
        for number in {*range(EDITORS)} - {*taken}:
            self.assertContains(clients[number].get(where[number]), f"編集{number}")

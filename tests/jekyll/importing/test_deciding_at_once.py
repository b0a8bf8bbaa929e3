"""A conflict is decided while the articles are indexed or related: no two wait for each other."""

from datetime import UTC, datetime
from threading import Event

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from blog.jekyll.importing.uploads import import_uploads, keep_article, rehearse, take_file
from blog.models import ImportConflict, Post, SearchDocument
from blog.models.search_document import NO_FORM
from blog.search.index import reindex_stale
from blog.search.related import relate_all
from tests.editing.test_simultaneous_saves import at_once, wait_until_somebody_waits
from tests.factories import make_post, make_user
from tests.jekyll.importing.test_uploads import NAME, file
from tests.jekyll.site import article, edit
from tests.patience import PATIENCE
from tests.search.test_threads import NEWS


def relate():
    relate_all(Post.objects.all())


@pytest.mark.postgresql
class AtOnceTests(TransactionTestCase):
    """The file is about what an older article is about: one that relates it puts both into a thread."""

    def setUp(self):
        self.user = make_user()
        make_post(NEWS[0], at=datetime(2026, 3, 31, tzinfo=UTC))
        import_uploads({NAME: file(title=NEWS[1])}, by=self.user)
        edit(NAME, title="デスクの題")
        import_uploads({NAME: file("新しい本文。\n", title=NEWS[1])}, by=self.user)
        self.conflict, self.version = ImportConflict.objects.get(), article(NAME).version
        Post.objects.update(thread=None)
        SearchDocument.objects.update(form=NO_FORM)

    def decide(self, decision, others):
        """Stops the decision once it has locked its article, until the others wait for that."""
        is_held = Event()

        def hold():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("LOCK TABLE blog_postsource IN SHARE ROW EXCLUSIVE MODE")
                is_held.set()
                wait_until_somebody_waits(2)

        def begin(number, step):
            is_held.wait(PATIENCE)
            wait_until_somebody_waits(number)
            step()

        at_once(hold, lambda: begin(0, decision), lambda: begin(1, others))

    def take(self):
        take_file(self.conflict, by=self.user, expected_version=self.version)

    def test_file_is_taken_while_all_are_indexed(self):
        self.decide(self.take, reindex_stale)
        assert article(NAME).title == NEWS[1]

    def test_file_is_taken_while_all_are_related(self):
        self.decide(self.take, relate)
        assert article(NAME).title == NEWS[1]

    def test_article_is_kept_while_all_are_indexed(self):
        self.decide(lambda: keep_article(self.conflict, expected_version=self.version), reindex_stale)
        assert article(NAME).title == "デスクの題"

    def test_conflict_is_looked_at_while_all_are_related(self):
        self.decide(lambda: rehearse(self.conflict), relate)
        assert article(NAME).title == "デスクの題"

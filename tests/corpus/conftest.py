"""The real articles, imported once for all that looks at them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from blog.jekyll.importing import import_jekyll
from blog.jekyll.report import Report


@pytest.fixture(scope="package")
def report(corpus: Path, django_db_setup, django_db_blocker) -> Iterator[Report]:
    """Imports the articles with their pictures and removes them at the end; what a test does to them is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        report = import_jekyll(corpus)
        connection.check_constraints()  # once: PostgreSQL would check all of these rows again at the end of each test
        yield report
        transaction.set_rollback(True)

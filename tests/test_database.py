"""What reads the whole site while others save, on a database that two connections share."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from blog.database import check_references, consistent_reads
from blog.editing.saving import save_post
from blog.jekyll.exporting import export_jekyll
from blog.models import Permalink, Post
from tests.factories import make_post

WITHIN = ("BEGIN", "SET", "SAVEPOINT", "RELEASE", "PRAGMA")


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The tests' SQLite lives in memory, where two connections lock each other out as on no real site: in a file."""
    if connection.vendor != "sqlite":
        yield
        return
    name, memory = connection.settings_dict["NAME"], connection.connection
    with closing(sqlite3.connect(tmp_path / "site.sqlite3")) as file:
        memory.backup(file)
    connection.settings_dict["NAME"], connection.connection = str(tmp_path / "site.sqlite3"), None
    yield
    connection.close()
    connection.settings_dict["NAME"], connection.connection = name, memory


@contextmanager
def somebody_saves(save: Callable[[], None]) -> Iterator[None]:
    """After each statement of the block somebody else does `save`, and is done before the next."""

    def run() -> None:
        try:
            save()
        finally:
            connection.close()

    def wrapper(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not sql.startswith(WITHIN):
            with ThreadPoolExecutor(1) as thread:
                thread.submit(run).result()
        return result

    with connection.execute_wrapper(wrapper):
        yield


def write_and_edit() -> None:
    post = Post.objects.order_by("pk").first()
    new = make_post(tags=[f"新しいタグ{post.version}"])
    post.title = f"直した題{post.version}"
    save_post(post, tags=["甲"], related=[(new, "")])


def files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_export_is_of_the_site_as_it_stood_at_the_start(shared_database, tmp_path):
    for _ in range(3):
        make_post(tags=["甲", "乙"])
    export_jekyll(tmp_path / "before")
    with somebody_saves(write_and_edit):
        export_jekyll(tmp_path / "meanwhile")
    assert Post.objects.count() > 10
    before, meanwhile = files(tmp_path / "before"), files(tmp_path / "meanwhile")
    # The view begins with the first statement, and the first of those who saved came after it.
    assert meanwhile == before


@pytest.mark.sqlite
def test_transaction_after_a_view_takes_the_lock_to_write_at_once_again(shared_database):
    with consistent_reads():
        pass
    assert connection.transaction_mode == "IMMEDIATE"


def refer_to_nothing() -> None:
    with transaction.atomic():
        Permalink.objects.create(path="/old/", post_id=0)
        check_references()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_reference_to_nothing_is_found_before_the_commit():
    with CaptureQueriesContext(connection) as queries, pytest.raises(IntegrityError):
        refer_to_nothing()
    assert "COMMIT" not in [query["sql"] for query in queries]


@pytest.mark.sqlite
@pytest.mark.django_db
def test_migrating_and_tidying_count_the_rows_by_which_sqlite_chooses_indexes():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # makes the table of what it counted
        for command in ("migrate", "tidy"):
            cursor.execute("DELETE FROM sqlite_stat1")
            make_post()
            call_command(command, verbosity=0)
            cursor.execute("SELECT COUNT(*) FROM sqlite_stat1 WHERE tbl = 'blog_post'")
            assert cursor.fetchone()[0] > 0, command

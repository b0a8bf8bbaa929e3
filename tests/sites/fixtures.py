"""Sites of tests.sites.content for whoever asks; each worker has copies, which start when they are first wanted."""

import functools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests.sites import server
from tests.sites.server import NOTHING, STATIC


@pytest.fixture(scope="session")
def sites_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder that this worker serves its sites from, once it holds that of the content.

    What is made is shared, and copied for each worker: tests of two workers may edit the same article. `make test`
    names the folder of what is made, for its two runs.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = Path(os.environ.get("MADE_SITES") or shared / "made-sites")
    made.mkdir(exist_ok=True)
    own = base / "sites"

    @functools.cache
    def add(content: str) -> Path:
        if content != STATIC:
            add(STATIC if content == NOTHING else NOTHING)
        server.make_once(made, content)
        shutil.copytree(made / content, own / content)
        return own

    return add


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """In `make test`, the SQLite of a worker gets its tables from the empty site: migrating takes ten times as long."""
    if connection.vendor == "sqlite" and "MADE_SITES" in os.environ:
        made = Path(os.environ["MADE_SITES"])
        server.make_once(made, NOTHING)
        _copy_at_first_connection(server.database(made, NOTHING))


def _copy_at_first_connection(tables: Path) -> None:
    def copy(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
        connection_created.disconnect(copy)
        with closing(sqlite3.connect(tables)) as made:
            made.backup(connection.connection)

    connection_created.connect(copy, weak=False)


@pytest.fixture(scope="session")
def sites_folder(sites_with: Callable[[str], Path]) -> Path:
    """The folder with the empty site and what is static."""
    return sites_with(NOTHING)


@pytest.fixture(scope="session")
def serve(sites_with: Callable[[str], Path]) -> Iterator[Callable[[str], str]]:
    """The address of the site that holds what is named; each starts when it is first asked for."""
    with ExitStack() as stack:
        yield functools.cache(lambda content: stack.enter_context(server.serve(sites_with(content), content)))

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
def made_sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each site is made once for all workers. `make test` names the folder, for its two runs."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = Path(os.environ.get("MADE_SITES") or shared / "made-sites")
    made.mkdir(exist_ok=True)
    return made


@pytest.fixture(scope="session")
def sites_with(made_sites: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder that this worker serves its sites from, once it holds that of the content.

    What is made is shared, and copied for each worker: tests of two workers may edit the same article.
    """
    own = tmp_path_factory.getbasetemp() / "sites"

    @functools.cache
    def add(content: str) -> Path:
        if content != STATIC:
            add(STATIC if content == NOTHING else NOTHING)
        server.make_once(made_sites, content)
        shutil.copytree(made_sites / content, own / content)
        return own

    return add


@pytest.fixture(scope="session")
def tables(made_sites: Path) -> str:
    """What holds the tables of a site and nothing else, to be copied: a file, or a database on the run's PostgreSQL."""
    if connection.vendor == "postgresql":
        return server.make_tables_once(made_sites, os.environ["DATABASE_URL"])
    server.make_once(made_sites, NOTHING)
    return str(server.database(made_sites, NOTHING))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, request: pytest.FixtureRequest) -> None:
    """In `make test`, the database of a worker begins with these tables: migrating takes ten times as long."""
    if "MADE_SITES" in os.environ:
        tables = request.getfixturevalue("tables")
        if connection.vendor == "postgresql":
            connection.settings_dict["TEST"]["TEMPLATE"] = tables
        else:
            _copy_at_first_connection(tables)


def _copy_at_first_connection(tables: str) -> None:
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

"""Sites with a database and a folder of their own, whose commands run as processes, as on a server."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench.servers import ROOT, site_environment
from scripts.postgres import cluster
from tests.patience import PATIENCE

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Site:
    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, check: bool = True, **options: object) -> subprocess.CompletedProcess[str]:
        """Runs Python with the arguments. Raises RuntimeError, with what it said, if `check` and it fails."""
        arguments = {"capture_output": True, "text": True, "timeout": PATIENCE * 10} | options
        result = subprocess.run([sys.executable, *command], check=False, cwd=ROOT, env=self.environment, **arguments)
        if check and result.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")
        return result

    def manage(self, *arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", *map(str, arguments), **options)

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Starts Python with the arguments; its input and output are pipes of text."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen([sys.executable, *command], cwd=ROOT, env=self.environment, **pipes)


class Sites:
    """Makes sites on one kind of database; `server` is the URL of a PostgreSQL, or empty for SQLite.

    `tables` is a file or a database there that has the tables of a site, so that `migrate` has nothing to do.
    """

    def __init__(self, folder: Path, server: str, tables: str = "") -> None:
        self.folder, self.server, self.tables = folder, server, tables

    def make(self, name: str, **settings: str) -> Site:
        """Returns a site that is empty; `migrate` comes next."""
        return self._make(name, self.tables, settings)

    def make_bare(self, name: str) -> Site:
        """Returns a site whose database has no table."""
        return self._make(name, "", {})

    def _make(self, name: str, tables: str, settings: dict[str, str]) -> Site:
        folder = self.folder / name
        folder.mkdir()
        if self.server:
            url = self._new_database(name, tables)
        else:
            url = f"sqlite:///{folder}/site.sqlite3"
            if tables:
                shutil.copyfile(tables, folder / "site.sqlite3")
        return Site(folder, site_environment(folder, url, port=8000) | settings)

    def _new_database(self, name: str, tables: str) -> str:
        names = map(psycopg.sql.Identifier, (name, tables or "template1"))
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()


@contextlib.contextmanager
def sites_on(database: str, tables: str = "") -> Iterator[Sites]:
    """Yields the maker of sites on a kind of database, with a PostgreSQL of its own if DATABASE_URL names none."""
    with contextlib.ExitStack() as stack:
        server = ""
        if database == "postgresql":
            told = os.environ.get("DATABASE_URL", "")
            server = told if told.startswith("postgres") else stack.enter_context(cluster())
        yield Sites(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allforces-drill-"))), server, tables)

"""Real sites to look at: gunicorn, collected static files and a database of their own, in a folder that is given."""

import contextlib
import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench.servers import ROOT, gunicorn, site_environment
from scripts.postgres import binaries, free_port

NOTHING, STATIC, TABLES = "empty", "static", "tables"
COLLECT = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]


def environment(folder: Path, content: str, port: int) -> dict[str, str]:
    data_dir = folder / content
    settings = site_environment(data_dir, f"sqlite:///{database(folder, content)}", port)
    return settings | {"STATIC_ROOT": str(folder / STATIC), "SPONSORED_HOSTS": "amazon.co.jp"}


def database(folder: Path, content: str) -> Path:
    return folder / content / "site.sqlite3"


def prepare(folder: Path, *contents: str) -> None:
    """Make what `serve()` needs; tests.sites.content says what `contents` there are."""
    make(folder, NOTHING, STATIC)
    make(folder, *set(contents) - {NOTHING})


def make(folder: Path, *names: str) -> None:
    """Make the site of each content, or what is STATIC, all at once; each writes a log of its name.

    NOTHING comes before all other contents: its tables are copied, which is a small part of the work to make them.
    Raises RuntimeError with the logs of those that failed.
    """
    running = {}
    for name in names:
        if name not in (NOTHING, STATIC):
            (folder / name).mkdir()
            shutil.copyfile(database(folder, NOTHING), database(folder, name))
        command = COLLECT if name == STATIC else [sys.executable, "-m", "tests.sites.content", name]
        with open(folder / f"{name}.log", "w") as log:
            settings = environment(folder, name, port=8000)  # where nobody listens
            running[name] = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log)
    failed = [name for name, process in running.items() if process.wait() != 0]
    if failed:
        raise RuntimeError("\n".join((folder / f"{name}.log").read_text() for name in failed))


def make_once(folder: Path, name: str) -> None:
    """Makes it in the process that comes first; others wait for that one."""
    with _first(folder, name) as is_first:
        if is_first:
            make(folder, name)


def make_tables_once(folder: Path, postgres: str) -> str:
    """Makes a database of that server with the tables of a site and nothing else, once. Returns its name."""
    url = urlsplit(postgres)._replace(path=f"/{TABLES}").geturl()
    with _first(folder, TABLES) as is_first:
        if is_first:
            with psycopg.connect(postgres, dbname="postgres", autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {TABLES}")
                connection.execute(f"CREATE DATABASE {TABLES}")
            command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity=0"]
            subprocess.run(command, cwd=ROOT, env=site_environment(folder, url, port=8000), check=True)
    return TABLES


def copy_tables(postgres: str, tables: str, target: str) -> None:
    """Makes what that database of one server holds in an empty database of another, whose URL is `target`."""
    programs = binaries()
    source = urlsplit(postgres)._replace(path=f"/{tables}").geturl()
    dump = subprocess.run([programs / "pg_dump", source], stdout=subprocess.PIPE, check=True)
    command = [programs / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", target]
    subprocess.run(command, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)


@contextlib.contextmanager
def _first(folder: Path, name: str) -> Iterator[bool]:
    """Whether this process is the first to come with this name; others wait until its block has ended well."""
    with open(folder / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = folder / f"{name}.ready"
        yield not ready.exists()
        ready.touch()


@contextlib.contextmanager
def serve(folder: Path, content: str, application: str = "tests.sites.wsgi", **settings: str) -> Iterator[str]:
    """The address, without a slash at its end, where the site that `prepare()` made answers; `settings` may differ."""
    port = free_port()
    with gunicorn(content, application, environment(folder, content, port) | settings, folder / f"{content}.log"):
        yield f"http://127.0.0.1:{port}"

"""The servers to measure: our site and the bare applications under the same gunicorn, and other running sites."""

import contextlib
import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench.processes import listeners, with_descendants
from scripts.postgres import cluster, environment_without_postgres, free_port

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
SECRET_KEY = "for-measurements-only-0123456789abcdefghijklmnopqrstuvwxyz"
START_SECONDS, REQUEST_SECONDS = 60, 120


class BenchError(Exception):
    """The measurement is not possible; the message says why."""


@dataclass(frozen=True)
class Server:
    """A server on `port`, with the port of its database server if it has one."""

    name: str
    port: int
    host: str = HOST
    database_port: int | None = None
    roots: frozenset[int] = field(default_factory=frozenset)

    def pids(self) -> set[int]:
        return with_descendants(self.roots)

    def database_pids(self) -> set[int]:
        return with_descendants(listeners(self.database_port)) if self.database_port else set()

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=REQUEST_SECONDS)


def site_environment(data_dir: Path, database_url: str, port: int) -> dict[str, str]:
    """Returns all variables that the settings read, so that neither `.env` nor the shell changes the result."""
    return environment_without_postgres() | {
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": database_url,
        "DATA_DIR": str(data_dir),
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "allforces.settings",
        "LOG_FORMAT": "line",
        "MEDIA_BUCKET": "",
        "MEDIA_ROOT": str(data_dir / "media"),
        "PAGE_STORE_BYTES": "0",  # what it costs to make pages is measured, not to keep them
        "PORT": str(port),
        "PURGE_URLS": "",
        "SECRET_KEY": SECRET_KEY,
        "SITE_URL": f"http://{HOST}:{port}",
        "STATIC_ROOT": str(data_dir / "static"),
        "TRUSTED_PROXIES": "0",
        "WEB_CONCURRENCY": "1",  # a second worker would have to be warmed up too
    }


@contextlib.contextmanager
def scratch_site(database: str, keep: Path | None) -> Iterator[dict[str, str]]:
    """Yields the environment of a site. It is new, and deleted after the block, unless `keep` names its folder."""
    with contextlib.ExitStack() as stack:
        if keep and database == "sqlite":
            keep.mkdir(parents=True, exist_ok=True)
            data_dir = keep.resolve()
        else:
            data_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allforces-bench-")))
        url = stack.enter_context(cluster()) if database == "postgresql" else f"sqlite:///{data_dir}/site.sqlite3"
        yield site_environment(data_dir, url, free_port())


def in_site(environment: dict[str, str], *arguments: str) -> str:
    """Runs `bench.site` in the environment of the site and returns its output. Raises BenchError."""
    command = [sys.executable, "-m", "bench.site", *arguments]
    result = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        raise BenchError(f"`{' '.join(command[1:])}` failed; the lines above say why.")
    return result.stdout


@contextlib.contextmanager
def gunicorn(name: str, application: str, environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Serves `application` with the site's own gunicorn settings for as long as the block runs."""
    port = int(environment["PORT"])
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", application]
    with open(log, "w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        _wait(name, process, port, log)
        database = urlsplit(environment.get("DATABASE_URL", "")).port
        yield Server(name, port, database_port=database, roots=frozenset({process.pid}))
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def bare(name: str, application: str, directory: Path, **settings: str) -> Iterator[Server]:
    environment = environment_without_postgres() | {"PORT": str(free_port()), "WEB_CONCURRENCY": "1"} | settings
    with gunicorn(name, application, environment, directory / f"{application}.log") as server:
        yield server


def _wait(name: str, process: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    # Somebody else may have the port; but to find out who has it takes 18 ms, and a start asks for seconds.
    while not (_is_taken(port) and process.pid in listeners(port)):
        if process.poll() is not None or time.monotonic() > deadline:
            raise BenchError(f"{name} did not start:\n{log.read_text()}")
        time.sleep(0.05)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0

"""Runs tests on SQLite, and those that reach the database also on a real PostgreSQL.

Both run at once, since a test that waits for a server or a browser leaves a core idle. The output of the run on
PostgreSQL is shown after that of SQLite. Arguments go to pytest, as in `tests/views -k feed`.

Without PostgreSQL, Chromium, nginx or wrk, a run on a developer's machine ends with a warning; one on CI fails.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from scripts import chromium, debian, nginx
from scripts.debian import Unavailable
from scripts.postgres import cluster, environment_without_postgres, signals_unwind
from tests.sites import server

ROOT = Path(__file__).resolve().parent.parent
PASSED, NOTHING_TO_RUN = 0, 5


def environment() -> dict[str, str]:
    """Ours, without what leads to other databases or keeps Python from storing what it has compiled."""
    found = environment_without_postgres()
    # Where containers set it, each process of the run would compile all modules of ours and of the tests anew.
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


def warm_up(made: Path, tests: Path = ROOT / "tests") -> None:
    """In a fresh clone, compiles the tests and what they import: else each worker would. Beside it makes two sites.

    What cannot be collected or made is told by the tests themselves.
    """
    if any(tests.rglob("*-pytest-*.pyc")):
        return
    command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", str(tests)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=environment(), **quiet) as child:
        try:
            with contextlib.suppress(RuntimeError):
                for name in (server.NOTHING, server.STATIC):
                    server.make_once(made, name)
            child.wait()
        finally:
            child.terminate()


@contextlib.contextmanager
def pytest(settings: dict[str, str], workers: str, output: IO[str] | None = None) -> Iterator[subprocess.Popen]:
    """Starts a run of pytest, and ends it if it is still running when the block is left."""
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "worksteal", *sys.argv[1:]]
    with subprocess.Popen(command, env=environment() | settings, stdout=output, stderr=output) as child:
        try:
            yield child
        finally:
            child.terminate()


def run(url: str) -> list[int]:
    """Runs the tests and returns the exit code of each run. `url` is that of a PostgreSQL, or empty."""
    with contextlib.ExitStack() as stack:
        # Sites are made once for both, each on a SQLite of its own.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="allforces-sites-"))
        made = {"MADE_SITES": folder}
        if all(argument.startswith("-") for argument in sys.argv[1:]):  # a few tests do not want all of it
            warm_up(Path(folder))
        if url:
            log = stack.enter_context(tempfile.TemporaryFile("w+"))
            postgres = stack.enter_context(pytest(made | {"DATABASE_URL": url}, "auto", log))
        print("\n=== SQLite ===", flush=True)
        # One more than there are cores: browsers and servers are waited for.
        workers = str((os.cpu_count() or 1) + 1)
        results = [stack.enter_context(pytest(made, workers)).wait()]
        if url:
            results.append(postgres.wait())
            print("\n=== PostgreSQL ===", flush=True)
            log.seek(0)
            shutil.copyfileobj(log, sys.stdout)
    return results


def main() -> int:
    url, missing = "", []
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(cluster())
        except Unavailable as error:
            missing.append(f"\n!!! Nothing is tested on PostgreSQL. {error}")
        try:
            chromium.ensure_shell()
        except Unavailable as error:
            missing.append(f"\n!!! No page is tested in a browser. {error}")
        try:
            nginx.ensure()
        except Unavailable as error:
            missing.append(f"\n!!! Nothing is tested behind the proxy. {error}")
        try:
            debian.require("wrk", "wrk")
        except Unavailable as error:
            missing.append(f"\n!!! The rate that `make bench` reports is not tested. {error}")
        if missing and os.environ.get("CI") == "true":
            sys.exit("".join(missing))
        results = run(url)
    print("".join(missing), file=sys.stderr)
    # With arguments, one database may have no test; if neither has one, the arguments are mistyped.
    failed = any(result not in (PASSED, NOTHING_TO_RUN) for result in results)
    return int(failed or PASSED not in results)


if __name__ == "__main__":
    try:
        with signals_unwind():
            sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

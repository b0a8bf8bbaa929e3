"""Concurrent saves by the thousand, on a SQLite file and on a real PostgreSQL; the exit code says whether all was kept.

python -m tests.drill [--pairs 1000] [--database sqlite postgresql]
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.postgres import cluster, environment_without_postgres, signals_unwind

DATABASES = ("sqlite", "postgresql")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__.partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--database", nargs="+", choices=DATABASES, default=DATABASES)
    arguments = parser.parse_args()
    if arguments.pairs < 1:
        parser.error("--pairs must be at least 1")
    codes = [drill_on(database, arguments.pairs) for database in arguments.database]
    return int(any(codes))


def drill_on(database: str, pairs: int) -> int:
    """Runs the drill in a process of its own, whose database is gone when it ends."""
    with contextlib.ExitStack() as stack:
        if database == "postgresql":
            url = stack.enter_context(cluster())
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="allforces-drill-"))
            url = f"sqlite:///{Path(folder) / 'drill.sqlite3'}"
        settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        command = [sys.executable, "-m", "tests.drill.run", str(pairs)]
        print(f"{database}: ", end="", flush=True)
        return subprocess.call(command, env=environment_without_postgres() | settings)


if __name__ == "__main__":
    with signals_unwind():
        sys.exit(main())

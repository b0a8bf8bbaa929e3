"""The whole suite on SQLite, and what reaches the database on a real PostgreSQL, too.

Arguments go to pytest, as in `tests/views -k feed`.

A developer's machine without PostgreSQL, Chromium or wrk is told, loudly; CI must have them.
"""

import contextlib
import os
import sys

from scripts import chromium, debian
from scripts.debian import Unavailable
from scripts.postgres import cluster, environment_without_postgres, run, signals_unwind

PASSED, NOTHING_TO_RUN = 0, 5


def pytest(database: str, settings: dict[str, str]) -> int:
    print(f"\n=== {database} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", *sys.argv[1:]]
    return run(command, environment_without_postgres() | settings)


def main() -> int:
    url, missing = "", []
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(cluster())
        except Unavailable as error:
            missing.append(f"\n!!! Nothing is tested on PostgreSQL. {error}")
        try:
            chromium.ensure()
        except Unavailable as error:
            missing.append(f"\n!!! No page is tested in a browser. {error}")
        try:
            debian.require("wrk", "wrk")
        except Unavailable as error:
            missing.append(f"\n!!! The rate that `make bench` reports is not tested. {error}")
        if missing and os.environ.get("CI") == "true":
            sys.exit("".join(missing))
        results = [pytest("SQLite", {})]
        if url:
            results.append(pytest("PostgreSQL", {"DATABASE_URL": url}))
    print("".join(missing), file=sys.stderr)
    # One database may have no test in a narrowed run; both without one is a typing error.
    failed = any(result not in (PASSED, NOTHING_TO_RUN) for result in results)
    return int(failed or PASSED not in results)


if __name__ == "__main__":
    try:
        with signals_unwind():
            sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

"""The whole suite, on SQLite and on a real PostgreSQL. Arguments go to pytest, as in `tests/blog -k feed`.

A developer's machine without PostgreSQL is told, loudly; CI must have it.
"""

import os
import sys

from scripts.postgres import PostgresUnavailable, cluster, environment_without_postgres, run, signals_unwind

PASSED, NOTHING_TO_RUN = 0, 5


def pytest(database: str, database_url: str | None) -> int:
    print(f"\n=== {database} ===", flush=True)
    environment = environment_without_postgres() | ({"DATABASE_URL": database_url} if database_url else {})
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", *sys.argv[1:]]
    return run(command, environment)


def main() -> int:
    results = [pytest("SQLite", None)]
    try:
        with cluster() as url:
            results.append(pytest("PostgreSQL", url))
    except PostgresUnavailable as error:
        notice = f"\n!!! Nothing was tested on PostgreSQL. {error}"
        if os.environ.get("CI") == "true":
            sys.exit(notice)
        print(notice, file=sys.stderr)
    failed = any(result not in (PASSED, NOTHING_TO_RUN) for result in results)
    return int(failed or PASSED not in results)


if __name__ == "__main__":
    with signals_unwind():
        try:
            sys.exit(main())
        except KeyboardInterrupt:
            sys.exit(130)

"""Measures what each page and the search cost: python -m bench [--size 2500] [--database sqlite postgresql].

Real gunicorn serves the site (scratch data, DEBUG off), a bare WSGI application and a bare Django view. They take short
turns in many rounds, each ratio is to the bare view measured right before; then hits and 304s of the page store beside
the bare application (`bench.store`), and the search.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from bench import report, store
from bench.measure import DESK, Subject, rounds
from bench.servers import BenchError, bare, gunicorn, in_site, scratch_site
from scripts.debian import Unavailable
from scripts.postgres import signals_unwind

SECONDS = 0.3  # for one turn; CPU is read in nanoseconds, but the speed of a machine varies


def measure(environment: dict[str, str], size: int, number: int, about: str) -> str:
    """The table of the pages of a site with so many posts. Raises BenchError."""
    described = json.loads(in_site(environment, "describe", str(size)))
    directory = Path(environment["DATA_DIR"])
    with (
        bare(report.WSGI, "bench.bare_wsgi", directory) as wsgi,
        bare(report.VIEW, "bench.bare_django", directory) as view,
        gunicorn("site", "allforces.wsgi", environment, directory / "site.log") as site,
    ):
        unit = Subject("", "/", view)
        pages = [
            Subject(name, page["path"], site, described["cookie"] if name.startswith(DESK) else "")
            for name, page in described["pages"].items()
        ]
        found = list(rounds([Subject("", "/", wsgi), unit, *pages], unit, number, SECONDS))
    return report.table(about, found, described)


def main() -> None:
    parser = argparse.ArgumentParser("bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, nargs="+", default=[2_500], help="posts on the site (default 2500)")
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="fill the SQLite site there, and go on with it next time"
    )
    options = parser.parse_args()
    if sys.platform != "linux":
        sys.exit("The measurements read /proc, which only Linux has.")
    try:
        with signals_unwind():
            for database in options.database:
                with scratch_site(database, options.keep) as environment:
                    for size in sorted(options.size):  # the site grows from one to the next
                        about = f"{database}, {size:,} posts, a load of {os.getloadavg()[1]:.1f}"
                        print(measure(environment, size, options.rounds, about), flush=True)
                        store.run(environment, size, options.rounds)
                        print(in_site(environment, "search", str(size)), flush=True)
    except (BenchError, Unavailable) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

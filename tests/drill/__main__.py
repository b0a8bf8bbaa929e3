"""Failures as real processes, on a SQLite file and on a real PostgreSQL; the exit code says whether nothing was lost.

python -m tests.drill [NAME ...] [--database sqlite postgresql] [--pairs 1000] [--restarts 6]
                      [--addresses 100000]
"""

import argparse
import sys
from collections.abc import Callable

from scripts import debian
from scripts.postgres import signals_unwind
from tests.drill import crawling, outage, restarting, restoring, workers
from tests.drill.sites import DATABASES, Sites, sites_on
from tests.drill.tallies import Tally


def saves(sites: Sites, arguments: argparse.Namespace) -> Tally:
    """Pairs of editors save one article or static page at the same moment."""
    site = sites.make("saves", DJANGO_SETTINGS_MODULE="tests.settings")
    said = site.run("-m", "tests.drill.run", str(arguments.pairs), check=False)
    return Tally(said.stdout.strip() or said.stderr, [] if said.returncode == 0 else ["texts or saves are missing"])


def backups(sites: Sites, arguments: argparse.Namespace) -> Tally:
    """A backup of a busy site is restored in an empty place, and all is compared."""
    debian.require("restic", "restic")
    return restoring.drill(sites, posts=200)


def full(sites: Sites, arguments: argparse.Namespace) -> Tally:
    """The disk is full while pictures are uploaded, imported and dumped."""
    site = sites.make("full", DJANGO_SETTINGS_MODULE="tests.settings")
    said = site.run("-m", "tests.drill.full", str(site.folder), check=False)
    return Tally(said.stdout.strip() or said.stderr, [] if said.returncode == 0 else ["something is half or silent"])


def restarts(sites: Sites, arguments: argparse.Namespace) -> Tally:
    """PostgreSQL is restarted while editors save at the desk."""
    return restarting.drill(sites, arguments.restarts)


def serving(sites: Sites, arguments: argparse.Namespace) -> Tally:
    """Four workers under edits, a mixture of readers and staff, and kills."""
    return workers.drill(sites, edits=500, requests=10_000, seconds=60)


def crawls(sites: Sites, arguments: argparse.Namespace) -> Tally:
    """A crawler asks for ever new addresses."""
    return crawling.drill(sites, arguments.addresses)


def outages(sites: Sites, arguments: argparse.Namespace) -> Tally:
    """PostgreSQL stays away for a minute, under readers."""
    return outage.drill(sites, seconds=60)


DRILLS: dict[str, Callable[[Sites, argparse.Namespace], Tally]] = {
    "saves": saves,
    "full": full,
    "backups": backups,
    "restarts": restarts,
    "serving": serving,
    "crawls": crawls,
    "outages": outages,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(DRILLS)}; all if none is given")
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--restarts", type=int, default=6)
    parser.add_argument("--addresses", type=int, default=100_000)
    parser.add_argument("--database", nargs="+", choices=DATABASES, default=DATABASES)
    arguments = parser.parse_args()
    if arguments.pairs < 1:
        parser.error("--pairs must be at least 1")
    if unknown := set(arguments.names) - DRILLS.keys():
        parser.error(f"there is no drill {', '.join(sorted(unknown))}")
    is_clean = True
    for database in arguments.database:
        for name in arguments.names or DRILLS:
            with sites_on(database) as sites:
                tally = DRILLS[name](sites, arguments)
            print(f"{database}, {name}: {tally}", flush=True)
            is_clean &= tally.is_clean
    return int(not is_clean)


if __name__ == "__main__":
    with signals_unwind():
        sys.exit(main())

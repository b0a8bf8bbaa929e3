"""Measures each page's queries, and its CPU per request as a multiple of a bare Django view; kept pages; the search.

Real gunicorn serves the site (scratch data, DEBUG off), a bare WSGI application and a bare Django view with the same
settings. They take short turns in many rounds; each ratio is to the bare view measured right before. Kept pages are
measured without and with nginx (`bench.store`). Sites of their own are for the replay of readers, crawlers and edits
(`bench.replay`) and for the search (`bench.search`): of the real articles in CORPUS_DIR, or of as many made-up ones.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from bench import replay, report, search, store
from bench.load import has_wrk, requests_per_second
from bench.measure import DESK, Subject, rounds, status_of
from bench.servers import ROOT, BenchError, Server, bare, gunicorn, in_site, scratch_site, target
from scripts.debian import Unavailable
from scripts.postgres import signals_unwind

SITE = "site"
QUICK_SIZE, QUICK_ROUNDS, QUICK_SECONDS = 100, 2, 0.02
SECONDS = 0.3  # for one turn; CPU is read in nanoseconds, but the speed of a machine varies


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, nargs="+", default=[2_500], help="posts on the site (default 2500)")
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--target", action="append", default=[], metavar="NAME=URL", help="another site, as a column")
    parser.add_argument("--output", type=Path, default=ROOT / "bench" / "results.json", help="where the runs are kept")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="fill the SQLite site there, and go on with it next time"
    )
    parser.add_argument("--profile", metavar="PAGE", help="show where the time of a page goes, and measure nothing")
    parser.add_argument("--quick", action="store_true", help="see whether it runs: few posts, nothing is kept")
    options = parser.parse_args(arguments)
    names = [SITE, *(argument.partition("=")[0] for argument in options.target)]
    if len(set(names)) < len(names):
        parser.error(f"every --target needs a name of its own, and none may be {SITE!r}")
    if options.rounds < 1 or min(options.size) < 1:
        parser.error("--rounds and --size must be 1 or more")
    options.servers, options.seconds = names, SECONDS
    if options.quick:
        options.size, options.rounds, options.seconds = [QUICK_SIZE], QUICK_ROUNDS, QUICK_SECONDS
    return options


def subjects_of(described: dict[str, Any], site: Server, targets: list[Server]) -> list[Subject]:
    """Returns all pages of the site, and those public ones that the targets have too."""
    cookies = {name: described["cookie"] if name.startswith(DESK) else "" for name in described["pages"]}
    ours = [Subject(name, page["path"], site, cookies[name]) for name, page in described["pages"].items()]
    theirs = [subject._replace(server=server) for server in targets for subject in ours if not subject.cookie]
    return ours + [subject for subject in theirs if status_of(subject) == 200]


def measure(environment: dict[str, str], size: int, options: argparse.Namespace) -> dict[str, Any]:
    described = json.loads(in_site(environment, "describe", str(size)))
    directory = Path(environment["DATA_DIR"])
    with (
        bare(report.WSGI, "bench.bare_wsgi", directory) as wsgi,
        bare(report.VIEW, "bench.bare_django", directory) as view,
        gunicorn(SITE, "allforces.wsgi", environment, directory / "site.log") as site,
    ):
        unit = Subject("", "/", view)
        targets = [target(argument) for argument in options.target]
        subjects = [Subject("", "/", wsgi), unit, *subjects_of(described, site, targets)]
        found = list(rounds(subjects, unit, options.rounds, options.seconds))
        rates = {subject: requests_per_second(subject, options.seconds) for subject in subjects} if has_wrk() else {}
    about = {"posts": size, "measured_on": time.strftime("%Y-%m-%d"), "machine": report.machine()}
    about["load"] = os.getloadavg()[1]  # over five minutes, with our own: on a busy machine the figures scatter
    return report.run_record(found, described, about, rates)


def run(options: argparse.Namespace) -> None:
    for database in options.database:
        with scratch_site(database, options.keep) as environment:
            for size in sorted(options.size):  # the site grows from one to the next
                if options.profile:
                    print(in_site(environment, "profile", str(size), options.profile))
                    continue
                record = {"database": database, **measure(environment, size, options)}
                runs = {} if options.quick else report.store(options.output, record)
                print(report.table(record, options.servers, report.smallest(runs, record)), flush=True)
                store.run(environment, size, options.rounds)
    if not options.profile:
        for size in sorted(options.size) if not options.quick else ():
            replay.run(size)
        search.run(options.database, searched_sizes(options), options.keep and options.keep / "search")


def searched_sizes(options: argparse.Namespace) -> list[int]:
    """The sizes of the sites to search in; 0 stands for the real articles."""
    sizes = [size for size in sorted(options.size) if size <= search.MOST_READ]
    return [0, *sizes] if os.environ.get("CORPUS_DIR") and not options.quick else sizes


def main() -> None:
    options = parse(sys.argv[1:])
    if sys.platform != "linux":
        sys.exit("The measurements read /proc, which only Linux has.")
    try:
        with signals_unwind():
            run(options)
    except (BenchError, Unavailable) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

"""Measures the search: what it finds against a reading of every article, how long it takes, and what its index costs.

    python -m bench.search                         the real articles in CORPUS_DIR
    python -m bench.search --size 100000           as many made-up ones
    python -m bench.search --database postgresql   on one database; without it on both

Each database gets a site of its own, which is deleted afterwards.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.servers import ROOT, BenchError, scratch_site
from scripts.debian import Unavailable
from scripts.postgres import signals_unwind

DATABASES = ("sqlite", "postgresql")
FIRST_PAGE = 20
MOST_READ = 100_000  # articles: each is read for every question, and held in memory


def measure(database: str, size: int, keep: Path | None) -> dict[str, Any]:
    """Fills a site and measures its search, in a process with the site's own settings. Raises BenchError."""
    with scratch_site(database, keep) as environment:
        command = [sys.executable, "-m", "bench.search_site", str(size)]
        result = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        raise BenchError("The measurement failed; the lines above say why.")
    measured: dict[str, Any] = json.loads(result.stdout)
    return measured


def table(database: str, measured: dict[str, Any]) -> str:
    about = measured["about"]
    rows = [
        f"\n{database}, {about['posts']:,} articles. Of {about['turns']} turns the median and the least, at a load of",
        f"{about['load']:.1f} on {os.cpu_count()} cores: the median scatters as soon as others work.\n",
        f"{'':34}{'articles':>9}{'found':>7}{'recall':>8}{'precision':>10}{'median ms':>11}{'least':>8}",
    ]
    for question, row in measured["questions"].items():
        wide = sum(ord(char) > 0x2000 and not 0xFF61 <= ord(char) <= 0xFF9F for char in question)
        found = f"{row['found']:,}{'' if row['is_exact'] else '+'}"
        cells = f"{row['true']:>9,}{found:>7}{row['recall']:>8.3f}{row['precision']:>10.3f}"
        rows.append(question + " " * (34 - len(question) - wide) + cells + f"{row['ms']:>11.1f}{row['least_ms']:>8.1f}")
    return "\n".join([*rows, "", *_summary(about)])


def _summary(about: dict[str, Any]) -> list[str]:
    return [
        f"p95 {about['p95']:.1f} ms (least {about['p95_least']:.1f}),"
        f" the whole page of the desk's list {about['p95_desk']:.1f} ms (least {about['p95_least_desk']:.1f})",
        f"recall {about['recall']:.4f}, precision {about['precision']:.4f}, first page as it should be"
        f" {about['ordered']:.0%}",
        f"index {about['index_bytes'] / 1e6:,.1f} MB, {about['index_bytes'] / about['text_bytes']:.2f} times the texts",
        f"a save of another text takes {about['save_ms']:.1f} ms more (least {about['save_least_ms']:.1f}, mean"
        f" {about['save_mean_ms']:.1f}, most {about['save_most_ms']:.1f}); {about['rate']:,.0f} articles a second were"
        " made",
        *(["related: " + _related(about["related"])] if about["related"] else []),
    ]


def _related(figures: dict[str, float]) -> str:
    return (
        f"{figures['offers']:,} offers, {figures['sharing']:.1%} share a rare word; {figures['offered']:.1%} of the"
        f" articles are offered, none more than {figures['most']} times; {figures['shown']:.1%} on a page whose writer"
        f" lists none by hand; {figures['threads']:,} threads of {figures['in_threads']:,} articles, the longest of"
        f" {figures['longest']}"
    )


def agreement(runs: list[dict[str, Any]]) -> str:
    pages = [[row["first"] for row in run["questions"].values()] for run in runs]
    same = sum(all(page == others[0] for page in others) for others in zip(*pages, strict=True))
    return f"\nThe first {FIRST_PAGE} are the same on all databases for {same} of {len(pages[0])} questions."


def run(databases: Sequence[str], sizes: Iterable[int], keep: Path | None) -> None:
    """Prints the table of each database for each size; 0 stands for the real articles. Raises BenchError."""
    for size in sizes:
        runs = []
        for database in databases:
            runs.append(measure(database, size, keep))
            print(table(database, runs[-1]), flush=True)
        if len(runs) > 1:
            print(agreement(runs), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser("bench.search", description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=0, help="made-up posts, instead of those in CORPUS_DIR")
    parser.add_argument("--database", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="fill the SQLite site there, and go on with it next time"
    )
    options = parser.parse_args()
    if not options.size and not os.environ.get("CORPUS_DIR"):
        sys.exit("Set CORPUS_DIR to a Jekyll site, or give --size.")
    try:
        with signals_unwind():
            run(options.database, [options.size], options.keep)
    except (BenchError, Unavailable) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

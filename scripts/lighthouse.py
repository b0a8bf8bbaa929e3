"""Lighthouse's four scores of the front page, a section and an article on a phone: the median of several runs."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts import chromium, debian, node
from scripts.debian import Unavailable
from scripts.postgres import signals_unwind
from tests.sites import server

PAGES = {"front page": "/", "section": "/category/tech/", "article": "/2026/09/29/inference-cost-total/"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PERFECT = 100
RUN_SECONDS = 180


class LighthouseFailed(Exception):
    """There is no report; the message holds what Lighthouse said."""


def report(url: str, output: Path) -> dict:
    """Lighthouse's own report on one load of the page, with its simulated slow phone."""
    command = [debian.require("node", "nodejs"), node.ensure("lighthouse") / "cli" / "index.js", url]
    command += ["--quiet", "--output=json", f"--output-path={output}", f"--only-categories={','.join(CATEGORIES)}"]
    flags = ["--headless=new", "--no-sandbox", *chromium.ARGUMENTS]
    command.append(f"--chrome-flags={' '.join(flags)}")
    environment = os.environ | {"CHROME_PATH": chromium.ensure()}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=RUN_SECONDS)
    if result.returncode:
        raise LighthouseFailed(f"{url}:\n{result.stderr}")
    return json.loads(output.read_text())


def medians(reports: list[dict]) -> dict[str, float]:
    """The median of each score, from 0 to 100."""
    scores = {name: [report["categories"][name]["score"] or 0 for report in reports] for name in CATEGORIES}
    return {name: round(100 * statistics.median(values)) for name, values in scores.items()}


def losses(report: dict) -> set[str]:
    """The audits that cost points, in words."""
    weighed = {ref["id"] for name in CATEGORIES for ref in report["categories"][name]["auditRefs"] if ref["weight"]}
    audits = [report["audits"][name] for name in weighed]
    imperfect = [audit for audit in audits if audit["score"] is not None and audit["score"] < 1]
    return {f"{audit['title']} {audit.get('displayValue', '')}".strip() for audit in imperfect}


def measure(origin: str, runs: int, output: Path) -> bool:
    """Print a line a page; say whether every median is perfect."""
    perfect = True
    print("".join(f"{name:>16}" for name in ("page", *CATEGORIES, "machine")))
    for page, path in PAGES.items():
        reports = [report(origin + path, output) for _ in range(runs)]
        found = medians(reports)
        # Lighthouse's own measure of how fast this machine was meanwhile; below 1000 the times are not the page's.
        speed = statistics.median(report["environment"]["benchmarkIndex"] for report in reports)
        print("".join(f"{value:>16}" for value in (page, *found.values(), round(speed))), flush=True)
        if min(found.values()) < PERFECT:
            perfect = False
            print("".join(f"    {loss}\n" for loss in sorted(set().union(*map(losses, reports)))), end="")
    return perfect


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="loads of each page (default 5)")
    runs = parser.parse_args().runs
    try:
        with tempfile.TemporaryDirectory(prefix="allforces-lighthouse-") as name:
            folder = Path(name)
            server.prepare(folder, "sample")
            with server.serve(folder, "sample", "allforces.wsgi") as origin:
                return int(not measure(origin, runs, folder / "report.json"))
    except (Unavailable, LighthouseFailed) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    try:
        with signals_unwind():
            sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

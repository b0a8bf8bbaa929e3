"""Measures Lighthouse's four scores of four pages on a phone: front, section, article, edition; medians of runs."""

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts import chromium, debian, node
from scripts.debian import Unavailable
from scripts.postgres import signals_unwind
from tests.sites import server

PAGES = {
    "front page": "/",
    "section": "/category/tech/",
    "article": "/2026/09/29/inference-cost-total/",
    "edition": "/2026/11/18/",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PERFECT = 100
RUN_SECONDS = 180


class LighthouseFailed(Exception):
    """Lighthouse made no report; the message holds its output."""


def report(url: str, output: Path) -> dict:
    """Lighthouse's report on one load of the page, with one more try: a busy machine loses a trace now and then."""
    try:
        return load(url, output)
    except LighthouseFailed as error:
        print(f"once more: {error}", file=sys.stderr)
        return load(url, output)


def load(url: str, output: Path) -> dict:
    """The report on one load on a simulated slow phone, in a browser of its own. Raises LighthouseFailed."""
    command = [debian.require("node", "nodejs"), node.ensure("lighthouse") / "cli" / "index.js", url]
    command += ["--quiet", "--output=json", f"--output-path={output}", f"--only-categories={','.join(CATEGORIES)}"]
    with tempfile.TemporaryDirectory(prefix="allforces-browser-", ignore_cleanup_errors=True) as profile:
        flags = ["--headless=new", "--no-sandbox", f"--user-data-dir={profile}", *chromium.ARGUMENTS]
        command.append(f"--chrome-flags={' '.join(flags)}")
        environment = os.environ | {"CHROME_PATH": chromium.ensure()}
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, env=environment, start_new_session=True, **pipes) as running:
            try:
                _, said = running.communicate(timeout=RUN_SECONDS)
            except subprocess.TimeoutExpired:
                said = f"no report in {RUN_SECONDS} seconds"
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running.pid, signal.SIGKILL)  # a browser that is left would take the next trace
    if running.returncode:
        raise LighthouseFailed(f"{url}:\n{said}")
    return json.loads(output.read_text())


def medians(reports: list[dict]) -> dict[str, float]:
    """Returns the median of each score, from 0 to 100."""
    scores = {name: [report["categories"][name]["score"] or 0 for report in reports] for name in CATEGORIES}
    return {name: round(100 * statistics.median(values)) for name, values in scores.items()}


def losses(report: dict) -> set[str]:
    """Describes the audits that cost points."""
    weighed = {ref["id"] for name in CATEGORIES for ref in report["categories"][name]["auditRefs"] if ref["weight"]}
    audits = [report["audits"][name] for name in weighed]
    imperfect = [audit for audit in audits if audit["score"] is not None and audit["score"] < 1]
    return {f"{audit['title']} {audit.get('displayValue', '')}".strip() for audit in imperfect}


def measure(origin: str, runs: int, output: Path) -> bool:
    """Prints a line for each page and returns whether every median is perfect."""
    perfect = True
    print("".join(f"{name:>16}" for name in ("page", *CATEGORIES, "machine")))
    for page, path in PAGES.items():
        reports = [report(origin + path, output) for _ in range(runs)]
        found = medians(reports)
        # Lighthouse measures how fast the machine is meanwhile; below 1000, the times tell little about the page.
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

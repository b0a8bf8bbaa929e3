"""PostgreSQL is restarted again and again while editors save at the desk of a real gunicorn.

No editor may see more than one error of a restart, and what was acknowledged must be there afterwards.
"""

import json
import signal
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bench.servers import gunicorn, site_environment
from scripts.postgres import Cluster, free_port, new_cluster
from tests.drill.sites import Site, Sites
from tests.drill.tallies import Tally
from tests.sites.server import copy_tables

EDITORS = 6
SAVES = 30  # before each restart, and after the last
TOO_MANY = 200  # errors after which the site is broken
MODES = (signal.SIGINT, signal.SIGQUIT)  # of pg_ctl: "fast", which ends all transactions, and "immediate", a crash
AWAY = 3.0  # seconds until it is started again


def drill(sites: Sites, restarts: int, *, is_patient: bool = False, static: Path | None = None) -> Tally:
    """`static` is where static files are collected already."""
    if not sites.server:
        return Tally("SQLite has no server to restart")
    with new_cluster() as cluster:
        cluster.settings["synchronous_commit"] = "on"  # as everywhere but in tests: what is acknowledged is written
        folder = sites.folder / "restarts"
        folder.mkdir()
        settings = {"WEB_CONCURRENCY": "2", "STATIC_ROOT": str(static or folder / "static")}
        site = Site(folder, site_environment(folder, cluster.start(), free_port()) | settings)
        if sites.tables:
            copy_tables(sites.server, sites.tables, site.environment["DATABASE_URL"])
        else:
            site.manage("migrate", "-v0")
        if static is None:
            site.manage("collectstatic", "--no-input", "-v0")
        with gunicorn("site", "allforces.wsgi", site.environment, folder / "gunicorn.log"):
            return judged(outcome(site, cluster, restarts), restarts, is_patient=is_patient)


def outcome(site: Site, cluster: Cluster, restarts: int) -> dict:
    """What the editors saw, and what they miss."""
    with site.start("-m", "tests.drill.editors", str(EDITORS)) as editors:
        try:
            for number in range(restarts):
                wait_for_saves(editors.stdout)
                cluster.stop(MODES[number % len(MODES)])
                time.sleep(AWAY)
                cluster.serve()
            wait_for_saves(editors.stdout)
            editors.stdin.close()
            return json.loads(next(line for line in editors.stdout if line.startswith("{")))
        finally:
            editors.kill()


def wait_for_saves(told: Iterable[str]) -> None:
    counts = Counter()
    for line in told:
        counts[line.strip()] += 1
        if counts["saved"] >= SAVES:
            return
        if counts["error"] > TOO_MANY:
            break
    raise RuntimeError(f"the editors cannot save: {counts}")


def judged(found: dict, restarts: int, *, is_patient: bool = False) -> Tally:
    """More errors than restarts for one editor are failures too; not if `is_patient`, for a machine that is busy."""
    saves, seen = sum(found["saves"]), found["seen"]
    tally = Tally(
        f"{restarts} restarts under {saves:,} saves of {len(seen)} editors: {len(found['lost'])} of them lost, "
        f"errors seen by each {[len(errors) for errors in seen]}, the longest answer after {found['longest']:.1f} s",
        [*found["lost"]],
    )
    if is_patient:
        return tally
    tally.failures += [f"an editor saw of {restarts} restarts: {errors}" for errors in seen if len(errors) > restarts]
    return tally

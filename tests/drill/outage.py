"""PostgreSQL stops under readers, and comes back."""

import time
from collections import Counter

from bench.servers import site_environment
from scripts.postgres import Cluster, free_port, new_cluster
from tests.delivery.real.site import ARTICLES, Reader, RealSite, served
from tests.drill.sites import Site, Sites
from tests.drill.tallies import Tally
from tests.drill.workers import prepared
from tests.patience import PATIENCE

READERS = 8
FRESH_SECONDS = 2.0  # within which readers see an edit that is made once the database is back
STORED = {"hit", "stale"}
WITHDRAWN = "article-1"


def drill(sites: Sites, seconds: float) -> Tally:
    """`seconds` is how long the database stays away; at least until the workers know."""
    if not sites.server:
        return Tally("SQLite has no server to stop")
    with new_cluster() as cluster:
        folder = sites.folder / "outage"
        folder.mkdir()
        site = prepared(Site(folder, site_environment(folder, cluster.start(), free_port())))
        with served(site, workers=2) as real:
            return lose_database(real, cluster, seconds)


def lose_database(real: RealSite, cluster: Cluster, seconds: float) -> Tally:
    tally, withdrawn = Tally(), real.path(1)
    paths = ["/", "/feed.xml", *(real.path(number) for number in range(2, ARTICLES))]
    with real.readers(READERS) as readers:
        statuses = [statuses_of(ask_all(readers, [*paths, withdrawn]))]
        real.edit("withdraw", WITHDRAWN)
        statuses += [statuses_of(ask_all(readers, asked)) for asked in ([withdrawn], paths)]
        if statuses != [{200}, {404}, {200}]:
            tally.failures.append(f"before it stopped, pages were answered with {statuses}")
        cluster.stop()
        found = read_without_database(tally, readers, paths, withdrawn, seconds)
        cluster.serve()
    tally.figures += f"{found.total():,} answers without a database: {dict(found)}; "
    if wrong := {each: number for each, number in found.items() if each[0] != 200 or each[1] not in STORED}:
        tally.failures.append(f"pages that were stored are answered with {wrong}")
    come_back(tally, real)
    return tally


def ask_all(readers: list[Reader], paths: list[str]) -> Counter[tuple[int, str]]:
    return Counter((answer.status, answer.outcome) for reader in readers for answer in map(reader.ask, paths))


def statuses_of(found: Counter[tuple[int, str]]) -> set[int]:
    return {status for status, _ in found}


def read_without_database(
    tally: Tally, readers: list[Reader], paths: list[str], withdrawn: str, seconds: float
) -> Counter[tuple[int, str]]:
    found, began = Counter[tuple[int, str]](), time.monotonic()
    # The workers need a second to find out. Until then they know that nothing has changed.
    while time.monotonic() - began < seconds or (200, "stale") not in found:
        if time.monotonic() - began > seconds + PATIENCE:
            tally.failures.append("no worker says that the database is away")
            break
        found += ask_all(readers, paths)
        if (answer := readers[0].ask(withdrawn)).status == 200:
            tally.failures.append(f"a withdrawn page is sent ({answer.outcome})")
    return found


def come_back(tally: Tally, real: RealSite) -> None:
    title, slowest = "戻ってからの題", 0.0
    real.edit("retitle", "article-2", title)
    committed = time.monotonic()
    with real.readers(READERS) as readers:
        for reader in readers:
            while title not in reader.ask("/").text and (slowest := time.monotonic() - committed) < PATIENCE:
                time.sleep(0.02)
    tally.figures += f"an edit after its return was seen within {slowest:.1f} s"
    if slowest >= PATIENCE:
        tally.failures.append("an edit after its return was never shown")
    elif slowest > FRESH_SECONDS:
        tally.failures.append(f"an edit after its return was seen after {slowest:.1f} s only")

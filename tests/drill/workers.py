"""Real workers, each with a store of its own, while pages change, staff are among the readers and workers are killed.

A second group of workers has memory of its own, as on another host: it hears of changes from the database alone.
"""

import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from random import Random
from threading import Event

from bench.processes import with_descendants
from bench.servers import gunicorn
from scripts.postgres import free_port
from tests.delivery.reader import Received
from tests.delivery.real.site import STORE_BYTES, Reader, RealSite, reader_of, served
from tests.drill.sites import Site, Sites
from tests.drill.tallies import Tally
from tests.patience import PATIENCE

READERS = 16  # connections; each of four workers holds some
ELSEWHERE_SECONDS = 1.5  # within which readers of another host see an edit
EDITS_AT_ONCE = 10  # after so many the other host is asked
EDIT_SECONDS = 0.2  # between two edits while staff and readers ask: pages are stored, and change again
PUBLIC = ("/", "/feed.xml")


def drill(sites: Sites, edits: int, requests: int, seconds: float) -> Tally:
    tally, site = Tally(), prepared(sites.make("serving", PORT=str(free_port())))
    with served(site) as real:
        follow_edits(tally, real, edits)
        mix(tally, real, requests)
        kill_workers(tally, real, seconds)
    return tally


def prepared(site: Site) -> Site:
    site.manage("migrate", "-v0")
    site.manage("collectstatic", "--no-input", "-v0")
    return site


def follow_edits(tally: Tally, real: RealSite, edits: int) -> None:
    """After each edit the very next request of every worker must show it, and those of another host soon."""
    stale, slowest = 0, 0.0
    paths = [real.path(number) for number in range(4)]
    with real.readers(READERS) as readers, other_host(real.kept_in) as elsewhere:
        for number in range(edits):
            which, title = number % len(paths), f"題その{number}号"
            real.edit("retitle", f"article-{which}", title)
            committed = time.monotonic()
            pages = (paths[which], *PUBLIC)
            stale += sum(title not in reader.ask(page).text for reader in readers for page in pages)
            if number % EDITS_AT_ONCE == 0:
                slowest = max(slowest, seconds_until_seen(elsewhere, pages, title, committed))
    told = f"{edits} edits at 4 workers: {stale} answers without them; on another host seen within {slowest:.1f} s; "
    tally.figures += told
    if stale:
        tally.failures.append(f"{stale} answers were older than the edit before them")
    if slowest >= PATIENCE:
        tally.failures.append("another host never showed an edit")
    elif slowest > ELSEWHERE_SECONDS:
        tally.failures.append(f"another host showed an edit after {slowest:.1f} s only")


@contextlib.contextmanager
def other_host(site: Site) -> Iterator[list[Reader]]:
    """Readers of workers that share nothing with the others but the database."""
    folder = site.folder / "other"
    folder.mkdir()
    port = free_port()
    settings = site.environment | {"DATA_DIR": str(folder), "PORT": str(port), "WEB_CONCURRENCY": "2"}
    settings |= {"PAGE_STORE_BYTES": str(STORE_BYTES)}
    with (
        gunicorn("other", "allforces.wsgi", settings, folder / "gunicorn.log") as server,
        contextlib.ExitStack() as stack,
    ):
        yield [stack.enter_context(reader_of(server)) for _ in range(READERS // 2)]


def seconds_until_seen(readers: list[Reader], pages: tuple[str, ...], title: str, since: float) -> float:
    for reader in readers:
        for page in pages:
            while title not in reader.ask(page).text:
                if time.monotonic() - since > PATIENCE:
                    return PATIENCE
    return time.monotonic() - since


def mix(tally: Tally, real: RealSite, requests: int) -> None:
    """Staff and readers ask for the same pages while these change; nobody may get an answer that is another's."""
    cookie, paths = real.edit("log_in"), [*PUBLIC, "/admin/", real.path(2), real.path(3)]
    has_ended = Event()

    def read(seed: int) -> Counter[str]:
        random, found = Random(seed), Counter[str]()
        with real.reader() as reader:
            for _ in range(requests // 8):
                is_staff, path = random.random() < 0.4, random.choice(paths)
                answer = reader.ask(path, **({"cookie": cookie} if is_staff else {}))
                found[judged(answer, path, is_staff=is_staff)] += 1
        return found

    with ThreadPoolExecutor(9) as threads:
        editing = threads.submit(keep_editing, real, has_ended)
        found = sum((each for each in threads.map(read, range(8))), Counter[str]())
        has_ended.set()
        edits = editing.result()
    tally.figures += f"{found.total():,} requests of staff and readers beside {edits} edits: {dict(found)}; "
    if found.keys() != {"staff", "reader"}:
        tally.failures.append(f"staff and readers got {dict(found)}")


def judged(answer: Received, path: str, *, is_staff: bool) -> str:
    """ "staff" or "reader" for an answer that is right for them, and else what is wrong."""
    status = 302 if path == "/admin/" and not is_staff else 200
    is_public = path != "/admin/"
    is_right = answer.status == status and is_public == (answer.outcome != "bypass")
    if is_public:
        is_right &= "Set-Cookie" not in answer.headers and "csrfmiddlewaretoken" not in answer.text
    else:
        is_right &= "private" in answer.headers["Cache-Control"]
    if is_staff and not is_public:
        is_right &= "csrfmiddlewaretoken" in answer.text  # of the button that logs out
    who = "staff" if is_staff else "reader"
    return who if is_right else f"{who} at {path}: {answer.status}, {answer.outcome}"


def keep_editing(real: RealSite, has_ended: Event) -> int:
    number = 0
    while not has_ended.wait(EDIT_SECONDS):
        real.edit("retitle", "article-2", f"途中の題{number}")
        number += 1
    return number


def kill_workers(tally: Tally, real: RealSite, seconds: float, pause: float = 0.3) -> None:
    """Kills one worker after the other; each answer that arrives must be the right one, whole."""
    paths = [real.path(number) for number in range(3, 8)]
    expected = {path: real.ask(path).body for path in paths}
    has_ended, random, kills = Event(), Random(0), 0

    def read(seed: int) -> tuple[int, list[str]]:
        random, right, wrong = Random(seed), 0, []
        while not has_ended.is_set():
            with contextlib.suppress(HTTPException, OSError), real.reader() as reader:
                for _ in range(20):
                    path = random.choice(paths)
                    answer = reader.ask(path, accept_encoding="br")
                    if (answer.status, answer.body) == (200, expected[path]):
                        right += 1
                    else:
                        wrong.append(f"{answer.status} {path}")
        return right, wrong

    (master,) = real.server.roots
    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read, seed) for seed in range(4)]
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if workers := sorted(with_descendants({master}) - {master}):
                os.kill(random.choice(workers), signal.SIGKILL)
                kills += 1
            time.sleep(pause)
        has_ended.set()
    results = [reader.result() for reader in readers]
    right, wrong = sum(number for number, _ in results), [each for _, found in results for each in found]
    tally.figures += f"{kills} workers killed under {right:,} right answers and {len(wrong)} wrong ones"
    tally.failures += wrong
    if not right or real.ask(paths[0]).status != 200:
        tally.failures.append("nobody answers while workers are killed")

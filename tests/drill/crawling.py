"""A crawler asks for ever new addresses: readers get what they always got, and no worker takes ever more memory."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from bench.processes import with_descendants
from scripts.postgres import free_port
from tests.delivery.reader import Received
from tests.delivery.real.site import STORE_BYTES, RealSite, served
from tests.drill.sites import Sites
from tests.drill.tallies import Tally
from tests.drill.workers import prepared

CRAWLERS, WORKERS = 4, 2
FIRST_SHARE = 10  # memory is compared with what the workers have taken after the first tenth of the addresses
# Half of them name a page, as far as the number counts for nothing.
ADDRESSES = (
    "/{page}?utm_source={number}",
    "/{page}?fbclid={number}&utm_medium=%E7%9F%A5",
    "/{page}?q{number}={number}",
    "/{page}?page={number}",
    "/2026/01/01/nothing-{number}/",
    "/nowhere/{number}",
    "//nowhere.example/{number}/",
    "/%E6%8A%95%E8%B3%87%00{number}/",
)
HEADERS = (
    {},
    {"accept_encoding": "gzip"},
    {"accept_encoding": "br;q=0, odd", "x_forwarded_host": "crawler.example"},
    {"accept_encoding": "br", "cookie": "crawler=1", "x_forwarded_proto": "https"},
)


def drill(sites: Sites, addresses: int) -> Tally:
    site = prepared(sites.make("crawls", PORT=str(free_port())))
    with served(site, workers=WORKERS) as real:
        return crawl(real, addresses)


def crawl(real: RealSite, addresses: int) -> Tally:
    """Asks for so many addresses, none of them twice; meanwhile and afterwards readers ask for the pages."""
    pages = ["/", "/feed.xml", *(real.path(number) for number in range(4))]
    expected = {page: real.ask(page).body for page in pages}
    first = addresses // FIRST_SHARE
    found = asked_by_crawlers(real, range(first), pages)
    warm = most_memory(real)
    has_ended = Event()
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(read, real, expected, has_ended)
        try:
            found += asked_by_crawlers(real, range(first, addresses), pages)
        finally:
            has_ended.set()
    right, wrong = reading.result()
    return judged(found, wrong, right, (warm, most_memory(real)))


def asked_by_crawlers(real: RealSite, numbers: range, pages: list[str]) -> Counter[int]:
    """How often each status came."""

    def ask(mine: range) -> Counter[int]:
        with real.reader() as reader:
            return Counter(reader.ask(address(number, pages), **headers(number)).status for number in mine)

    with ThreadPoolExecutor(CRAWLERS) as threads:
        return sum(threads.map(ask, (numbers[one::CRAWLERS] for one in range(CRAWLERS))), Counter())


def address(number: int, pages: list[str]) -> str:
    kind, page = ADDRESSES[number % len(ADDRESSES)], pages[number // len(ADDRESSES) % len(pages)]
    return kind.format(page=page.removeprefix("/"), number=number)


def headers(number: int) -> dict[str, str]:
    return HEADERS[number // len(ADDRESSES) % len(HEADERS)]


def read(real: RealSite, expected: dict[str, bytes], has_ended: Event) -> tuple[int, list[str]]:
    """Asks for the pages in turn, once more after the end; returns how many answers were right, and the wrong ones."""
    right, wrong, is_last = 0, [], False
    with real.reader() as reader:
        while not is_last:
            is_last = has_ended.wait(0.1)
            for page, body in expected.items():
                if is_right(answer := reader.ask(page, accept_encoding="br"), body):
                    right += 1
                else:
                    wrong.append(f"{answer.status} {page}")
    return right, wrong


def is_right(answer: Received, body: bytes) -> bool:
    return (answer.status, answer.body) == (200, body) and "crawler" not in str(answer.headers)


def most_memory(real: RealSite) -> int:
    """The bytes that the largest worker holds, on Linux only."""
    return max(resident(pid) for pid in with_descendants(real.server.roots))


def resident(pid: int) -> int:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def judged(found: Counter[int], wrong: list[str], right: int, memory: tuple[int, int]) -> Tally:
    """`memory` is that of the largest worker, in bytes, after the first addresses and after the last."""
    warm, last = (round(taken / 2**20) for taken in memory)
    statuses = ", ".join(f"{count:,} × {status}" for status, count in sorted(found.items()))
    tally = Tally(
        f"{found.total():,} addresses asked for once ({statuses}) beside {right:,} right answers to readers; the"
        f" largest worker holds {warm} MB after a tenth of them and {last} MB at the end"
    )
    tally.failures += [f"a reader got another page: {each}" for each in wrong]
    tally.failures += [f"{found[status]} answers of {status}" for status in found if status >= 500]
    if not right:
        tally.failures.append("no reader got a page")
    if memory[1] - memory[0] > STORE_BYTES:
        tally.failures.append("the workers take ever more memory")
    return tally

"""Articles are scheduled at the desk for the edges of Tokyo's days, months and years, and every page is asked for them.

A microsecond before its time no page may show an article, from then on each of its pages must, and the archives of the
days, months and years beside it never. Run in the environment of an empty site: `python -m tests.drill.clocks`.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import django
import time_machine

from tests.drill.tallies import Tally

TOKYO = ZoneInfo("Asia/Tokyo")
EDGES = (
    "2026-04-01 23:59:59",  # the last second of a day
    "2026-04-02 00:00:00",
    "2026-05-01 00:00:00",  # the first of a month
    "2026-12-31 23:59:59",
    "2027-01-01 00:00:00",  # of a year, which begins in London nine hours later
    "2027-01-01 08:59:59",
    "2027-01-01 09:00:00",
    "2028-02-29 00:00:00",  # the day that most years do not have
    "2028-03-12 19:00:00",  # clocks go forward in New York
)
TICK = timedelta(microseconds=1)


def archives(day: datetime) -> list[str]:
    return [f"/{day:%Y/%m}/", f"/{day:%Y/%m/%d}/", f"/sitemaps/posts-{day:%Y-%m}.xml"]


def surfaces(path: str, day: datetime) -> list[str]:
    lists = ["/", "/articles/", "/category/markets/", "/tags/edge/", "/authors/editors/", "/search/?q=境目"]
    feeds = ["/feed.xml", "/atom.xml", "/feed.json", "/tags/edge/feed.xml"]
    return [path, f"{path}index.md", *lists, *feeds, *archives(day)]


def showing(client: object, slug: str, addresses: list[str]) -> set[str]:
    answers = {address: client.get(address) for address in addresses}  # type: ignore[attr-defined]
    found = {address for address, answer in answers.items() if answer.status_code == 200}
    return {address for address in found if slug in answers[address].content.decode()}


def schedule(number: int, edge: datetime) -> str:
    """Schedules an article as an editor types it, two days before, and returns where it will be."""
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.admin.desk import save, url_of
    from tests.factories import make_draft

    editor = Client(SERVER_NAME="127.0.0.1")
    with time_machine.travel(edge - timedelta(days=2), tick=False):
        editor.force_login(User.objects.get(username="editor"))
        post = make_draft(f"境目の記事{number}", slug=f"edge-{number}", tags=["edge"])
        typed = {"publish_at_0": f"{edge:%Y-%m-%d}", "publish_at_1": f"{edge:%H:%M:%S}", "_schedule": "1"}
        answer = save(editor, url_of(post), **typed)
    if answer.status_code != 302:
        raise RuntimeError(f"the desk refuses {edge}: {answer.status_code}")
    return f"/{edge:%Y/%m/%d}/edge-{number}/"


def faults(number: int, edge: datetime, path: str) -> Iterator[str]:
    from django.test import Client

    reader, slug = Client(SERVER_NAME="127.0.0.1"), f"edge-{number}"
    asked = surfaces(path, edge)
    with time_machine.travel(edge - TICK, tick=False):
        yield from (f"{edge}: early at {address}" for address in showing(reader, slug, asked))
    with time_machine.travel(edge, tick=False):
        shown = showing(reader, slug, asked)
        yield from (f"{edge}: late at {address}" for address in asked if address not in shown)
        beside = {address for days in (-1, 1) for address in archives(edge + timedelta(days=days))} - {*asked}
        yield from (f"{edge}: misplaced at {address}" for address in showing(reader, slug, sorted(beside)))
        if edge.isoformat() not in reader.get(path).content.decode():
            yield f"{edge}: its page does not tell machines {edge.isoformat()}"
        if f"{edge.astimezone(UTC):%a, %d %b %Y %H:%M:%S}" not in _in_utc(reader.get("/feed.xml").content.decode()):
            yield f"{edge}: the feed has another time"


def _in_utc(feed: str) -> str:
    from email.utils import format_datetime, parsedate_to_datetime
    from re import findall

    dates = [parsedate_to_datetime(date) for date in findall("<pubDate>([^<]+)<", feed)]
    return "\n".join(format_datetime(date.astimezone(UTC)) for date in dates)


def drill() -> Tally:
    from django.contrib.auth.models import User

    from tests.factories import make_post

    User.objects.create_user("editor", is_staff=True, is_superuser=True)
    make_post("前からある記事", slug="before", at=datetime(2025, 6, 1, tzinfo=TOKYO), tags=["edge"])
    edges = [datetime.fromisoformat(edge).replace(tzinfo=TOKYO) for edge in EDGES]
    tally = Tally()
    for number, edge in enumerate(edges):
        tally.failures += faults(number, edge, schedule(number, edge))
    asked = len(surfaces("/", edges[0]))
    tally.figures = f"{len(edges)} edges at {asked} addresses each: {len(tally.failures)} early, late or misplaced"
    return tally


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    found = drill()
    print(found)
    sys.exit(not found.is_clean)

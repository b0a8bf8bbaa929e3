from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from blog.jekyll.permalinks import PostImport, TakenAlias, assign, post_path
from blog.jekyll.reading import parse_file_name
from blog.jekyll.tree import PostFile

TOKYO = ZoneInfo("Asia/Tokyo")


def item(name: str, moment: str, **fields) -> PostImport:
    by_name = parse_file_name(name)
    when = datetime.fromisoformat(moment).astimezone(TOKYO)
    values = {"moment": when, "live": by_name._replace(day=when.date()), **fields}
    return PostImport(PostFile(name, name), "", by_name, **values)


def paths(*items: PostImport) -> dict[str, str]:
    return {item.name: item.path for item in items}


def test_the_day_is_tokyos_and_the_file_names_day_is_an_alias():
    one = item("2026-04-01-a.md", "2026-04-01T15:00:00+00:00")

    assert assign([one], {}) == []
    assert (one.path, one.granted) == ("/2026/04/02/a/", ["/2026/04/01/a/"])


@pytest.mark.parametrize("order", [1, -1])
def test_the_later_date_wins_and_the_loser_lives_at_the_day_of_its_file_name(order):
    early = item("2026-04-01-a.md", "2026-04-01T16:00:00+00:00")
    late = item("2026-04-02-a.md", "2026-04-02T05:00:00+00:00")

    assert assign([early, late][::order], {}) == []
    assert paths(early, late) == {"2026-04-01-a.md": "/2026/04/01/a/", "2026-04-02-a.md": "/2026/04/02/a/"}


def test_a_loser_whose_file_name_day_is_a_live_permalink_gets_a_number():
    first = item("2026-03-31-a.md", "2026-03-31T16:00:00+00:00")
    middle = item("2026-04-01-a.md", "2026-04-01T16:00:00+00:00")
    last = item("2026-04-02-a.md", "2026-04-02T05:00:00+00:00")

    taken = assign([first, middle, last], {})

    assert middle.path == "/2026/04/02/a-2/"
    assert (first.path, last.path) == ("/2026/04/01/a/", "/2026/04/02/a/")
    assert taken == [TakenAlias("/2026/04/01/a/", "2026-04-01-a.md", "2026-03-31-a.md")]


def test_a_stored_post_keeps_its_url_and_a_later_newcomer_yields():
    newcomer = item("2026-04-02-a.md", "2026-04-02T05:00:00+00:00")

    taken = assign([newcomer], {"/2026/04/02/a/": 7})

    assert newcomer.path == "/2026/04/02/a-2/"
    assert taken == [TakenAlias("/2026/04/02/a/", "2026-04-02-a.md", 7)]


def test_live_permalinks_come_before_losers_and_losers_before_aliases():
    alias = item("2026-04-01-b.md", "2026-04-01T05:00:00+00:00", aliases=("/2026/04/01/a/", "/2026/04/02/a/"))
    loser = item("2026-04-01-a.md", "2026-04-01T16:00:00+00:00")
    winner = item("2026-04-02-a.md", "2026-04-02T05:00:00+00:00")

    taken = assign([alias, loser, winner], {})

    assert (loser.path, winner.path) == ("/2026/04/01/a/", "/2026/04/02/a/")
    assert {row.path for row in taken} == {loser.path, winner.path}


def test_an_alias_that_a_file_asks_for_comes_before_one_that_a_file_name_gives():
    named = item("2026-04-02-a.md", "2026-04-01T05:00:00+00:00")
    asking = item("2026-04-03-b.md", "2026-04-03T05:00:00+00:00", aliases=("/2026/04/02/a/", "/2026/04/03/b/"))

    assert assign([named, asking], {}) == [TakenAlias("/2026/04/02/a/", named.name, asking.name)]
    assert (named.granted, asking.granted) == ([], ["/2026/04/02/a/"])


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/2026/04/01/a/", "/2026/04/01/a/"),
        ("/2026/4/1/a", "/2026/04/01/a/"),
        ("/2026/04/01/A.html", "/2026/04/01/a/"),
        ("/2026/04/01/a-/index.html", "/2026/04/01/a/"),
    ],
)
def test_an_articles_path_is_known_in_every_spelling(written, path):
    assert post_path(written).path == path

"""The drill of concurrent saves in small, and that it would see a loss."""

import sys
from argparse import Namespace
from unittest import mock

import pytest
from django.test import TransactionTestCase

from tests.drill import __main__ as drills
from tests.drill import tallies
from tests.drill.__main__ import saves
from tests.drill.saves import PAIRS as PAIRS_OF_KINDS
from tests.drill.saves import Tally, drill
from tests.drill.sites import sites_on

PAIRS = 24


@pytest.mark.sqlite
def test_pairs_of_saves_on_a_file_lose_nothing(tables):
    """In a process of its own: the tests' SQLite lives in memory, where two threads see two databases."""
    with sites_on("sqlite", tables) as sites:
        tally = saves(sites, Namespace(pairs=PAIRS))
    assert tally.is_clean, str(tally)
    assert f"{PAIRS} pairs: {PAIRS} saved, {PAIRS} told" in tally.figures
    assert "0 texts lost, 0 errors" in tally.figures


@pytest.mark.sqlite
@pytest.mark.parametrize(("failures", "code"), [([], 0), (["texts are missing"], 1)])
def test_drill_prints_what_it_found_and_ends_with_whether_it_was_clean(monkeypatch, capsys, failures, code):
    found = {"saves": lambda sites, arguments: tallies.Tally(f"{arguments.pairs} pairs", failures)}
    monkeypatch.setattr(drills, "DRILLS", found)
    monkeypatch.setattr(sys, "argv", ["tests.drill", "saves", "--pairs", "2", "--database", "sqlite"])
    assert drills.main() == code
    assert capsys.readouterr().out.startswith("sqlite, saves: 2 pairs\n")


@pytest.mark.postgresql
class PostgresTests(TransactionTestCase):
    def test_pairs_of_saves_lose_nothing(self):
        tally = drill(PAIRS)
        assert tally.is_clean, str(tally)

    def test_lock_that_compares_no_versions_is_seen(self):
        with mock.patch("blog.editing.saving.check_version"), mock.patch("blog.editing.versions.pending.check_version"):
            tally = drill(6)
        assert not tally.is_clean

    def test_lock_that_compares_no_versions_of_static_pages_is_seen(self):
        with mock.patch("blog.editing.versions.static_pages.check_version"):
            tally = drill(len(PAIRS_OF_KINDS))
        assert not tally.is_clean


@pytest.mark.parametrize(
    "wrong",
    [
        {"told": 1, "saved": 3},
        {"told": 1},
        {"merged": 0},
        {"lost": ["lost: 文"]},
        {"errors": ["database is locked"]},
    ],
)
def test_tally_is_clean_only_if_every_pair_was_told_and_nothing_is_missing(wrong):
    counts = {"pairs": 2, "saved": 2, "told": 2, "merged": 1, "overwritten": 1}
    assert Tally(**counts).is_clean
    assert not Tally(**(counts | wrong)).is_clean

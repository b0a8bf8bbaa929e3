"""The drill of concurrent saves in small."""

from argparse import Namespace

import pytest
from django.test import TransactionTestCase

from tests.drill.__main__ import saves
from tests.drill.saves import drill
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


@pytest.mark.postgresql
class PostgresTests(TransactionTestCase):
    def test_pairs_of_saves_lose_nothing(self):
        tally = drill(PAIRS)
        assert tally.is_clean, str(tally)

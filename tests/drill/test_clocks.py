"""The drill of times of publication, and that it would see an article that is early, late or of another day."""

from datetime import datetime, timedelta

import pytest

from tests.drill import clocks
from tests.factories import make_post

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
EDGE = datetime.fromisoformat(clocks.EDGES[4]).replace(tzinfo=clocks.TOKYO)


@pytest.mark.postgresql  # which compares and truncates times in its own way
def test_articles_appear_at_the_second_of_tokyo_and_on_its_day():
    tally = clocks.drill()
    assert tally.is_clean, str(tally)
    assert "9 edges" in tally.figures


def found(published):
    make_post("境目の記事7", slug="edge-7", at=published, tags=["edge"])
    return "\n".join(clocks.faults(7, EDGE, "/2027/01/01/edge-7/"))


def test_article_at_its_time_is_no_fault():
    assert found(EDGE) == ""


def test_article_of_the_second_before_is_early_and_misplaced():
    told = found(EDGE - timedelta(seconds=1))
    assert "early at /feed.xml" in told
    assert "misplaced at /2026/12/31/" in told


def test_article_of_the_second_after_is_late():
    assert "late at /2027/01/01/edge-7/" in found(EDGE + timedelta(seconds=1))

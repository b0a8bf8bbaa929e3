"""The drill of the proxy in small."""

import pytest

from tests.drill.proxying import drill
from tests.drill.sites import sites_on


@pytest.mark.sqlite
def test_proxy_serves_what_it_holds_and_nothing_that_was_withdrawn():
    with sites_on("sqlite") as sites:
        tally = drill(sites, pages=4, edits=1)
    assert tally.but_late == [], str(tally)
    assert "withdrawn: {503: 6}; the others: {200: 6}; " in tally.figures

"""The drill of restarts in small."""

import pytest

from scripts.debian import Unavailable
from tests.drill import restarting
from tests.drill.sites import sites_on


# How many errors an editor sees depends on how busy the machine is; `make drill` judges that.
@pytest.mark.postgresql
def test_database_may_restart_while_editors_save(monkeypatch, sites_folder, tables):
    monkeypatch.setattr(restarting, "SAVES", 8)
    try:
        with sites_on("postgresql", tables) as sites:
            tally = restarting.drill(sites, len(restarting.MODES), is_patient=True, static=sites_folder / "static")
    except Unavailable as error:
        pytest.skip(str(error))
    assert tally.is_clean, str(tally)

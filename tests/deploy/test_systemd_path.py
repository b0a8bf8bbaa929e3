"""The documented path without containers, played in a temporary root."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from scripts import nginx, play_systemd
from scripts.debian import Unavailable
from scripts.play_systemd import Machine, Stuck, fill_in, play, verify_units

pytestmark = pytest.mark.sqlite


def test_newcomer_gets_from_nothing_to_a_running_site():
    try:
        nginx.find()
    except Unavailable as error:
        pytest.skip(str(error))
    steps = list(play(Path(sys.prefix)))
    through = next(step for step in steps if step.startswith("nginx before it: "))
    # A page is fresh for a second only: a slow machine asks for the second time when it no longer is.
    assert re.fullmatch(r".*\['200 MISS', '200 (HIT|STALE|UPDATING|REVALIDATED)'\]", through), through
    assert "asked between two releases: 200" in steps
    assert steps[-1] == "allforces-tidy.service is done"


@pytest.fixture
def deploy(tmp_path, monkeypatch):
    """A copy of deploy/ that may be changed."""
    shutil.copytree(play_systemd.SOURCE / "deploy", tmp_path / "source" / "deploy")
    monkeypatch.setattr(play_systemd, "SOURCE", tmp_path / "source")
    return tmp_path / "source" / "deploy"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_unit_that_systemd_does_not_understand_is_seen(deploy, tmp_path):
    unit = deploy / "systemd" / "allforces-tidy.timer"
    unit.write_text(unit.read_text().replace("OnCalendar=", "OnCalendar=never "))
    with pytest.raises(Stuck, match="systemd-analyze"):
        verify_units(Machine(tmp_path))


def test_setting_that_the_example_lost_is_seen(deploy, tmp_path):
    (deploy / ".env.example").write_text("SITE_URL=https://www.example.jp\n")
    with pytest.raises(Stuck, match="no SECRET_KEY"):
        fill_in(Machine(tmp_path), "")

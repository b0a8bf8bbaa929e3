"""What the measurements rest on: the CPU of the right processes, and answers that were not stored before."""

import subprocess
import sys

import pytest

from bench.servers import ROOT


@pytest.mark.release
def test_whole_measurement_runs_on_a_small_site() -> None:
    command = [sys.executable, "-m", "bench", "--size", "60", "--rounds", "1"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "home" in said.stdout
    assert "p95" in said.stdout

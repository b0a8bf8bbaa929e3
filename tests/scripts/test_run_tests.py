"""What the two runs of `make test` share."""

import contextlib
from pathlib import Path
from types import SimpleNamespace

from scripts import run_tests


def test_both_runs_take_their_sites_from_one_folder_which_goes_with_them(monkeypatch):
    told = []

    @contextlib.contextmanager
    def pytest(settings, workers, output=None):
        assert Path(settings["MADE_SITES"]).is_dir()
        told.append(settings)
        yield SimpleNamespace(wait=lambda: run_tests.PASSED)

    monkeypatch.setattr(run_tests, "pytest", pytest)
    assert run_tests.run("postgres://db.example.jp/site") == [run_tests.PASSED] * 2
    assert [settings.get("DATABASE_URL") for settings in told] == ["postgres://db.example.jp/site", None]
    [folder] = {settings["MADE_SITES"] for settings in told}
    assert not Path(folder).exists()

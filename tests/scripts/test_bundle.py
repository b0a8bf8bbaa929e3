"""What the desk's scripts take from npm is in the repository, as the lock has it."""

import json

from scripts import bundle


def test_bundle_is_that_of_the_lock_and_brings_its_licence():
    wanted = json.loads((bundle.HOME / "package.json").read_text("utf-8"))["devDependencies"]["turndown"]
    first = bundle.BUNDLE.read_text("utf-8").splitlines()[0]
    assert first == bundle.head().rstrip("\n")
    assert f"turndown {wanted}," in first
    assert "Permission is hereby granted" in (bundle.BUNDLE.parent / "LICENSE").read_text("utf-8")


def test_bundle_runs_no_text_and_asks_nobody():
    source = bundle.BUNDLE.read_text("utf-8")
    assert [word for word in ("eval(", "new Function", "fetch(", "XMLHttpRequest", "import(") if word in source] == []


def test_version_that_differs_from_the_lock_is_told(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bundle", "--check"])
    assert bundle.main() == 0
    monkeypatch.setattr(bundle, "locked", lambda: "0.0.0")
    assert bundle.main() == 1
    assert "python -m scripts.bundle" in capsys.readouterr().out

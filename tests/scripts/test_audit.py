"""The audit fails for what it should find, and where it cannot look."""

import subprocess
import sys

import pytest

from scripts import audit


def test_source_of_advisories_that_cannot_be_reached_fails_the_audit(monkeypatch, capfd):
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert audit.vulnerabilities("requirements.txt") is False
    assert "127.0.0.1" in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "line",
    [
        "aws_key = '" + "AKIA" + "IOSFODNN7" + "EXAMPLE'",
        "DATABASE_URL=postgres://site:" + "hunter22" + "@db.example.jp/site",
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "SECRET_KEY = '" + "q9vX2mB7" * 6 + "'",
    ],
)
def test_secret_that_somebody_commits_is_found(tmp_path, line):
    planted = tmp_path / "settings_local.py"
    planted.write_text(f"{line}\n")
    assert audit.secrets([str(planted)]) is False


def test_lint_looks_through_the_tree_and_fails_for_a_secret(monkeypatch, tmp_path):
    """The gate runs it before the tests."""
    assert (audit.ROOT / ".ci" / "run").read_text().splitlines()[-2:] == ["make lint", "make test"]
    listed = subprocess.run(["make", "-n", "lint"], cwd=audit.ROOT, capture_output=True, text=True, check=True).stdout
    assert ".venv/bin/python -m scripts.audit --secrets" in listed.splitlines()
    (tmp_path / "key.py").write_text("SECRET_KEY = '" + "q9vX2mB7" * 6 + "'\n")
    monkeypatch.setattr(sys, "argv", ["audit", "--secrets"])
    monkeypatch.setattr(audit, "tracked", lambda: [str(tmp_path / "key.py")])
    assert audit.main() == 1

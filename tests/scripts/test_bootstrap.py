import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap


def test_old_python_can_read_the_file_that_refuses_it():
    ast.parse(Path(bootstrap.__file__).read_text(), feature_version=(3, 6))


def test_old_python_is_refused_in_words():
    with pytest.raises(
        SystemExit, match=r"needs Python 3\.11 or newer, and /usr/bin/python3 is 3\.9\.\n.*make run PYTHON="
    ):
        bootstrap.refuse(version=(3, 9), executable="/usr/bin/python3")


def test_missing_venv_names_the_package_to_install():
    with pytest.raises(SystemExit, match=r"sudo apt install python3\.13-venv"):
        bootstrap.refuse(has_venv=False, version=(3, 13), executable="/usr/bin/python3")


@pytest.mark.parametrize("version", [(3, 11), (3, 13), (4, 0)])
def test_supported_python_is_accepted(version):
    bootstrap.refuse(version=version)


def test_python_without_ensurepip_cannot_make_an_environment(monkeypatch):
    assert bootstrap.can_make_venv() is True
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert bootstrap.can_make_venv() is False


def test_newest_python_on_the_path_is_preferred():
    there = {"python3.9": "/old", "python3.11": "/bin/python3.11", "python3.13": "/bin/python3.13"}
    assert bootstrap.newer_python(there.get) == "/bin/python3.13"
    assert bootstrap.newer_python({"python3.9": "/old"}.get) is None


class FakeEnvironment:
    """A directory like .venv whose Python is a shell script that notes what it was asked to do."""

    def __init__(self, root: Path):
        self.venv, self.lock, self.calls = root / ".venv", root / "requirements.txt", root / "calls"
        self.lock.write_text("django==5.2.19\n")
        self.add_python()

    def add_python(self, exit_code: int = 0) -> None:
        (self.venv / "bin").mkdir(parents=True, exist_ok=True)
        python = self.venv / "bin" / "python"
        python.write_text(f'#!/bin/sh\necho "$@" >> {self.calls}\nexit {exit_code}\n')
        python.chmod(0o755)

    def install(self) -> list[str]:
        """The installer's command lines that one `install` ran."""
        self.calls.write_text("")
        bootstrap.install(str(self.lock), str(self.venv))
        return [line for line in self.calls.read_text().splitlines() if "pip install" in line]


@pytest.fixture
def environment(tmp_path):
    return FakeEnvironment(tmp_path)


def test_lock_is_installed_once_and_with_hashes(environment):
    (command,) = environment.install()
    assert "--require-hashes" in command
    assert str(environment.lock) in command
    assert environment.install() == []


def test_installed_environment_needs_no_venv_module_again(environment, monkeypatch):
    environment.install()
    monkeypatch.setattr(bootstrap, "can_make_venv", lambda: False)
    assert environment.install() == []


def test_absent_environment_is_refused_without_venv_module(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "can_make_venv", lambda: False)
    (tmp_path / "requirements.txt").touch()
    with pytest.raises(SystemExit, match="apt install"):
        bootstrap.install(str(tmp_path / "requirements.txt"), str(tmp_path / ".venv"))


def test_changed_lock_is_installed_again(environment):
    environment.install()
    environment.lock.write_text("django==5.2.20\n")
    assert len(environment.install()) == 1


def test_environment_that_leads_to_another_python_is_installed_again(environment, tmp_path):
    environment.install()
    python = environment.venv / "bin" / "python"
    python.rename(tmp_path / "python3.12")
    python.symlink_to(tmp_path / "python3.12")
    assert len(environment.install()) == 1


def test_failed_installation_leaves_no_stamp(environment, monkeypatch):
    monkeypatch.setattr(bootstrap, "is_usable", lambda python: True)
    environment.add_python(exit_code=1)
    with pytest.raises(subprocess.CalledProcessError):
        environment.install()
    environment.add_python()
    assert len(environment.install()) == 1


def test_environment_whose_python_is_gone_is_not_usable(tmp_path):
    os.symlink(tmp_path / "removed", tmp_path / "python")
    assert bootstrap.is_usable(str(tmp_path / "python")) is False
    assert bootstrap.is_usable(str(tmp_path / "never-there")) is False
    assert bootstrap.is_usable(sys.executable) is True

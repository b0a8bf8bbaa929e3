import ast
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


def test_changed_lock_is_installed_again(environment):
    environment.install()
    environment.lock.write_text("django==5.2.20\n")
    assert len(environment.install()) == 1

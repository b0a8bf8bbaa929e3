import os
import shutil

import pytest

from scripts import debian, node
from scripts.debian import Unavailable

NPM = """#!/bin/sh
echo "$*" >> calls
/bin/mkdir -p node_modules/tool
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where `tool` is to be installed, by an npm that only notes what it was asked."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "tool").mkdir()
    (tmp_path / "tool" / "package-lock.json").write_text("{}")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return tmp_path


def put_npm(folder, script=NPM):
    npm = folder / "bin" / "npm"
    npm.write_text(script)
    npm.chmod(0o755)


def calls(folder):
    return (folder / "tool" / "calls").read_text().splitlines()


def test_tool_is_installed_once_as_its_lock_says(folder):
    put_npm(folder)
    assert node.ensure("tool", folder) == node.ensure("tool", folder) == folder / "tool/node_modules/tool"
    (call,) = calls(folder)
    assert call.startswith("ci --ignore-scripts")


def test_other_lock_is_another_installation(folder):
    put_npm(folder)
    node.ensure("tool", folder)
    (folder / "tool" / "package-lock.json").write_text('{"lockfileVersion": 3}')
    node.ensure("tool", folder)
    assert len(calls(folder)) == 2


def test_failed_installation_says_so_and_is_tried_again(folder):
    put_npm(folder, "#!/bin/sh\n/bin/mkdir -p node_modules/tool\nexit 7\n")
    with pytest.raises(Unavailable, match=r"npm ci.*exit code 7"):
        node.ensure("tool", folder)
    put_npm(folder)
    node.ensure("tool", folder)
    assert len(calls(folder)) == 1


def test_absent_npm_is_told_to_who_may_not_install_it(folder):
    with pytest.raises(Unavailable, match=r"`npm` was not found.*sudo apt install npm"):
        node.ensure("tool", folder)


def test_program_is_installed_where_we_may(folder, monkeypatch):
    installed = []
    monkeypatch.setattr(debian, "may_install", lambda: True)
    monkeypatch.setattr(debian, "install", lambda *asked: installed.append(asked) or put_npm(folder))
    assert debian.require("npm", "npm") == debian.require("npm", "npm") == shutil.which("npm")
    assert installed == [("npm", "npm")]

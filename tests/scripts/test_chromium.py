import os
import shutil
import subprocess

import pytest

from scripts import chromium, debian
from scripts.debian import Unavailable


def executable(path, script):
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def path(tmp_path, monkeypatch):
    """An empty folder that is all of the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return tmp_path


def test_browser_with_its_fonts_is_found(path):
    executable(path / "chromium", "exit 0")
    executable(path / "fc-list", "echo 'Noto Sans CJK JP,Noto Sans CJK JP Bold'; echo Noto Serif CJK JP")
    assert chromium.find() == chromium.ensure() == str(path / "chromium")


def test_browser_without_windows_is_taken_where_it_is(path):
    executable(path / "chromium", "exit 0")
    executable(path / "fc-list", "echo Noto Sans CJK JP; echo Noto Serif CJK JP")
    assert chromium.find_shell() == chromium.ensure_shell() == str(path / "chromium")
    executable(path / chromium.SHELL, "exit 0")
    assert chromium.find_shell() == chromium.ensure_shell() == str(path / chromium.SHELL)


@pytest.mark.parametrize("code", [0, 100])
def test_root_installs_the_browser_without_windows_if_there_is_one(code, path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    executable(path / "chromium", "exit 0")
    executable(path / "fc-list", "echo Noto Sans CJK JP; echo Noto Serif CJK JP")
    install = (
        f'case "$*" in *shell*) [ {code} = 0 ] && /bin/cp {path}/apt-get {path}/{chromium.SHELL}; exit {code};; esac'
    )
    executable(path / "apt-get", f'echo "$*" >> {path}/calls\n{install}')
    assert chromium.ensure_shell() == str(path / ("chromium" if code else chromium.SHELL))
    assert f"chromium fonts-noto-cjk fontconfig {chromium.SHELL}" in (path / "calls").read_text()


@pytest.mark.parametrize(
    ("programs", "missing"),
    [
        ({"fc-list": "echo Noto Sans CJK JP; echo Noto Serif CJK JP"}, "Chromium"),
        ({"chromium": "exit 0"}, "fonts"),
        ({"chromium": "exit 0", "fc-list": "echo DejaVu Sans; echo Noto Sans CJK JP"}, "fonts"),
    ],
)
def test_who_may_not_install_is_told_what_to_install(path, programs, missing):
    for name, script in programs.items():
        executable(path / name, script)
    with pytest.raises(Unavailable, match=rf"{missing}.*sudo apt install chromium fonts-noto-cjk"):
        chromium.ensure()


def test_root_installs_what_is_missing(path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    executable(path / "fc-list", "echo Noto Sans CJK JP; echo Noto Serif CJK JP")
    install = f'case "$*" in *chromium*) /bin/cp {path}/apt-get {path}/chromium;; esac'
    executable(path / "apt-get", f'echo "$*" "$DEBIAN_FRONTEND" >> {path}/calls\n{install}')
    assert chromium.ensure() == str(path / "chromium")
    update, installation = (path / "calls").read_text().splitlines()
    assert update.endswith("update noninteractive")
    assert "install --yes" in installation
    assert "chromium fonts-noto-cjk" in installation


def test_installation_that_fails_says_so(path, monkeypatch, capfd):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    executable(path / "apt-get", "echo no network; exit 100")
    with pytest.raises(Unavailable, match=r"apt-get.* update` failed with exit code 100"):
        debian.install("A thing", "thing")
    assert "no network" in capfd.readouterr().err


def test_installed_browser_starts():
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("Chromium is not installed")
    result = subprocess.run([browser, "--version"], capture_output=True, text=True, check=True)
    assert "Chromium" in result.stdout

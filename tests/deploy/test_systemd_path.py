"""The documented path without containers, played in a temporary root."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import nginx
from scripts.debian import Unavailable
from scripts.play_systemd import bare, document, folder, machine
from scripts.play_systemd.document import STAND_INS, Section, Stuck, release_lines, section, typed
from scripts.play_systemd.folder import Machine, fill_in, play, verify_units

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
    shutil.copytree(folder.SOURCE / "deploy", tmp_path / "source" / "deploy")
    monkeypatch.setattr(folder, "SOURCE", tmp_path / "source")
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


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in STAND_INS])
def test_what_the_bare_debian_types_otherwise_stands_in_the_document(pattern):
    """Else the script would type the example, and nobody would see why it fails."""
    lines = section("One machine without containers").lines
    assert [line for line in lines if re.search(pattern, line)]
    assert not [line for line in map(typed, lines) if re.search(r"https://…|YOUR\.HOST|certbot (certonly|re)", line)]


def test_later_release_is_made_before_the_link_leads_to_it():
    lines = release_lines()
    assert sum(line.startswith("R=") for line in lines) == 1
    for step in ("git clone", "pip install", "migrate --no-input"):
        assert sum(step in line for line in lines) == 1, step
    assert not [line for line in lines if line.startswith("ln ")]


def test_heading_or_block_that_the_document_lost_is_told():
    with pytest.raises(Stuck, match="no 'Two machines'"):
        section("Two machines")
    with pytest.raises(Stuck, match="2 blocks with 'cd'"):
        Section("```\ncd a\n```\n\n```\ncd b\n```\n").block("cd")
    assert document.section("A new version").block("systemctl restart")


class Shell(machine.Machine):
    """Runs what is typed here, and notes what would see the network."""

    def __init__(self, root):
        super().__init__(root)
        self.folder = str(root)
        self.online = []

    def run(self, script, *, online=False, fails=False):
        self.online.append(online)
        return subprocess.run(["sh", "-ec", script], capture_output=True, text=True, check=True).stdout.strip()


def test_lines_are_typed_into_one_shell(tmp_path):
    shell = Shell(tmp_path)
    for line in ("mkdir a", "R=$PWD/a", "cd a && echo b > b", "apt --version || true", "test -f b"):
        shell.type(line)
    assert shell.type("cat $R/b").strip() == "b"
    assert shell.online == [False, False, False, True, False, False]


def test_line_of_which_the_first_half_fails_is_not_passed_over(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        Shell(tmp_path).type("false && echo reload")


def test_nothing_is_typed_into_a_process_that_shares_ours():
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert [machine.is_apart(str(pid)) for pid in (os.getpid(), ended.pid)] == [False, False]


def test_root_makes_no_debian_over_a_folder_that_somebody_has(tmp_path):
    assert machine.new_folder(tmp_path / "new").is_dir()
    for taken in (tmp_path, Path("."), tmp_path / "none" / "x"):
        with pytest.raises(Unavailable, match="cannot be made"):
            machine.new_folder(taken)


def test_bare_debian_is_the_one_of_the_images_and_of_the_document():
    assert f"-{machine.SUITE}" in (document.SOURCE / "deploy/Dockerfile").read_text("utf-8")
    assert f"Debian {machine.NUMBER}" in section("One machine without containers").text


def test_only_root_makes_a_bare_debian(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Unavailable, match="by root only"):
        list(bare.play())

"""The shell of deploy/compose, run for real: with programs in the place of those that need a container or a day."""

import os
import re
import shlex
import subprocess
import time
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
FOLDER = "/srv/allforces/backups"
HOUR = 3600
# `sleep` lets the hours pass: the backups grow older, and after the last hour the container is stopped.
SLEEP = """\
find {folder} -name '*.json' | while read -r file; do
    touch -d "@$(( $(stat -c %Y "$file") - $1 ))" "$file"
done
echo "sleep $1" >> {log}
[ "$(grep -c sleep {log})" -lt {hours} ] || kill -KILL $PPID
"""
MANAGE = """\
shift
echo "$1" >> {log}
[ ! -e {broken}-$1 ] || {{ echo "No $1." >&2; exit 1; }}
[ "$1" = tidy ] || touch "$2/$(wc -l < {log}).json"
[ ! -e {broken}-whole-$1 ] || exit 3
"""


@pytest.fixture(scope="module")
def service():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["backups"]


class Container:
    """The service `backups` as compose.yaml has it, with its folders below `root`."""

    def __init__(self, service, root):
        self.service, self.root, self.log = service, root, root / "log"
        self.folder, self.programs = root / "backups", root / "bin"
        for folder in (self.folder, self.programs):
            folder.mkdir()

    def program(self, name, text, **names):
        path = self.programs / name
        path.write_text("#!/bin/sh\n" + text.format(folder=self.folder, log=self.log, broken=self.root / "no", **names))
        path.chmod(0o755)

    def run(self, words):
        script = self.root / "backups.sh"
        script.write_text(self.here((DEPLOY / "compose" / "backups.sh").read_text()))
        words = [self.here(word).replace("deploy/compose/backups.sh", str(script)) for word in words]
        path = f"{self.programs}:{os.environ['PATH']}"
        environment = os.environ | {"PATH": path}
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)

    def here(self, text):
        return text.replace(FOLDER, str(self.folder)).replace("$$", "$")  # which compose reads as one

    def live(self, hours):
        """Runs it anew for so many hours. Returns how often each command was run."""
        self.log.write_text("")
        self.program("python", MANAGE)
        self.program("sleep", SLEEP, hours=hours)
        self.errors = self.run(self.service["command"]).stderr
        lines = self.log.read_text().split("\n")
        assert lines.count(f"sleep {HOUR}") == hours
        return lines.count("tidy"), lines.count("backup")

    def breaks(self, command):
        (self.root / f"no-{command}").touch()

    def is_mended(self, command):
        (self.root / f"no-{command}").unlink()

    @property
    def is_healthy(self):
        kind, *words = self.service["healthcheck"]["test"]
        return self.run(["sh", "-c", *words] if kind == "CMD-SHELL" else words).returncode == 0


@pytest.fixture
def container(service, tmp_path):
    return Container(service, tmp_path)


def test_backup_is_made_at_once_and_then_once_a_day(container):
    assert container.live(hours=1) == (1, 1)
    assert container.live(hours=22) == (0, 0)
    assert container.live(hours=49) == (2, 2)


def test_site_that_is_released_all_day_is_backed_up_once_a_day(container):
    assert [container.live(hours=5)[1] for _ in range(10)] == [1, 0, 0, 0, 1, 0, 0, 0, 0, 1]


def test_failure_is_in_the_log_and_the_health_and_the_backup_is_tried_again_every_hour(container):
    container.live(hours=1)
    assert container.is_healthy
    container.breaks("backup")
    assert container.live(hours=23) == (0, 0)
    assert container.is_healthy
    assert container.live(hours=3) == (3, 3)
    assert container.errors == "No backup.\n" * 3
    assert not container.is_healthy
    container.is_mended("backup")
    assert container.live(hours=1) == (1, 1)
    assert container.is_healthy


def test_backup_that_was_made_with_trouble_is_in_the_health_and_is_not_made_again_every_hour(container):
    container.breaks("whole-backup")
    assert container.live(hours=5) == (1, 1)
    assert not container.is_healthy
    assert container.live(hours=22) == (1, 1)
    container.is_mended("whole-backup")
    assert container.live(hours=25) == (1, 1)
    assert container.is_healthy


def test_tidying_that_fails_keeps_no_backup_from_being_made_and_is_in_the_health(container):
    container.breaks("tidy")
    assert container.live(hours=1) == (1, 1)
    assert not container.is_healthy
    assert container.live(hours=3) == (3, 0)  # made anew, it still knows
    assert not container.is_healthy
    container.is_mended("tidy")
    assert container.live(hours=2) == (1, 0)
    assert container.is_healthy


def test_container_without_a_backup_of_the_last_day_is_not_healthy(container):
    assert not container.is_healthy
    backup = container.folder / "20260401T000000Z.json"
    for age, healthy in ((25 * HOUR, True), (27 * HOUR, False)):
        backup.touch()
        os.utime(backup, (time.time() - age, time.time() - age))
        assert container.is_healthy is healthy


def test_address_of_the_site_outlives_a_release_for_nginx_asks_for_it_once():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    upstream = re.search(r"server (\w+):8000;", (DEPLOY / "compose" / "http.conf").read_text())[1]
    service, networks = compose["services"][upstream], compose["services"]["proxy"]["networks"]
    fixed = {name: found["ipv4_address"] for name, found in service["networks"].items() if found}
    assert fixed.keys() & {*networks}
    for name, address in fixed.items():
        (pool,) = compose["networks"][name]["ipam"]["config"]
        assert ip_address(address) in ip_network(pool["subnet"])
        assert ip_address(address) not in ip_network(pool["ip_range"])  # whatever starts first may get one of those


def test_renewed_certificate_is_where_nginx_reads_it_and_nginx_is_told(tmp_path):
    hook = tmp_path / "deploy" / "compose" / "renewed.sh"
    hook.parent.mkdir(parents=True)
    hook.write_text((DEPLOY / "compose" / "renewed.sh").read_text())
    certificates, lineage, log = tmp_path / "deploy" / "certificates", tmp_path / "live", tmp_path / "log"
    lineage.mkdir()
    for name in ("fullchain.pem", "privkey.pem"):
        (lineage / name).write_text(name)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {"chgrp": "", "docker": 'case "$*" in *" ps "*) echo db; cat running;; esac'}.items():
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {shlex.quote(str(log))}\n{text}\n')
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "RENEWED_LINEAGE": str(lineage)}
    running = tmp_path / "deploy" / "running"
    for services, told in (("", False), ("proxy\n", True)):  # the first certificate comes before nginx
        running.write_text(services)
        log.write_text("")
        subprocess.run(["sh", hook], env=environment, check=True)
        assert ("docker compose kill --signal HUP proxy" in log.read_text()) is told
    assert "chgrp 33 certificates/privkey.pem" in log.read_text()
    assert {path.name: path.read_text() for path in certificates.iterdir()} == {
        "fullchain.pem": "fullchain.pem",
        "privkey.pem": "privkey.pem",
    }
    assert (certificates / "privkey.pem").stat().st_mode & 0o777 == 0o640

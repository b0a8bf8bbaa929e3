"""The shell of deploy/compose, run for real: with programs in the place of those that need a container or a day."""

import os
import re
import shlex
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
HOUR = 3600


@pytest.fixture
def container(tmp_path):
    """Runs the loop of the container `backups` for some hours; returns what it did."""
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["backups"]
    programs, log = tmp_path / "bin", tmp_path / "log"
    (tmp_path / "deploy").mkdir()
    programs.mkdir()
    # `sleep` lets the hour pass: the stamp grows older, and after the last hour the container is stopped.
    texts = {
        "bin/python": f'echo "$2" >> {log}',
        "deploy/backup": f'echo backup >> {log}; [ -e broken ] || touch "$DATA_DIR/last-backup"',
        "bin/sleep": f"""
            [ ! -e last-backup ] || touch -d "@$(( $(stat -c %Y last-backup) - $1 ))" last-backup
            echo "sleep $1" >> {log}
            [ "$(grep -c sleep {log})" -lt "$HOURS" ] || kill -KILL $PPID""",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)

    def live(hours):
        log.write_text("")
        environment = {"PATH": f"{programs}:{os.environ['PATH']}", "DATA_DIR": str(tmp_path), "HOURS": str(hours)}
        script = DEPLOY / "compose" / "backups.sh"
        assert service["command"] == ["sh", "deploy/compose/backups.sh"]
        subprocess.run(["sh", script], cwd=tmp_path, env=environment, check=False, timeout=120)
        lines = log.read_text().splitlines()
        assert lines.count(f"sleep {HOUR}") == hours
        kind, command = service["healthcheck"]["test"]
        assert kind == "CMD-SHELL"
        health = subprocess.run(["sh", "-c", command.replace("/srv/allforces/data", str(tmp_path))], check=False)
        return lines.count("tidy"), lines.count("backup"), health.returncode == 0

    live.folder = tmp_path
    return live


def test_container_backs_up_at_once_then_once_a_day_however_often_it_is_made_anew(container):
    assert container(hours=1) == (1, 1, True)
    assert container(hours=22) == (0, 0, True)
    assert container(hours=49) == (2, 2, True)


def test_backup_that_fails_is_tried_again_every_hour_and_is_in_the_health(container):
    (container.folder / "broken").touch()
    assert container(hours=3) == (3, 3, False)
    (container.folder / "broken").unlink()
    assert container(hours=2) == (1, 1, True)


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

"""The files of deploy/, as far as they can be checked without a container engine or a booted systemd."""

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OURS = {"site", "worker", "backups", "prepare", "proxy"}


def settings_of(file):
    """The lines of an environment file as systemd and compose read them."""
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_example_of_the_settings_passes_the_checks_of_a_deployment(tmp_path):
    """With what a person must fill in: two secrets."""
    environment = settings_of(DEPLOY / ".env.example")
    assert [name for name, value in environment.items() if not value] == [
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
    ]
    environment |= {"SECRET_KEY": secrets.token_urlsafe(50), "DATA_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_containers_run_without_rights_and_write_nowhere_but_in_volumes(compose):
    services = compose["services"]
    assert services.keys() == OURS | {"db"}
    for name in OURS:
        service = services[name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        assert "user" not in service, name  # the image names one
    volumes = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert volumes - {"./certificates", "/var/www/acme"} == compose["volumes"].keys()


def test_only_the_proxy_is_reached_from_outside(compose):
    services = compose["services"]
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert compose["networks"]["inside"]["internal"]
    assert services["db"]["networks"] == ["inside"]
    assert [port.split(":")[1] for port in services["proxy"]["ports"]] == ["8080", "8443"]  # and not that of purges
    assert "listen 8081;" in (DEPLOY / "compose" / "purges.conf").read_text()
    assert services["worker"]["environment"]["PURGE_URLS"] == "http://proxy:8081"


def test_no_secret_is_written_into_what_is_built(compose):
    text = (DEPLOY / "compose.yaml").read_text() + (DEPLOY / "Dockerfile").read_text()
    assert "SECRET_KEY" not in text
    assert compose["services"]["db"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert {"deploy/.env", "deploy/certificates"} <= set((ROOT / ".dockerignore").read_text().splitlines())


def test_image_holds_what_the_site_needs_and_no_more(tmp_path):
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert not {"bench", "scripts", "tests", "docs"} & {*allowed}
    for name in allowed:
        (tmp_path / name).symlink_to(ROOT / name)
    environment = settings_of(DEPLOY / ".env.example") | {"SECRET_KEY": secrets.token_urlsafe(50)}
    environment |= {"DATA_DIR": str(tmp_path / "data"), "PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, str(tmp_path / "manage.py"), "check"]
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_site_that_cannot_start_is_tried_again_without_end():
    """systemd would give up after five failures, and the socket with it."""
    for unit in ("allforces", "allforces-worker"):
        lines = (DEPLOY / "systemd" / f"{unit}.service").read_text().splitlines()
        assert {"Restart=always", "RestartSec=2", "StartLimitIntervalSec=0"} <= {*lines}


def test_nightly_work_that_fails_is_told_by_mail():
    failed = (DEPLOY / "systemd" / "allforces-failed@.service").read_text()
    assert "manage.py mail_failure %i" in failed
    for timer in (DEPLOY / "systemd").glob("*.timer"):
        assert "OnFailure=allforces-failed@%n.service" in timer.with_suffix(".service").read_text()


def test_password_of_the_backups_is_out_of_the_reach_of_the_site(compose):
    for unit in (DEPLOY / "systemd").glob("*.service"):
        reads = "EnvironmentFile=/etc/allforces/backup" in unit.read_text()
        assert reads is (unit.stem == "allforces-backup"), unit.name
    reading = {name for name, service in compose["services"].items() if "backup.env" in service.get("env_file", ())}
    assert reading == {"backups"}
    assert installed()["/etc/allforces/backup"] == ("root", "root", 0o600)
    assert "deploy/backup.env" in (ROOT / ".dockerignore").read_text().splitlines()


def test_units_are_what_systemd_takes(tmp_path):
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("systemd-analyze is not installed")
    units = []
    for unit in (DEPLOY / "systemd").glob("allforces*"):
        text = unit.read_text().replace("/srv/allforces/current/.venv/bin/gunicorn", sys.executable)
        text = text.replace("/srv/allforces/current/.venv/bin/python", sys.executable)
        text = text.replace("/srv/allforces/current/deploy/backup", str(DEPLOY / "backup"))
        (tmp_path / unit.name).write_text(text)
        units.append(str(tmp_path / unit.name))
    result = subprocess.run(
        [analyse, "verify", "--man=no", "--recursive-errors=no", *sorted(units)],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    own = [line for line in result.stderr.splitlines() if "allforces" in line and "postgresql" not in line]
    assert (result.returncode, own) == (0, []), result.stderr


def installed():
    """What `install` makes on the path without containers: {path: (owner, group, mode)}."""
    text = (ROOT / "docs" / "operations.md").read_text()
    made = {}
    for words in map(str.split, re.findall(r"\binstall (.*?)(?=;|$)", text, re.MULTILINE)):
        told = {option: words[words.index(option) + 1] for option in ("-o", "-g", "-m") if option in words}
        facts = (told.get("-o", "root"), told.get("-g", "root"), int(told.get("-m", "755"), 8))
        made |= {word: facts for word in words if word.startswith("/")}
    return made


def test_nginx_reads_pictures_and_static_files_but_neither_settings_nor_backups():
    text = (ROOT / "docs" / "operations.md").read_text()
    assert "adduser www-data allforces" in text
    # Else sudo makes all that the user makes writable by its group.
    assert re.search("^adduser --system --group .*--comment umask=022 allforces$", text, re.MULTILINE)
    made = installed()
    for secret in ("/etc/allforces/env", "/var/backups/allforces"):
        owner, _, mode = made[secret]
        assert (owner, mode & 0o077) == ("allforces", 0), secret
    for shown in ("/srv/allforces", "/srv/allforces/data"):
        assert made[shown] == ("allforces", "allforces", 0o750), shown
    umasks = {
        unit.stem: re.findall("^UMask=(.*)$", unit.read_text(), re.MULTILINE)
        for unit in (DEPLOY / "systemd").glob("*.service")
    }
    assert umasks.pop("allforces-backup") == ["0077"]
    assert set(map(tuple, umasks.values())) == {("0022",)}

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

from blog.delivery.headers import PERMISSIONS_POLICY

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


def test_every_setting_of_the_example_is_described():
    described = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert settings_of(DEPLOY / ".env.example").keys() - set(described) == {"POSTGRES_PASSWORD"}


def test_bucket_needs_two_lines_of_the_example_and_the_image_takes_the_packages(compose):
    text = (DEPLOY / ".env.example").read_text()
    [requirements] = re.findall(r"^#REQUIREMENTS=(\S+)$", text, re.MULTILINE)
    assert "django-storages" in (ROOT / requirements).read_text()
    assert re.search(r"^#MEDIA_BUCKET=https://", text, re.MULTILINE)
    assert compose["services"]["site"]["build"]["args"]["REQUIREMENTS"] == "${REQUIREMENTS:-requirements.txt}"


def test_nginx_sends_the_policy_of_the_site_with_its_own_answers():
    assert f'$guard_features {{ "" "{PERMISSIONS_POLICY}"; }}' in (DEPLOY / "nginx.conf").read_text()


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


def test_readers_who_come_by_ipv6_are_told_apart(compose):
    services = compose["services"]
    [network] = [name for name, network in compose["networks"].items() if network.get("enable_ipv6")]
    assert {name for name, service in services.items() if network in service["networks"]} == {"proxy"}
    for name, port in (("plain", 8080), ("readers", 8443)):
        assert f"listen [::]:{port} " in (DEPLOY / "compose" / f"{name}.conf").read_text()


def test_new_version_brings_its_units_and_files_of_nginx_and_old_releases_go(tmp_path):
    text = (ROOT / "docs" / "operations.md").read_text().partition("## A new version")[2]
    commands = text.split("```")[1]
    for line in ("cp deploy/systemd/allforces*", "systemctl daemon-reload", "deploy/nginx/*.conf", "nginx -t &&"):
        assert line in commands
    [remove] = [line for line in commands.splitlines() if "releases" in line and "rm" in line]
    for number in range(5):
        (tmp_path / f"20260{number}010000").mkdir()
    subprocess.run(["sh", "-c", remove.replace("/srv/allforces/releases", str(tmp_path))], check=True)
    assert sorted(folder.name[5] for folder in tmp_path.iterdir()) == ["2", "3", "4"]


def test_restore_in_place_stops_all_that_would_write_or_start_the_site_and_starts_it_again():
    text = (ROOT / "docs" / "operations.md").read_text().partition("## Backups")[2]
    stop, restore, start = text.split("```")[1].strip().splitlines()
    units = stop.removeprefix("systemctl stop ").split()
    assert start.removeprefix("systemctl start ").split() == units
    assert {"allforces.socket", "allforces", "allforces-worker"} <= {*units}
    assert {path.name for path in (DEPLOY / "systemd").glob("*.timer")} <= {*units}
    assert "deploy/restore --overwrite" in restore


def test_what_a_machine_asks_itself_is_told_for_containers_too(compose):
    """There no port of the site is open, and nginx has its folders in volumes."""
    text = (ROOT / "docs" / "operations.md").read_text()
    inside = re.findall(r"`docker compose -f deploy/compose.yaml exec (\w+) ([^`]*)`", text)
    assert {service for service, _ in inside} <= compose["services"].keys()
    commands = [command for service, command in inside if service == "proxy"]
    on_the_host = re.findall(r"`((?:curl|rm)[^`]* (?:http:|/var/cache)[^`]*)`", text)
    assert {typed.split()[0] for typed in on_the_host} == {"curl"}
    for typed in on_the_host:
        wanted = typed.replace("127.0.0.1", "site")
        assert any(wanted in command for command in commands), typed


def test_no_command_in_a_container_of_its_own_asks_for_the_address_of_a_running_one(compose):
    text = (ROOT / "docs" / "operations.md").read_text()
    services = re.findall(r"`docker compose -f deploy/compose.yaml run --rm (?:-v \S+ )?(\w+) ", text)
    assert services
    for service in services:
        networks = compose["services"][service].get("networks") or {}
        assert "ipv4_address" not in str(networks), service


def test_every_program_of_the_path_is_installed():
    text = (ROOT / "docs" / "operations.md").read_text()
    [installs] = re.findall("^apt update\napt install (.*)$", text, re.MULTILINE)
    assert {"sudo", "git", "curl", "nginx", "certbot", "postgresql"} <= set(installs.split())


def test_proxy_answers_the_authority_with_what_certbot_writes_on_the_machine(compose):
    [root] = re.findall(r"location /\.well-known/acme-challenge/ { root (\S+); }", (DEPLOY / "nginx.conf").read_text())
    assert f"{root}:{root}:ro" in compose["services"]["proxy"]["volumes"]
    assert f"--webroot -w {root}" in (ROOT / "docs" / "operations.md").read_text()


def test_no_secret_is_written_into_what_is_built(compose):
    text = (DEPLOY / "compose.yaml").read_text() + (DEPLOY / "Dockerfile").read_text()
    assert "SECRET_KEY" not in text
    assert compose["services"]["db"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
    assert {"deploy/.env", "deploy/certificates"} <= set((ROOT / ".dockerignore").read_text().splitlines())


def stages():
    """The instructions of each stage of the Dockerfile, with what follows a backslash joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = {}
    for line in lines:
        word, rest = line.split(" ", 1)
        if word == "FROM":
            instructions = found.setdefault(rest.split(" AS ")[1], [])
        instructions.append((word, rest))
    return found


@pytest.mark.parametrize("stage", ["site", "proxy"])
def test_image_runs_as_a_user_of_its_own_tells_its_health_and_is_slim(stage):
    instructions = dict(stages()[stage])
    assert instructions["USER"] in ("allforces", "www-data")
    assert "slim" in instructions["FROM"]
    assert "latest" not in instructions["FROM"]
    assert "HEALTHCHECK" in instructions
    assert instructions["CMD"].startswith("[")  # signals reach the process itself
    for word, rest in stages()[stage]:
        assert word != "ADD"
        if "apt-get install" in rest:
            assert "--no-install-recommends" in rest
            assert "rm -rf /var/lib/apt/lists/*" in rest


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


@pytest.mark.parametrize(
    "unit", ["allforces", "allforces-worker", "allforces-backup", "allforces-tidy", "allforces-failed@"]
)
def test_units_are_shut_in(unit):
    text = (DEPLOY / "systemd" / f"{unit}.service").read_text()
    for line in ("User=allforces", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert line in text.splitlines()


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

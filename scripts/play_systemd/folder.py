"""Plays the path without containers in a temporary folder, as any user and without systemd, for each run of the tests.

It makes the folders, fills in deploy/.env.example, installs the packages by their hashes (or takes those of VENV), and
runs what the units of deploy/systemd/ start with the variables of their EnvironmentFile and no others. The socket is
handed over as systemd does it, and nginx stands in front with the files that are shipped. `bare` plays what is missing.
"""

import configparser
import contextlib
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import nginx
from scripts.play_systemd import document
from scripts.play_systemd.document import SOURCE, Stuck

# What the image holds, but for the packages of a bucket: the rest of the repository measures, builds and tests.
RELEASED = ("allforces", "blog", "deploy", "static", "templates", "manage.py", "requirements.txt")
PREFIXES = re.compile(r"(?<![\w.])/(srv/allforces|etc/allforces|var/backups)\b")
SECONDS = 120
# Takes the socket as its third descriptor, which systemd calls LISTEN_FDS, and becomes the command.
HAND_OVER = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True); "
    "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); os.execv(sys.argv[2], sys.argv[2:])"
)


@dataclass
class Machine:
    root: Path
    port: int = 0  # none until the socket listens: nobody else may take it meanwhile

    def path(self, absolute: str) -> Path:
        return self.root / absolute.removeprefix("/")

    @property
    def current(self) -> Path:
        return self.path("/srv/allforces/current")

    @property
    def environment(self) -> dict[str, str]:
        """What a unit's process gets: the lines of its EnvironmentFile, and a PATH."""
        lines = self.path("/etc/allforces/env").read_text().splitlines()
        told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", **told}

    def unit(self, name: str) -> configparser.SectionProxy:
        """The section [Service] of a shipped unit, whose paths lead below our root."""
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(PREFIXES.sub(rf"{self.root}/\1", (SOURCE / "deploy" / "systemd" / name).read_text()))
        return parser["Service"]

    def run(self, *command: object) -> str:
        """Runs a command in the release as the documentation has it. Raises Stuck."""
        result = subprocess.run(
            [*map(str, command)],
            cwd=self.current,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS * 5,
        )
        if result.returncode:
            raise Stuck(f"{' '.join(map(str, command))}: {result.stdout[-2000:]}{result.stderr[-2000:]}")
        return result.stdout


def make_folders(machine: Machine) -> None:
    for folder in ("/srv/allforces/data", "/srv/allforces/releases", "/etc/allforces"):
        machine.path(folder).mkdir(parents=True, mode=0o750)
    machine.path("/var/backups/allforces").mkdir(parents=True, mode=0o700)


def release(machine: Machine, packages: Path | None) -> None:
    """A folder with what the image holds too, its packages, and `current`, which leads there."""
    folder = machine.path("/srv/allforces/releases") / time.strftime("%Y%m%d%H%M")
    folder.mkdir()
    for name in RELEASED:
        source = SOURCE / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    machine.current.symlink_to(folder)
    if packages:
        (folder / ".venv").symlink_to(packages.absolute())
        return
    venv = [sys.executable, "-m", "venv", folder / ".venv"]
    pip = [folder / ".venv/bin/pip", "install", "--quiet", "--require-hashes", "-r", folder / "requirements.txt"]
    for command in (venv, pip):
        subprocess.run(command, check=True, env={"PATH": os.environ["PATH"]})


def fill_in(machine: Machine, database: str) -> None:
    """The settings: the shipped example, and what a person must write into it."""
    told = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": database or f"sqlite:///{machine.path('/srv/allforces/data')}/site.sqlite3",
        "DATA_DIR": str(machine.path("/srv/allforces/data")),
        "EMAIL_URL": "consolemail://",
        "PURGE_URLS": "",
    }
    file = machine.path("/etc/allforces/env")
    file.write_text(document.fill_in((SOURCE / "deploy" / ".env.example").read_text(), told))
    file.chmod(0o600)


def prepare(machine: Machine) -> None:
    python = machine.current / ".venv/bin/python"
    for command in (("migrate", "--no-input", "-v0"), ("collectstatic", "--no-input", "-v0")):
        machine.run(python, "manage.py", *command)
    if not machine.path("/srv/allforces/data/static/503.html").exists():
        raise Stuck("collectstatic made no page for nginx to show while the site is away")
    machine.run(python, "manage.py", "check", "--deploy", "--fail-level", "WARNING")


def verify_units(machine: Machine) -> int:
    """Reads the units as systemd does, where it is installed. Returns their number."""
    folder = machine.path("/etc/systemd/system")
    folder.mkdir(parents=True)
    for unit in (SOURCE / "deploy" / "systemd").iterdir():
        text = PREFIXES.sub(rf"{machine.root}/\1", unit.read_text())
        (folder / unit.name).write_text(re.sub("^(User|Group)=.*$", r"\1=root", text, flags=re.MULTILINE))
    units = sorted(folder.iterdir())
    if program := shutil.which("systemd-analyze"):
        command = [program, "verify", "--man=no", "--recursive-errors=no", *map(str, units)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise Stuck(f"systemd-analyze: {result.stderr}")
    return len(units)


@contextlib.contextmanager
def socket_unit(machine: Machine) -> Iterator[socket.socket]:
    """What allforces.socket holds, whether the site runs or not, on a port that is free."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        machine.port = listener.getsockname()[1]
        yield listener


@contextlib.contextmanager
def service(machine: Machine, name: str, listener: socket.socket | None = None) -> Iterator[subprocess.Popen]:
    """Starts a unit; one of Type=notify has said that it is ready. It must end by SIGTERM, in the time that it has."""
    unit = machine.unit(name)
    command, environment = shlex.split(unit["ExecStart"]), machine.environment
    if listener:
        command = [sys.executable, "-c", HAND_OVER, str(listener.fileno()), *command]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified, open(machine.root / "log", "a") as log:
        notified.bind(str(machine.root / f"{name}.notify"))
        notified.settimeout(SECONDS)
        environment["NOTIFY_SOCKET"] = str(machine.root / f"{name}.notify")
        process = subprocess.Popen(
            command,
            cwd=unit["WorkingDirectory"],
            env=environment,
            pass_fds=[listener.fileno()] if listener else [],
            stdout=log,
            stderr=log,
        )
        try:
            if unit.get("Type") == "notify" and b"READY=1" not in notified.recv(1000):
                raise Stuck(f"{name} said something else than that it is ready")
            yield process
            process.send_signal(signal.SIGTERM)
            process.wait(SECONDS)
        except (TimeoutError, subprocess.TimeoutExpired) as error:
            raise Stuck(f"{name}: {error!r}\n{(machine.root / 'log').read_text()[-2000:]}") from error
        finally:
            process.kill()
            process.wait()
            (machine.root / f"{name}.notify").unlink()


def ask(machine: Machine, path: str) -> int:
    request = urllib.request.Request(f"http://127.0.0.1:{machine.port}{path}", headers={"X-Forwarded-Proto": "https"})
    request.add_header("Host", nginx.SERVER_NAME)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return answer.status


def serve(machine: Machine) -> Iterator[str]:
    """The site, its restart, and the worker."""
    with socket_unit(machine) as listener:
        with service(machine, "allforces.service", listener):
            answers = {path: ask(machine, path) for path in ("/healthz", "/readyz", "/", "/feed.xml", "/admin/login/")}
            yield f"the site answers {answers}"
            with nginx.front(machine.port) as front:
                shutil.copytree(machine.path("/srv/allforces/data/static"), front.files / "static", dirs_exist_ok=True)
                yield f"nginx before it: {_through(front)}"
        with socket.create_connection(("127.0.0.1", machine.port), timeout=SECONDS) as waiting:
            host = f"Host: {nginx.SERVER_NAME}\r\nX-Forwarded-Proto: https\r\nConnection: close"
            waiting.sendall(f"GET / HTTP/1.1\r\n{host}\r\n\r\n".encode())
            with service(machine, "allforces.service", listener):
                status = waiting.recv(100).split(b" ")[1].decode()
        yield f"asked between two releases: {status}"
    with service(machine, "allforces-worker.service") as worker:
        time.sleep(1)
        if worker.poll() is not None:
            raise Stuck(f"the worker ended: {(machine.root / 'log').read_text()[-2000:]}")
    yield f"the worker ends with {worker.returncode}"


def _through(front: nginx.Front) -> list[str]:
    command = ["curl", "--silent", "--cacert", str(front.certificate), "--output", os.devnull]
    command += ["--resolve", f"{nginx.SERVER_NAME}:{front.readers}:127.0.0.1"]
    command += ["--write-out", "%{http_code} %header{x-proxy-cache}", f"https://{nginx.SERVER_NAME}:{front.readers}/"]
    return [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]


def one_shots(machine: Machine) -> Iterator[str]:
    for name in ("allforces-backup.service", "allforces-tidy.service"):
        machine.run(*shlex.split(machine.unit(name)["ExecStart"]))
        yield f"{name} is done"
    backups = [*machine.path("/var/backups/allforces").glob("*.json")]
    if len(backups) != 1:
        raise Stuck(f"the backup made {backups}")


def play(packages: Path | None = None, database: str = "") -> Iterator[str]:
    """Yields what each step did. Raises Stuck."""
    with tempfile.TemporaryDirectory(prefix="allforces-machine-") as folder:
        machine = Machine(Path(folder).resolve())
        make_folders(machine)
        fill_in(machine, database)
        release(machine, packages)
        yield "folders, settings, release and packages are there"
        prepare(machine)
        yield "migrated, static files collected, settings checked"
        yield f"{verify_units(machine)} units are understood"
        yield from serve(machine)
        yield from one_shots(machine)

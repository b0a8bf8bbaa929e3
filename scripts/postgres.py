"""Runs a command with a PostgreSQL server of its own, which is deleted when the command ends.

    python -m scripts.postgres COMMAND [ARGUMENT...]

The command finds the server in DATABASE_URL. The cluster lives in a temporary directory and listens on
loopback with a random password. A crash would lose its data, which makes it fast.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts import debian
from scripts.debian import Unavailable

PROGRAMS = ("initdb", "postgres", "pg_isready", "createdb")
ROLE = DATABASE = "allforces"
START_TIMEOUT = 60  # seconds; a loaded machine takes five
FAST_NOT_SAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
}


def find_binaries() -> Path | None:
    """Finds the directory of `initdb` and `postgres`. Debian keeps it off the path; its newest version counts."""
    candidates = []
    if initdb := shutil.which("initdb"):
        candidates.append(Path(initdb).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        output = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False).stdout
        candidates.append(Path(output.strip()))
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    candidates += sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
    return next((path for path in candidates if all((path / name).exists() for name in PROGRAMS)), None)


def binaries() -> Path:
    """Finds the directory of PostgreSQL's programs, after installing them if we may. Raises Unavailable."""
    found = find_binaries()
    if found is None and debian.may_install():
        debian.install("PostgreSQL", "postgresql")
        found = find_binaries()
    if found is None:
        raise Unavailable(
            "No PostgreSQL server was found. On Debian and Ubuntu: sudo apt install postgresql. "
            "Elsewhere: put the directory of `initdb` and `postgres` on the PATH."
        )
    return found


def unprivileged_user() -> str | None:
    """Returns the user for a server that root starts, since it refuses to run as root; None if we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def environment_without_postgres() -> dict[str, str]:
    """Returns our environment without settings for other servers (DATABASE_URL, PGHOST, PGDATA, PGOPTIONS)."""
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and name[:2] != "PG"}


PORTS = range(15_000, 32_000)  # outgoing connections have those from 32,768 on; browsers refuse some below


def free_port() -> int:
    """Returns a port of the loopback interface that is free now; another process may still take it.

    It is none of those that Linux gives to outgoing connections: between here and the server's start, one might get it.
    """
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Cluster:
    """One server in `directory`, which must be empty and belong to the user that the server runs as."""

    def __init__(self, directory: Path, bin_dir: Path, user: str | None) -> None:
        self.directory, self.bin_dir = directory, bin_dir
        self.settings = dict(FAST_NOT_SAFE)
        self.password = secrets.token_urlsafe(24)
        environment = environment_without_postgres() | {"PGPASSWORD": self.password}
        self.popen_options = {"cwd": directory, "env": environment, "stdin": subprocess.DEVNULL}
        if user:
            self.popen_options |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
        self.server: subprocess.Popen | None = None
        self.port = 0

    def start(self) -> str:
        """Starts the server and returns the URL of an empty database once it answers. Raises Unavailable."""
        password_file = self.directory / "password"
        password_file.write_text(self.password)
        password_file.chmod(0o644)  # nobody else can open the directory
        self._run(
            *("initdb", "--pgdata=data", "--encoding=UTF8", "--locale=C", "--no-sync"),
            *("--auth=scram-sha-256", f"--username={ROLE}", "--pwfile=password"),
        )
        self.port = free_port()
        self.serve()
        self._run("createdb", "--host=127.0.0.1", f"--port={self.port}", f"--username={ROLE}", DATABASE)
        return f"postgres://{ROLE}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def serve(self) -> None:
        """Starts the server on what is there, at its port, and returns once it answers. Raises Unavailable."""
        options = self.settings | {"listen_addresses": "127.0.0.1", "unix_socket_directories": self.directory}
        command = [self.bin_dir / "postgres", "-D", "data", "-p", str(self.port)]
        command += [f"--{name}={value}" for name, value in options.items()]
        with open(self.directory / "log", "w") as log:
            # A session of its own: Ctrl-C ends only the command, and the server after it.
            self.server = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, **self.popen_options
            )
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stops the server: at once, as after a crash, or by SIGINT, which ends transactions first."""
        if self.server and self.server.poll() is None:
            self.server.send_signal(how)
            self.server.wait()

    def _run(self, program: str, *arguments: str) -> None:
        command = [self.bin_dir / program, *arguments]
        result = subprocess.run(command, capture_output=True, text=True, check=False, **self.popen_options)
        if result.returncode:
            raise Unavailable(f"{program} failed:\n{result.stdout}{result.stderr}")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        command = [self.bin_dir / "pg_isready", "--quiet", "--host=127.0.0.1", f"--port={self.port}"]
        while subprocess.call(command, **self.popen_options) != 0:
            if self.server.poll() is not None or time.monotonic() > deadline:
                log = (self.directory / "log").read_text()
                raise Unavailable(f"The server did not start:\n{log}")
            time.sleep(0.05)


@contextlib.contextmanager
def new_cluster() -> Iterator[Cluster]:
    """Yields a server that has not started, and that is deleted after the block. Raises Unavailable."""
    bin_dir, user = binaries(), unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="allforces-postgres-") as name:
        if user:
            shutil.chown(name, user)
        server = Cluster(Path(name), bin_dir, user)
        try:
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Yields the URL of an empty database that exists for as long as the block runs. Raises Unavailable."""
    with new_cluster() as server:
        yield server.start()


@contextlib.contextmanager
def signals_unwind() -> Iterator[None]:
    """Makes SIGTERM and a closed terminal run the `finally` blocks, as Ctrl-C does."""

    def unwind(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    previous = {number: signal.signal(number, unwind) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Runs `command` to its end and returns its exit code; if we are ended first, it ends too."""
    with subprocess.Popen(command, env=environment) as child:
        try:
            return child.wait()
        except BaseException:
            child.terminate()
            child.wait()  # after Ctrl-C, the `with` statement itself would not wait
            raise


def main() -> int:
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    try:
        with signals_unwind(), cluster() as url:
            return run(command, environment_without_postgres() | {"DATABASE_URL": url})
    except Unavailable as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

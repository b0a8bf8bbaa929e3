"""A bare Debian that boots its own systemd, in namespaces of this machine: its own processes, mounts and network.

debootstrap makes the root, systemd-nspawn boots it. Its ports are nobody else's. However we end, it ends too.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts import debian
from scripts.play_systemd.document import REPOSITORY, SOURCE, Stuck

SUITE, NUMBER = "trixie", 13
MIRROR = "http://deb.debian.org/debian"
# minbase has neither; every machine that boots has them.
BOOTS = "systemd-sysv,dbus"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}
SECONDS = 600


class Machine:
    """A root and, while `booted()`, its systemd."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.leader = 0
        self.folder = "/root"
        self.release = ""  # R of the document

    def path(self, absolute: str) -> Path:
        return self.root / absolute.removeprefix("/")

    @contextlib.contextmanager
    def booted(self) -> Iterator[None]:
        """Boots, and shuts down in order at the end. Raises Stuck if it does not come up."""
        command = ["setpriv", "--pdeathsig", "TERM", "systemd-nspawn", "--quiet", "--boot", "--private-network"]
        command += [
            "--register=no",
            "--link-journal=no",
            "--console=pipe",
            "--hostname=bare",
            f"--machine=bare-{os.getpid()}",
            f"--directory={self.root}",
        ]
        if not _runs_systemd():
            command.append("--keep-unit")  # no systemd here that would make one
        with tempfile.TemporaryFile("w+") as log:
            # A session of its own: Ctrl-C is ours to handle.
            nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            try:
                self._wait_until_up(nspawn)
                yield
            except Stuck as stuck:
                log.seek(0)
                raise Stuck(f"{stuck}\n{log.read()[-1000:]}") from stuck
            finally:
                self._shut_down(nspawn)

    def _wait_until_up(self, nspawn: subprocess.Popen) -> None:
        deadline = time.monotonic() + SECONDS
        children = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children")
        state = ""
        while state not in ("running", "degraded"):
            if nspawn.poll() is not None or time.monotonic() > deadline:
                raise Stuck(f"the machine did not boot: {state}")
            time.sleep(0.5)
            self.leader = next((int(pid) for pid in children.read_text().split() if is_apart(pid)), 0)
            if self.leader:
                state = self._enter("systemctl", "is-system-running").stdout.strip()
        if state == "degraded":
            raise Stuck(self.run("systemctl --failed --no-pager"))

    def _shut_down(self, nspawn: subprocess.Popen) -> None:
        nspawn.terminate()  # its systemd stops all units
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                nspawn.wait(SECONDS / 5)
        finally:  # a second Ctrl-C ends the waiting, and must leave no machine whose root is removed
            if nspawn.poll() is None:
                if self.leader:
                    os.kill(self.leader, 9)
                nspawn.kill()
                nspawn.wait()
        self.leader = 0
        if not _runs_systemd():
            _remove_groups()

    def _enter(self, *command: str, online: bool = False) -> subprocess.CompletedProcess[str]:
        spaces = ["--mount", "--pid", "--uts", "--ipc", "--cgroup", "--root", "--wd"]
        if not online:
            spaces.append("--net")
        try:
            return subprocess.run(
                ["nsenter", f"--target={self.leader}", *spaces, "--", *command],
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired as expired:
            raise Stuck(f"`{' '.join(command)}` did not end in {SECONDS} seconds") from expired

    def run(self, script: str, *, online: bool = False, fails: bool = False) -> str:
        """Runs a script of the shell as root. Raises Stuck when it fails, or with `fails` when it does not."""
        result = self._enter("sh", "-ec", script, online=online)
        if bool(result.returncode) != fails:
            raise Stuck(f"`{script}` ends with {result.returncode}:\n{result.stdout[-3000:]}")
        return result.stdout.strip()

    def type(self, line: str) -> str:
        """Runs a line as the next of one shell: in the folder that the lines before it went to, with their R.

        Only what asks Debian or PyPI sees the network of this machine. Raises Stuck.
        """
        online = bool(re.search(r"\bapt\b|\bpip install\b", line))
        # `sh -e` goes on behind `a && b` when a fails.
        script = f"cd {self.folder}; R={self.release}\n{line}\ntest $? -eq 0\necho; echo $PWD:$R"
        said, _, last = self.run(script, online=online).rpartition("\n")
        self.folder, self.release = last.split(":")
        return said


def is_apart(pid: str) -> bool:
    """Whether the process sees its own processes and not ours. The first child of nspawn never does, and for a moment
    its files are ours too: what is typed then would be done to this machine.
    """
    try:
        return os.readlink(f"/proc/{pid}/ns/pid") != os.readlink("/proc/self/ns/pid")
    except OSError:
        return False  # it has ended


def _runs_systemd() -> bool:
    return Path("/run/systemd/system").exists()


def _remove_groups() -> None:
    """Where no systemd owns the control groups, nspawn leaves those of the machine, which are empty now."""
    for name in ("payload", "supervisor"):
        folders = [*Path("/sys/fs/cgroup").glob(f"*/{name}"), *Path("/sys/fs/cgroup").glob(f"*/{name}/**")]
        for folder in reversed(folders):
            with contextlib.suppress(OSError):  # another machine's, which runs
                folder.rmdir()


def _can_make() -> None:
    """Raises Unavailable where no root can be made or booted."""
    if os.geteuid() != 0:
        raise debian.Unavailable("a bare Debian is made by root only")
    debian.require("debootstrap", "debootstrap")
    debian.require("systemd-nspawn", "systemd-container")


def _prepare(root: Path) -> None:
    """What a provider's machine has that debootstrap does not make: a name, updates, and somebody who says yes."""
    (root / "etc/hostname").write_text("bare\n")
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n127.0.1.1 bare\n")
    (root / "etc/apt/sources.list").write_text(
        f"deb {MIRROR} {SUITE} main\ndeb {MIRROR} {SUITE}-updates main\n"
        f"deb http://deb.debian.org/debian-security {SUITE}-security main\n"
    )
    answers = 'APT::Get::Assume-Yes "true";\nAPT::Cmd::Disable-Script-Warning "true";\n'
    (root / "etc/apt/apt.conf.d/answers").write_text(answers)
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    # Authorities that this machine believes beside those of Debian: a proxy's, through which it reaches PyPI.
    authorities = Path("/usr/local/share/ca-certificates")
    if authorities.is_dir():
        shutil.copytree(authorities, root / authorities.relative_to("/"), dirs_exist_ok=True)


def copy_repository(machine: Machine) -> None:
    """What is committed here, for `git clone` over there."""
    shutil.rmtree(machine.path(REPOSITORY), ignore_errors=True)
    command = ["git", "clone", "--quiet", "--bare", "--no-local", "--depth=1", f"file://{SOURCE}"]
    result = subprocess.run([*command, machine.path(REPOSITORY)], capture_output=True, text=True, check=False)
    if result.returncode:
        raise Stuck(f"git clone: {result.stderr}")
    machine.path("/etc/gitconfig").write_text("[safe]\n\tdirectory = *\n")  # the site's user reads a clone of root's


def new_folder(path: Path) -> Path:
    """Raises Unavailable if something is there: root writes no Debian over a folder that somebody has."""
    try:
        path.mkdir()
    except OSError as error:
        raise debian.Unavailable(f"{path} cannot be made: {error.strerror}") from error
    return path.resolve()


@contextlib.contextmanager
def bare_machine(keep: Path | None = None) -> Iterator[Machine]:
    """A machine that was never booted. `keep` names a new folder for its root, which stays; else it is removed.

    Raises Unavailable, also if something is there under that name, and Stuck if debootstrap fails.
    """
    _can_make()
    root = new_folder(keep) if keep else Path(tempfile.mkdtemp(prefix="allforces-bare-", dir="/var/tmp"))
    try:
        root.chmod(0o755)
        # What it mounts, and what it started, goes with it when we are ended.
        command = ["unshare", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child", "debootstrap"]
        command += ["--variant=minbase", f"--include={BOOTS}", SUITE, str(root), MIRROR]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if result.returncode:
            raise Stuck(f"debootstrap: {result.stdout[-2000:]}")
        _prepare(root)
        yield Machine(root)
    finally:
        if not keep:
            shutil.rmtree(root)

"""Installs Debian's packages if we may: as root, on a machine with apt-get."""

import os
import shutil
import subprocess
import sys


class Unavailable(Exception):
    """This machine lacks something that a command needs; the message says what to do."""


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(what: str, *packages: str) -> None:
    """Installs `packages`, which provide `what`. Raises Unavailable."""
    print(f"{what} is not here: installing it with apt-get ...", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        code = subprocess.call(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if code:
            raise Unavailable(f"`{' '.join(command)}` failed with exit code {code}.")


def require(program: str, package: str) -> str:
    """Returns the path of `program`, after installing Debian's `package` if need be and we may. Raises Unavailable."""
    if shutil.which(program) is None and may_install():
        install(program, package)
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"`{program}` was not found. On Debian and Ubuntu: sudo apt install {package}.")
    return path

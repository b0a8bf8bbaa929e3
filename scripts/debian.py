"""Debian's packages, installed where we may: as root, on a machine that has apt-get."""

import os
import shutil
import subprocess
import sys


class Unavailable(Exception):
    """Something that a command needs is not on this machine; the message says what to do."""


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(what: str, *packages: str) -> None:
    """Install `packages`, without which there is no `what`. Raises Unavailable."""
    print(f"{what} is not here: installing it with apt-get ...", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        command = ["apt-get", "--quiet", "--quiet", *arguments]
        code = subprocess.call(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if code:
            raise Unavailable(f"`{' '.join(command)}` failed with exit code {code}.")


def require(program: str, package: str) -> str:
    """The path of `program`, which Debian's `package` brings where we may install it. Raises Unavailable."""
    if shutil.which(program) is None and may_install():
        install(program, package)
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"`{program}` was not found. On Debian and Ubuntu: sudo apt install {package}.")
    return path

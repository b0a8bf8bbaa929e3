"""Compiles the .in files into hash-pinned locks, or checks (offline, in milliseconds) that these are up to date.

The first line of a lock has the digest of its inputs, so that `--check` needs no resolver.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The order matters: each lock takes the versions of the one before.
LOCKS = {
    "requirements.txt": ["requirements.in"],
    "requirements-s3.txt": ["requirements-s3.in", "requirements.in", "requirements.txt"],
    "requirements-dev.txt": ["requirements-dev.in", "requirements-s3.in", "requirements.in", "requirements-s3.txt"],
}
OLDEST_PYTHON = "3.11"


def digest(paths: Iterable[Path]) -> str:
    """Returns a digest of the requirements without comments, so that a changed comment needs no new lock."""
    lines = (line for path in paths for line in path.read_text("utf-8").splitlines())
    requirements = filter(None, (re.sub(r"(^|\s)#.*", "", line).strip() for line in lines))
    return hashlib.sha256("\n".join(requirements).encode()).hexdigest()


def header(root: Path, lock: str) -> str:
    return f"# inputs: sha256:{digest(root / name for name in LOCKS[lock])}\n"


def is_stale(root: Path, lock: str) -> bool:
    """Whether the lock is missing, or its .in files have changed since."""
    if not all((root / name).is_file() for name in (lock, *LOCKS[lock])):
        return True
    return not (root / lock).read_text("utf-8").startswith(header(root, lock))


def stale(root: Path) -> list[str]:
    return [lock for lock in LOCKS if is_stale(root, lock)]


def compile_lock(root: Path, lock: str, *, upgrade: bool) -> None:
    # This machine's settings for installers (mirrors, local wheels, constraints) must not reach a lock.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    command = [sys.executable, "-m", "uv", "--no-config", "pip", "compile", "--quiet", LOCKS[lock][0]]
    command += ["--output-file", lock, "--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock"]
    # A pin without the extras that a package asks for is no pin to pip 23 once a newer release is out.
    command += ["--no-strip-extras"]
    subprocess.run(command + ["--upgrade"] * upgrade, cwd=root, env=environment, check=True)
    body = (root / lock).read_text("utf-8")
    (root / lock).write_text(header(root, lock) + body, "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether the locks are up to date")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    options = parser.parse_args()
    if options.check:
        for lock in (outdated := stale(ROOT)):
            print(f"{lock} is not what its .in file asks for: run `make lock`.", file=sys.stderr)
        return int(bool(outdated))
    for lock in LOCKS:
        compile_lock(ROOT, lock, upgrade=options.upgrade)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Installs checkers that only npm has: each has a folder in scripts/npm with its lock, and is installed there."""

import hashlib
import subprocess
import sys
from pathlib import Path

from scripts import debian
from scripts.debian import Unavailable

FOLDER = Path(__file__).resolve().parent / "npm"


def ensure(tool: str, folder: Path = FOLDER) -> Path:
    """Returns the folder of the package `tool`, after installing it if its lock has changed. Raises Unavailable."""
    home = folder / tool
    modules, stamp = home / "node_modules", home / "node_modules" / "installed-lock"
    digest = hashlib.sha256((home / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        npm = debian.require("npm", "npm")
        print(f"Installing {tool} ...", file=sys.stderr, flush=True)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        code = subprocess.call(command, cwd=home, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if code:
            raise Unavailable(f"`npm ci` in {home} failed with exit code {code}.")
        stamp.write_text(digest)
    return modules / tool

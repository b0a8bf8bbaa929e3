"""Bundles what the desk's scripts take from npm into one module: `python -m scripts.bundle` after a new version.

The bundle is part of the repository, so that a site needs no Node.js. `--check` says whether it is that of the lock.
"""

import json
import subprocess
import sys

from scripts import node
from scripts.debian import Unavailable

HOME = node.FOLDER / "turndown"
BUNDLE = node.FOLDER.parent.parent / "static" / "desk" / "vendor" / "turndown.js"


def locked() -> str:
    """The version of turndown in the lock."""
    lock = json.loads((HOME / "package-lock.json").read_text("utf-8"))
    return str(lock["packages"]["node_modules/turndown"]["version"])


def head() -> str:
    """The first line of the bundle."""
    return f"/*! turndown {locked()}, (c) Dom Christie, MIT: see LICENSE beside it. By scripts/bundle.py. */\n"


def bundle() -> None:
    package = node.ensure("turndown")
    source = package / "lib" / "turndown.browser.es.js"
    esbuild = package.parent / ".bin" / "esbuild"
    command = [esbuild, source, "--bundle", "--minify", "--format=esm", "--charset=utf8", "--target=es2020"]
    made = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    BUNDLE.parent.mkdir(exist_ok=True)
    BUNDLE.write_text(head() + made, "utf-8")
    (BUNDLE.parent / "LICENSE").write_text((package / "LICENSE").read_text("utf-8"), "utf-8")


def main() -> int:
    if "--check" in sys.argv[1:]:
        is_current = BUNDLE.read_text("utf-8").startswith(head())
        print("The bundle is that of the lock." if is_current else "Run `python -m scripts.bundle`.")
        return 0 if is_current else 1
    try:
        bundle()
    except Unavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

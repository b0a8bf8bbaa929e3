"""Plays the path without containers in a folder, with --bare on a bare Debian; the exit code says whether it led there.

python -m scripts.play_systemd [--packages VENV] [--database URL]
python -m scripts.play_systemd --bare [--keep DIR]
"""

import argparse
import sys
from pathlib import Path

from scripts import nginx
from scripts.debian import Unavailable
from scripts.play_systemd import bare, folder
from scripts.play_systemd.document import Stuck
from scripts.postgres import signals_unwind


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.play_systemd", description=__doc__.partition("\n")[0])
    parser.add_argument("--packages", type=Path, metavar="VENV", help="take these instead of installing by hashes")
    parser.add_argument("--database", default="", metavar="URL", help="an empty PostgreSQL, instead of SQLite")
    parser.add_argument("--bare", action="store_true", help="on a bare Debian, which needs root and the network")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the bare Debian in a new folder, and leave it")
    options = parser.parse_args()
    try:
        if not options.bare:
            nginx.ensure()
        steps = bare.play(options.keep) if options.bare else folder.play(options.packages, options.database)
        for step in steps:
            print(step, flush=True)
    except (Stuck, Unavailable) as error:
        print(f"!!! {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    with signals_unwind():
        sys.exit(main())

"""Checks HTML, feeds, sitemaps and structured data of every kind of page against their standards.

What needs Java (the W3C's checker of HTML, from npm, and jing) runs here only; the rest is part of
`make test` too.
"""

import sys

from scripts import debian, node
from scripts.debian import Unavailable
from scripts.postgres import environment_without_postgres, run, signals_unwind


def main() -> int:
    try:
        debian.require("java", "default-jre-headless")
        debian.require("jing", "jing")
        node.ensure("vnu-jar")
    except Unavailable as error:
        sys.exit(str(error))
    command = [sys.executable, "-m", "pytest", "tests/validity", "-m", "vnu or not vnu", *sys.argv[1:]]
    return run(command, environment_without_postgres())


if __name__ == "__main__":
    try:
        with signals_unwind():
            sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)

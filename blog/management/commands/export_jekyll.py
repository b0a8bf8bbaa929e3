"""Exports the site as a Jekyll site: `export_jekyll DIR`."""

import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.jekyll.exporting.exporter import export_jekyll
from blog.jekyll.exporting.folder import ExportError


class Command(BaseCommand):
    help = "Exports every article and picture as a Jekyll site; what was not edited since its import, byte for byte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="folder to write; it may be there, but empty")
        parser.add_argument("--force", action="store_true", help="replace the folder, whatever is in it")

        parser.add_argument(
            "--original", action="store_true", help="leave out what fix_posts and batches of the desk fixed"
        )

    def handle(self, *, dir: Path, force: bool, original: bool, **options: Any) -> None:
        try:
            with signals_unwind():
                result = export_jekyll(dir, force=force, original=original)
        except ExportError as error:
            raise CommandError(str(error)) from error
        for problem in result.problems:
            self.stderr.write(problem)
        self.stdout.write(
            f"{result.posts:,} articles ({result.as_imported:,} byte for byte as they came), {result.images:,} pictures"
        )


@contextmanager
def signals_unwind() -> Iterator[None]:
    """Makes SIGTERM and a closed terminal remove half-written files, as Ctrl-C does; `nohup` still works."""

    def unwind(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    heard = {number: handler for number, handler in before.items() if handler != signal.SIG_IGN}
    for number in heard:
        signal.signal(number, unwind)
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)

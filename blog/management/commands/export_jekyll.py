"""Exports the site as a Jekyll site: `export_jekyll DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.jekyll.exporting import export_jekyll
from blog.jekyll.folder import ExportError


class Command(BaseCommand):
    help = "Exports every article and picture as a Jekyll site; what was not edited since its import, byte for byte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="folder to write; it may be there, but empty")
        parser.add_argument("--force", action="store_true", help="replace an earlier export, and all that is in it")
        parser.add_argument(
            "--original", action="store_true", help="leave out what fix_posts and batches of the desk fixed"
        )

    def handle(self, *, dir: Path, force: bool, original: bool, **options: Any) -> None:
        try:
            result = export_jekyll(dir, force=force, original=original)
        except ExportError as error:
            raise CommandError(str(error)) from error
        for problem in result.problems:
            self.stderr.write(problem)
        self.stdout.write(
            f"{result.posts:,} articles ({result.as_imported:,} byte for byte as they came), {result.images:,} pictures"
        )

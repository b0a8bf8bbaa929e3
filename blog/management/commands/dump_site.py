"""Write a consistent copy of the site for a backup: `dump_site DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.operations.dumps import DumpError, dump_site


class Command(BaseCommand):
    help = "Writes the database into DIR while the site goes on, and the pictures too where they lie in a bucket."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="what an earlier dump wrote there is replaced")

    def handle(self, *, dir: Path, **options: Any) -> None:
        try:
            dump_site(dir)
        except (DumpError, OSError) as error:
            raise CommandError(f"No dump was made: {error}.") from error

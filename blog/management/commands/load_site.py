"""Put what `dump_site` wrote in the place of the site: `load_site DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.operations.dumps import DumpError, load_site


class Command(BaseCommand):
    help = "Replaces the database by the one in DIR, and stores the pictures that lie beside it. Stop the site first."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="replace a site that has content")

    def handle(self, *, dir: Path, overwrite: bool, **options: Any) -> None:
        try:
            load_site(dir, overwrite=overwrite)
        except (DumpError, OSError) as error:
            raise CommandError(f"The database is as it was: {error}.") from error

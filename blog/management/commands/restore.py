"""Restores a backup: `restore DIR`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.operations.backups.restoring import HalfRestored, opened, restore
from blog.operations.backups.store import BackupError, disk_errors
from blog.processes import signals_unwind


class Command(BaseCommand):
    help = (
        "Checks every byte of a backup, then puts it in the place of the site's database and pictures. Stop the site"
        " first."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, help="folder of the backups")
        parser.add_argument("--backup", default="", metavar="NAME", help="the one to restore, instead of the newest")
        parser.add_argument("--identity", type=Path, metavar="FILE", help="secret key of age, for an encrypted backup")
        parser.add_argument("--overwrite", action="store_true", help="replace a site that has content")
        parser.add_argument("--check", action="store_true", help="read and check the backup, and change nothing")

    def handle(
        self, *, dir: Path, backup: str, identity: Path | None, overwrite: bool, check: bool, **options: Any
    ) -> None:
        try:
            if check:
                with signals_unwind(), disk_errors(), opened(dir, name=backup, identity=identity) as found:
                    self.stdout.write(f"{found.name} is whole: the database, {len(found.manifest.media):,} files")
                return
            with signals_unwind():
                done = restore(dir, name=backup, identity=identity, overwrite=overwrite)
        except HalfRestored as error:
            raise CommandError(f"The database is as it was, files of the backup may be written: {error}.") from error
        except BackupError as error:
            raise CommandError(f"Nothing was restored: {error}.") from error
        self.stdout.write(f"{done.name} was restored, with {done.files:,} files. Run `migrate`, then start the site.")
